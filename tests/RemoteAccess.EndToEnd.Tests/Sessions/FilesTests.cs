using System.Security.Cryptography;
using RemoteAccess.Sessions;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

/// <summary>Files from a computer and to it, between the product's own two sides.</summary>
public sealed class FilesTests
{
    public static TheoryData<int> Sizes => [0, 1, FileMessage.ContentBytes, FileMessage.ContentBytes + 1, 100_000_000];

    [Theory]
    [MemberData(nameof(Sizes))]
    public async Task Upload_ThenDownload_IsTheSameFileAndInTheLedgerWithItsHash(int size)
    {
        await using FileRoom room = await FileRoom.OpenAsync();
        Visit visit = await room.ConnectAsync();
        byte[] content = new byte[size];
        new Random(size).NextBytes(content);
        RemoteFile inbox = await FileRoom.FindAsync(visit, "Inbox");
        var steps = new Steps();

        TransferredFile put = await visit.Session.Files.UploadAsync(inbox.Id, "Bericht für Erika.bin", new MemoryStream(content), progress: steps, cancellationToken: Helpdesk.Limit());

        byte[] written = await File.ReadAllBytesAsync(Path.Combine(room.Inbox, "Bericht für Erika.bin"), Helpdesk.Limit());
        Assert.True(content.AsSpan().SequenceEqual(written));
        Assert.Single(Directory.GetFileSystemEntries(room.Inbox));
        Assert.Equal(size, steps.Last);
        RemoteFile file = await FileRoom.FindAsync(visit, "Inbox", "Bericht für Erika.bin");
        Assert.Equal((size, false, false), (file.Size, file.IsFolder, file.IsReadOnly));
        var back = new MemoryStream();
        TransferredFile got = await visit.Session.Files.DownloadAsync(file.Id, back, cancellationToken: Helpdesk.Limit());
        Assert.True(content.AsSpan().SequenceEqual(back.GetBuffer().AsSpan(0, (int)back.Length)));
        byte[] hash = SHA256.HashData(content);
        Assert.Equal(hash, put.Sha256.ToArray());
        Assert.Equal(hash, got.Sha256.ToArray());
        Assert.Equal(
            ["file.begun toComputer Inbox/Bericht für Erika.bin", "file.ended toComputer Inbox/Bericht für Erika.bin", "file.begun toTechnician Inbox/Bericht für Erika.bin", "file.ended toTechnician Inbox/Bericht für Erika.bin"],
            Entries(room).Select(entry => $"{entry.Type} {entry.Data()["direction"]} {entry.Data()["file"]}"));
        Assert.All(Entries(room), entry => Assert.Equal(size, (long?)entry.Data()["size"]));
        Assert.All(room.Desk.History("file.ended"), entry => Assert.Equal(Convert.ToHexStringLower(hash), (string?)entry.Data()["sha256"]));
        room.Desk.AssertLedgerIsWhole();
    }

    [Fact]
    public async Task List_ShowsFoldersAndFilesAndNeitherLinksNorNamesThatDoNotTravel()
    {
        await using FileRoom room = await FileRoom.OpenAsync();
        Directory.CreateDirectory(Path.Combine(room.Logs, "2026", "November"));
        await File.WriteAllTextAsync(Path.Combine(room.Logs, "2026", "a.log"), "abc", Helpdesk.Limit());
        if (!OperatingSystem.IsWindows())
        {
            File.CreateSymbolicLink(Path.Combine(room.Logs, "2026", "link.txt"), Path.Combine(room.Outside, "secret.txt"));
            Directory.CreateSymbolicLink(Path.Combine(room.Logs, "2026", "away"), room.Outside);
            foreach (string name in (string[])["a\nb", "..."]) await File.WriteAllTextAsync(Path.Combine(room.Logs, "2026", name), "", Helpdesk.Limit());
        }
        Visit visit = await room.ConnectAsync();

        RemoteFolder top = await visit.Session.Files.ListAsync(cancellationToken: Helpdesk.Limit());
        RemoteFile year = await FileRoom.FindAsync(visit, "Logs", "2026");
        RemoteFolder inside = await visit.Session.Files.ListAsync(year.Id, Helpdesk.Limit());

        Assert.Equal([("Inbox", true, false), ("Logs", true, true)], top.Files.Select(file => (file.Name, file.IsFolder, file.IsReadOnly)));
        Assert.Equal([("November", true, 0), ("a.log", false, 3)], inside.Files.OrderBy(file => file.Name, StringComparer.Ordinal).Select(file => (file.Name, file.IsFolder, file.Size)));
        Assert.False(inside.IsCut);
        Assert.Equal(inside.Files.Select(file => file.Id), (await visit.Session.Files.ListAsync(year.Id, Helpdesk.Limit())).Files.Select(file => file.Id));
    }

