using RemoteAccess.Sessions;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

/// <summary>The customer shares folders and takes them back; the state keeps them and the ledger says so.</summary>
public sealed class CustomerFoldersTests
{
    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ShareAndTakeBack_IsKeptSeenByOtherProcessesAndRecorded()
    {
        await using var fixture = new TrustFixture();
        TrustFlow trust = fixture.Open(), agent = fixture.Open();
        string inbox = Path.Combine(fixture.Root, "inbox"), logs = Path.Combine(fixture.Root, "logs");
        Assert.Empty(agent.SharedFolders.Now());

        Assert.True(await trust.SharedFolders.ShareAsync(new SharedFolder("Inbox", inbox), "Erika", Now));
        Assert.True(await trust.SharedFolders.ShareAsync(new SharedFolder("Logs", logs, isReadOnly: true), "Erika", Now));

        Assert.Equal([("Inbox", inbox, false), ("Logs", logs, true)], agent.SharedFolders.Now().Select(folder => (folder.Name, folder.FullPath, folder.IsReadOnly)));
        Assert.False(await trust.SharedFolders.ShareAsync(new SharedFolder("inbox", logs), "Erika", Now));
        Assert.True(await trust.SharedFolders.TakeBackAsync("INBOX", "Erika", Now));
        Assert.False(await trust.SharedFolders.TakeBackAsync("Inbox", "Erika", Now));
        Assert.Equal(["Logs"], agent.SharedFolders.Now().Select(folder => folder.Name));
        Assert.Equal(["Logs"], fixture.Open().SharedFolders.List().Select(folder => folder.Name));
        LedgerEntry[] entries = [.. TrustFixture.History(trust).Where(entry => entry.Type.StartsWith("folder.", StringComparison.Ordinal))];
        Assert.Equal(["folder.shared", "folder.shared", "folder.taken-back"], entries.Select(entry => entry.Type));
        Assert.EndsWith($"Erika shares the folder Inbox ({inbox}): technicians who may transfer files fetch files from it and put files into it.", HistoryLine.Describe(entries[0]), StringComparison.Ordinal);
        Assert.EndsWith($"Erika shares the folder Logs ({logs}): technicians who may transfer files fetch files from it.", HistoryLine.Describe(entries[1]), StringComparison.Ordinal);
        Assert.EndsWith($"Erika no longer shares the folder Inbox ({inbox}).", HistoryLine.Describe(entries[2]), StringComparison.Ordinal);
        Assert.True(trust.VerifyLedger().Ok);
    }

    [Fact]
    public async Task Share_TheStateOrAroundIt_IsRefused()
    {
        await using var fixture = new TrustFixture();
        TrustFlow trust = fixture.Open();
        List<string> folders = [fixture.State, Path.Combine(fixture.State, "ledger"), fixture.Root, Path.GetPathRoot(fixture.Root)!];
        if (!OperatingSystem.IsWindows())
        {
            string link = Path.Combine(fixture.Root, "link");
            Directory.CreateSymbolicLink(link, fixture.Root);
            folders.Add(link);
        }
        foreach (string folder in folders) await Assert.ThrowsAsync<ArgumentException>(() => trust.SharedFolders.ShareAsync(new SharedFolder("Mine", folder), "Erika", Now).AsTask());
        Assert.True(trust.SharedFolders.MayBeShared(Path.Combine(fixture.Root, "state-of-affairs")));
        Assert.DoesNotContain(TrustFixture.History(trust), entry => entry.Type == "folder.shared");
    }

    [Fact]
    public async Task Share_MoreThanThereMayBe_IsRefusedUnrecorded()
    {
        await using var fixture = new TrustFixture();
        TrustFlow trust = fixture.Open();
        for (int i = 0; i < SharedFolderFile.MaxFolders; i++) Assert.True(await trust.SharedFolders.ShareAsync(new SharedFolder($"f{i}", Path.Combine(fixture.Root, $"f{i}")), "Erika", Now));
        Assert.False(await trust.SharedFolders.ShareAsync(new SharedFolder("more", Path.Combine(fixture.Root, "more")), "Erika", Now));
        Assert.Equal(SharedFolderFile.MaxFolders, TrustFixture.History(trust).Count(entry => entry.Type == "folder.shared"));
    }

    [Fact]
    public async Task List_Damaged_SharesNothingAndSaysSo()
    {
        await using var fixture = new TrustFixture();
        TrustFlow trust = fixture.Open();
        await trust.SharedFolders.ShareAsync(new SharedFolder("Inbox", Path.Combine(fixture.Root, "inbox")), "Erika", Now);
        string file = Path.Combine(fixture.State, "shared.json");
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        Assert.Single(trust.SharedFolders.Now());
        await File.WriteAllTextAsync(file, "{", Now);

        Assert.Empty(trust.SharedFolders.Now());
        Assert.Equal(StateError.Corrupted, Assert.Throws<StateException>(() => trust.SharedFolders.List()).Error);
        await Assert.ThrowsAsync<StateException>(() => trust.SharedFolders.ShareAsync(new SharedFolder("Logs", Path.Combine(fixture.Root, "logs")), "Erika", Now).AsTask());
        Assert.Equal("{", await File.ReadAllTextAsync(file, Now));
    }
}
