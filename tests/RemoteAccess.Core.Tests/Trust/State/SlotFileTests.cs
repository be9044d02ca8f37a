using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

public sealed class SlotFileTests : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("ra-slot-").FullName;

    private string FilePath => Path.Combine(directory, "slot");

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Fact]
    public void Read_AfterManyWrites_GivesTheLast()
    {
        SlotFile.Create(FilePath, "test", "0"u8);
        for (int i = 1; i <= 9; i++)
        {
            SlotFile.Write(FilePath, "test", [(byte)i, 7]);
            SlotContent slot = SlotFile.Read(FilePath, "test");
            Assert.Equal([(byte)i, 7], slot.Content);
            Assert.False(slot.Torn);
        }

        Assert.Equal(5120, new FileInfo(FilePath).Length);
    }

    [Fact]
    public void Read_AnyByteOfTheNewestSlotDamaged_GivesTheOneBeforeAndSaysTorn()
    {
        SlotFile.Create(FilePath, "test", "before"u8);
        SlotFile.Write(FilePath, "test", "after"u8);
        byte[] whole = File.ReadAllBytes(FilePath);
        for (int i = 0; i < 1024; i++)
        {
            byte[] damaged = [.. whole];
            damaged[i] ^= 0x10;
            File.WriteAllBytes(FilePath, damaged);

            SlotContent slot = SlotFile.Read(FilePath, "test");

            Assert.True(slot.Torn);
            Assert.Equal("before"u8.ToArray(), slot.Content);
        }
    }

    [Fact]
    public void Write_AfterATornWrite_HealsTheTornSlot()
    {
        SlotFile.Create(FilePath, "test", "before"u8);
        SlotFile.Write(FilePath, "test", "torn"u8);
        byte[] file = File.ReadAllBytes(FilePath);
        file[20] ^= 1;
        File.WriteAllBytes(FilePath, file);

        SlotFile.Write(FilePath, "test", "healed"u8);

        SlotContent slot = SlotFile.Read(FilePath, "test");
        Assert.False(slot.Torn);
        Assert.Equal("healed"u8.ToArray(), slot.Content);
    }

    [Fact]
    public void Read_BothSlotsDamagedOrOtherLengthOrOtherContext_Refuses()
    {
        SlotFile.Create(FilePath, "test", "x"u8);
        Assert.Equal(StateError.Corrupted, Assert.Throws<StateException>(() => SlotFile.Read(FilePath, "another")).Error);
        byte[] whole = File.ReadAllBytes(FilePath);
        byte[] damaged = [.. whole];
        damaged[0] ^= 1;
        damaged[4096] ^= 1;
        foreach (byte[] content in (byte[][])[damaged, whole[..^1], [.. whole, 0], []])
        {
            File.WriteAllBytes(FilePath, content);
            Assert.Equal(StateError.Corrupted, Assert.Throws<StateException>(() => SlotFile.Read(FilePath, "test")).Error);
            Assert.Throws<StateException>(() => SlotFile.Write(FilePath, "test", "y"u8));
        }
    }

    [Fact]
    public void Read_SlotFromAnEarlierTimePutBack_Refuses()
    {
        SlotFile.Create(FilePath, "test", "0"u8);
        byte[] early = File.ReadAllBytes(FilePath);
        for (int i = 0; i < 4; i++) SlotFile.Write(FilePath, "test", [(byte)i]);
        byte[] late = File.ReadAllBytes(FilePath);
        early.AsSpan(4096).CopyTo(late.AsSpan(4096));
        File.WriteAllBytes(FilePath, late);

        Assert.Throws<StateException>(() => SlotFile.Read(FilePath, "test"));
    }

    [Fact]
    public void Create_ExistingFile_Refuses()
    {
        SlotFile.Create(FilePath, "test", "x"u8);
        Assert.Throws<StateException>(() => SlotFile.Create(FilePath, "test", "y"u8));
    }
}