    [Fact]
    public async Task List_OfThousands_ComesWholeUpToTheLimit()
    {
        await using FileRoom room = await FileRoom.OpenAsync();
        for (int i = 0; i <= SharedFiles.MaxEntries; i++) await File.WriteAllBytesAsync(Path.Combine(room.Logs, $"{i:00000} {new string('x', 80)}.log"), [], Helpdesk.Limit());
        Visit visit = await room.ConnectAsync();

        RemoteFolder listed = await visit.Session.Files.ListAsync((await FileRoom.FindAsync(visit, "Logs")).Id, Helpdesk.Limit());

        Assert.Equal((SharedFiles.MaxEntries, true), (listed.Files.Count, listed.IsCut));
        Assert.Equal(SharedFiles.MaxEntries, listed.Files.DistinctBy(file => file.Id).Count());
    }

    [Fact]
    public async Task Upload_OntoAFile_IsRefusedOrReplacesItWhole()
    {
        await using FileRoom room = await FileRoom.OpenAsync();
        string path = Path.Combine(room.Inbox, "a.txt");
        await File.WriteAllTextAsync(path, "old", Helpdesk.Limit());
        Directory.CreateDirectory(Path.Combine(room.Inbox, "folder"));
        Visit visit = await room.ConnectAsync();
        long inbox = (await FileRoom.FindAsync(visit, "Inbox")).Id;

        await RefusedAsync(RefusalReason.FileExists, () => visit.Session.Files.UploadAsync(inbox, "a.txt", new MemoryStream([1]), cancellationToken: Helpdesk.Limit()));
        await RefusedAsync(RefusalReason.FileExists, () => visit.Session.Files.UploadAsync(inbox, "folder", new MemoryStream([1]), replace: true, cancellationToken: Helpdesk.Limit()));
        Assert.Equal("old", await File.ReadAllTextAsync(path, Helpdesk.Limit()));
        await visit.Session.Files.UploadAsync(inbox, "a.txt", new MemoryStream("new"u8.ToArray()), replace: true, cancellationToken: Helpdesk.Limit());

        Assert.Equal("new", await File.ReadAllTextAsync(path, Helpdesk.Limit()));
        Assert.Equal(2, Directory.GetFileSystemEntries(room.Inbox).Length);
    }

    [Fact]
    public async Task Upload_WhereItMayNot_IsRefusedByTheRule()
    {
        long free = 1000;
        await using FileRoom room = await FileRoom.OpenAsync(sharing => sharing with { Reserve = 500, FreeSpace = _ => free });
        Visit visit = await room.ConnectAsync();
        long logs = (await FileRoom.FindAsync(visit, "Logs")).Id, inbox = (await FileRoom.FindAsync(visit, "Inbox")).Id;

        await RefusedAsync(RefusalReason.FolderReadOnly, () => visit.Session.Files.UploadAsync(logs, "a", new MemoryStream([1]), cancellationToken: Helpdesk.Limit()));
        await RefusedAsync(RefusalReason.NoRoom, () => visit.Session.Files.UploadAsync(inbox, "a", new MemoryStream(new byte[501]), cancellationToken: Helpdesk.Limit()));
        await visit.Session.Files.UploadAsync(inbox, "a", new MemoryStream(new byte[500]), cancellationToken: Helpdesk.Limit());
        free = 20_000_000;
        var content = new HeldStream(15_000_000, 6_000_000);
        Task<TransferredFile> sending = visit.Session.Files.UploadAsync(inbox, "b", content, cancellationToken: Helpdesk.Limit());
        await content.Reached.WaitAsync(Helpdesk.Limit());
        free = 100;
        content.Release();
        await RefusedAsync(RefusalReason.NoRoom, () => sending);

        Assert.Empty(Directory.GetFileSystemEntries(room.Logs));
        Assert.Equal("a", Path.GetFileName(Assert.Single(Directory.GetFileSystemEntries(room.Inbox))));
        Assert.Equal("NoRoom", (string?)room.Desk.History("file.ended")[^1].Data()["refusal"]);
    }

