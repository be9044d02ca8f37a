using System.Text;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

public sealed class LedgerTests : IDisposable
{
    private readonly LedgerFolder folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Append_Reopened_EntriesFollowEachOtherAndVerify()
    {
        await folder.FillAsync(5);
        await using (Ledger again = folder.Open())
        {
            Assert.Equal(5, await again.AppendAsync(LedgerFolder.Event(5), Token));
        }

        LedgerEntry[] entries = [.. LedgerReader.Read(folder.Path)];
        Assert.Equal([0, 1, 2, 3, 4, 5], entries.Select(entry => entry.Sequence));
        Assert.Equal(new byte[32], entries[0].Previous.ToArray());
        for (int i = 1; i < entries.Length; i++) Assert.Equal(entries[i - 1].LeafHash.ToArray(), entries[i].Previous.ToArray());

        LedgerVerification verification = folder.Verify();
        Assert.True(verification.Ok, verification.ToString());
        Assert.Equal((6, 6, 2), (verification.Entries, verification.SignedEntries, verification.Checkpoints));
    }

    [Fact]
    public async Task Entry_OnTheDisk_IsTheSpecifiedJson()
    {
        await folder.FillAsync(1);
        LedgerEntry entry = Assert.Single(LedgerReader.Read(folder.Path));
        string boot = BootIdentity.Read(folder.Clock);
        string host = new CheckpointNote(folder.Key.PublicKey).HostId;
        Assert.Equal(
            "{\"actor\":{\"kind\":\"technician\",\"name\":\"Ada €漢😀\"},\"boot\":\"" + boot
            + "\",\"data\":{\"list\":[1,\"two\",{}],\"number\":0,\"ok\":true},\"grant\":\"\",\"host\":\"" + host
            + "\",\"mono\":1772366400000,\"prev\":\"" + new string('0', 64)
            + "\",\"seq\":0,\"sid\":\"000102030405060708090a0b0c0d0e0f\",\"t\":\"2026-03-01T12:00:00.000Z\",\"type\":\"test.entry\",\"v\":1}",
            Encoding.UTF8.GetString(entry.Raw.Span));
        Assert.Equal("Ada €漢😀", entry.Actor()["name"]!.GetValue<string>());
        Assert.Equal(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero), entry.Time);
    }
}
