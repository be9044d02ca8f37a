using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

public sealed class LedgerTornTailTests : IDisposable
{
    private readonly LedgerFolder folder = new();

    public void Dispose() => folder.Dispose();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Open_LastRecordCutAtEachByte_CutAndGoesOn(bool restIsZero)
    {
        (byte[] acknowledged, byte[] record) = await UnsignedLogAsync();
        for (int length = 0; length < record.Length; length += Wine.Or(1, 23))
        {
            byte[] rest = restIsZero ? new byte[record.Length - length] : [];
            // A checksum that ends in zeros is whole with them.
            if (restIsZero && record.AsSpan(length).IndexOfAnyExcept((byte)0) < 0) continue;
            await File.WriteAllBytesAsync(folder.Segment(0), [.. acknowledged, .. record[..length], .. rest], Token);
            // The last three bytes are the checksum's own: when they alone became zero, nothing tells an interrupted write from damage.
            if (restIsZero && length > record.Length - 4)
            {
                Assert.Equal(StateError.Corrupted, Assert.Throws<StateException>(() => folder.Open()).Error);
                continue;
            }

            LedgerVerification before = folder.Verify();
            Assert.True(before.Ok, $"{length}: {before}");
            Assert.Equal((3, length + rest.Length), (before.Entries, before.TornBytes));
            Assert.Equal(3, LedgerReader.Read(folder.Path).Count());
            await using (Ledger ledger = folder.Open())
            {
                Assert.Equal(acknowledged.Length, new FileInfo(folder.Segment(0)).Length);
                Assert.Equal(3, await ledger.AppendAsync(LedgerFolder.Event(9), Token));
            }

            LedgerVerification after = folder.Verify();
            Assert.True(after.Ok, $"{length}: {after}");
            Assert.Equal((4, 4, 0), (after.Entries, after.SignedEntries, after.TornBytes));
            File.Delete(folder.Checkpoints);
        }
    }

    [Fact]
    public async Task Open_LengthOfTheLastRecordChanged_IsDamageNotATornTail()
    {
        (byte[] acknowledged, byte[] record) = await UnsignedLogAsync();
        for (int wrong = record.Length; wrong <= LedgerRecord.MaxEntry; wrong += 97)
        {
            byte[] changed = [.. record];
            System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(changed, wrong);
            await File.WriteAllBytesAsync(folder.Segment(0), [.. acknowledged, .. changed], Token);
            Assert.False(folder.Verify().Ok, $"length {wrong}");
        }

        Assert.Equal(StateError.Corrupted, Assert.Throws<StateException>(() => folder.Open()).Error);
    }

    [Fact]
    public async Task Open_TailThatIsTornButSigned_RefusedAndNotCut()
    {
        await folder.FillAsync(4);
        byte[] log = await File.ReadAllBytesAsync(folder.Segment(0), Token);
        await File.WriteAllBytesAsync(folder.Segment(0), log[..^5], Token);
        Assert.False(folder.Verify().Ok);
        Assert.Equal(StateError.Corrupted, Assert.Throws<StateException>(() => folder.Open()).Error);
        Assert.Equal(log.Length - 5, new FileInfo(folder.Segment(0)).Length);
    }

    [Fact]
    public async Task Open_CheckpointCutAtEachByte_CutAndSignedAgain()
    {
        await folder.FillAsync(2);
        byte[] first = await File.ReadAllBytesAsync(folder.Checkpoints, Token);
        await folder.FillAsync(2);
        byte[] both = await File.ReadAllBytesAsync(folder.Checkpoints, Token);
        for (int length = first.Length; length < both.Length; length += 7)
        {
            await File.WriteAllBytesAsync(folder.Checkpoints, both[..length], Token);
            LedgerVerification before = folder.Verify();
            Assert.True(before.Ok, $"{length}: {before}");
            Assert.Equal((4, 2), (before.Entries, before.SignedEntries));
            await using (folder.Open())
            {
                Assert.Equal(first.Length, new FileInfo(folder.Checkpoints).Length);
            }

            Assert.Equal(4, folder.Verify().SignedEntries);
        }
    }

    [Fact]
    public async Task Append_AnotherProcessDiedHalfWay_CutsWhatItLeftAndGoesOn()
    {
        await using Ledger ledger = folder.Open();
        await LedgerFolder.AppendAsync(ledger, 3);
        byte[] log = SharedFile.ReadAllBytes(folder.Segment(0));
        SharedFile.WriteAllBytes(folder.Segment(0), [.. log, 0, 0, 1, 200, (byte)'{', (byte)'"', (byte)'a']);
        Assert.Equal(3, await ledger.AppendAsync(LedgerFolder.Event(3), Token));
        Assert.Equal(4, LedgerReader.Read(folder.Path).Count());
        Assert.True(folder.Verify().Ok, folder.Verify().ToString());
    }

    /// <summary>Three acknowledged entries and the record of a fourth, no checkpoint.</summary>
    private async Task<(byte[] Acknowledged, byte[] Record)> UnsignedLogAsync()
    {
        await folder.FillAsync(3);
        byte[] three = await File.ReadAllBytesAsync(folder.Segment(0), Token);
        await folder.FillAsync(1);
        byte[] four = await File.ReadAllBytesAsync(folder.Segment(0), Token);
        File.Delete(folder.Checkpoints);
        return (three, four[three.Length..]);
    }
}