    [Fact]
    public async Task Withdrawn_MidwayBothWays_LeavesNothingAndTheRuleIsToldAndRecorded()
    {
        await using FileRoom room = await FileRoom.OpenAsync();
        await File.WriteAllBytesAsync(Path.Combine(room.Logs, "big"), new byte[20_000_000], Helpdesk.Limit());
        Visit visit = await room.ConnectAsync();
        RemoteFile inbox = await FileRoom.FindAsync(visit, "Inbox"), big = await FileRoom.FindAsync(visit, "Logs", "big");
        var up = new HeldStream(20_000_000, 3_000_000);
        var down = new HeldStream(20_000_000, 3_000_000);
        Task<TransferredFile> sending = visit.Session.Files.UploadAsync(inbox.Id, "up.bin", up, cancellationToken: Helpdesk.Limit());
        Task<TransferredFile> fetching = visit.Session.Files.DownloadAsync(big.Id, down, cancellationToken: Helpdesk.Limit());
        await Task.WhenAll(up.Reached, down.Reached).WaitAsync(Helpdesk.Limit());
        Assert.Single(Directory.GetFileSystemEntries(room.Inbox));

        await Assert.Single(room.Desk.Trust.Gate.Sessions).WithdrawAsync(Operations.TransferFiles, "Erika Mustermann", Helpdesk.Limit());

        // The technician's own program still holds both; the computer does not wait for it.
        await Eventually.Is(() => room.Desk.History("file.ended").Count == 2, "both are over at the computer");
        await Eventually.Is(() => Directory.GetFileSystemEntries(room.Inbox).Length == 0, "the part is removed");
        Assert.All(room.Desk.History("file.ended"), entry => Assert.Equal("Withdrawn", (string?)entry.Data()["refusal"]));
        Assert.All(room.Desk.History("file.ended"), entry => Assert.True((long?)entry.Data()["bytes"] < 20_000_000 && entry.Data()["sha256"] is null));
        down.Release();
        await RefusedAsync(RefusalReason.Withdrawn, () => sending);
        await RefusedAsync(RefusalReason.Withdrawn, () => fetching);
        await RefusedAsync(RefusalReason.Withdrawn, () => visit.Session.Files.ListAsync(cancellationToken: Helpdesk.Limit()));
        await Assert.Single(room.Desk.Trust.Gate.Sessions).RestoreAsync(Operations.TransferFiles, "Erika Mustermann", Helpdesk.Limit());
        await visit.Session.Files.DownloadAsync(big.Id, new MemoryStream(), cancellationToken: Helpdesk.Limit());
    }

    [Fact]
    public async Task Cancelled_ByTheTechnician_LeavesNothingAndTheSessionGoesOn()
    {
        await using FileRoom room = await FileRoom.OpenAsync();
        await File.WriteAllBytesAsync(Path.Combine(room.Logs, "big"), new byte[20_000_000], Helpdesk.Limit());
        Visit visit = await room.ConnectAsync();
        RemoteFile inbox = await FileRoom.FindAsync(visit, "Inbox"), big = await FileRoom.FindAsync(visit, "Logs", "big");
        for (int round = 0; round < 3; round++)
        {
            using var enough = new CancellationTokenSource();
            var up = new HeldStream(20_000_000, 3_000_000);
            var down = new HeldStream(20_000_000, 3_000_000);
            Task<TransferredFile> sending = visit.Session.Files.UploadAsync(inbox.Id, "up.bin", up, cancellationToken: enough.Token);
            Task<TransferredFile> fetching = visit.Session.Files.DownloadAsync(big.Id, down, cancellationToken: enough.Token);
            await Task.WhenAll(up.Reached, down.Reached).WaitAsync(Helpdesk.Limit());
            await RefusedAsync(RefusalReason.Busy, () => visit.Session.Files.DownloadAsync(big.Id, new MemoryStream(), cancellationToken: Helpdesk.Limit()));
            await enough.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => fetching);
            await Eventually.Is(() => room.Desk.History("file.ended").Count == 2 * (round + 1), "both are over at the computer");
        }

        Assert.Empty(Directory.GetFileSystemEntries(room.Inbox));
        Assert.All(room.Desk.History("file.ended"), entry => Assert.Equal("BrokenOff", (string?)entry.Data()["refusal"]));
        // Credit that was dropped with them has come back: both ways still carry a whole file.
        await visit.Session.Files.DownloadAsync(big.Id, new MemoryStream(), cancellationToken: Helpdesk.Limit());
        await visit.Session.Files.UploadAsync(inbox.Id, "up.bin", new MemoryStream(new byte[20_000_000]), cancellationToken: Helpdesk.Limit());
    }

    [Fact]
    public async Task SessionOver_Midway_LeavesNothingAndIsRecorded()
    {
        await using FileRoom room = await FileRoom.OpenAsync();
        Visit visit = await room.ConnectAsync();
        var up = new HeldStream(20_000_000, 3_000_000);
        RemoteFile inbox = await FileRoom.FindAsync(visit, "Inbox");
        Task<TransferredFile> sending = visit.Session.Files.UploadAsync(inbox.Id, "up.bin", up, cancellationToken: Helpdesk.Limit());
        await up.Reached.WaitAsync(Helpdesk.Limit());

        await visit.Session.DisposeAsync();
        await visit.EndAsync();
        up.Release();

        await Assert.ThrowsAsync<RemoteAccess.Transport.ChannelException>(() => sending);
        Assert.Empty(Directory.GetFileSystemEntries(room.Inbox));
        Assert.Single(room.Desk.History("file.ended"));
        Assert.NotNull(room.Desk.History("file.ended")[0].Data()["refusal"]);
        room.Desk.AssertLedgerIsWhole();
    }

    [Fact]
    public async Task Session_WithoutTheOperationOrAnyFolder_HasNoFiles()
    {
        await using (FileRoom room = await FileRoom.OpenAsync())
        {
            Visit visit = await room.Desk.ConnectAsync(new ConnectOptions { Operations = Operations.ViewScreen });
            await RefusedAsync(RefusalReason.OperationNotGranted, () => visit.Session.Files.ListAsync(cancellationToken: Helpdesk.Limit()));
        }
        await using FileRoom none = await FileRoom.OpenAsync(sharing => sharing with { Folders = [] });
        await RefusedAsync(RefusalReason.NotAvailable, async () => await (await none.ConnectAsync()).Session.Files.ListAsync(cancellationToken: Helpdesk.Limit()));
    }

    internal static async Task RefusedAsync(RefusalReason reason, Func<Task> act) =>
        Assert.Equal(reason, (await Assert.ThrowsAsync<AccessRefusedException>(act)).Reason);

    private static IEnumerable<LedgerEntry> Entries(FileRoom room) => room.Desk.Trust.ReadHistory().Where(entry => entry.Type.StartsWith("file.", StringComparison.Ordinal));

    private sealed class Steps : IProgress<FileProgress>
    {
        public long Last { get; private set; }

        public void Report(FileProgress value)
        {
            Assert.True(value.Bytes > Last);
            Last = value.Bytes;
        }
    }
}
