using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;
using RemoteAccess.Sessions;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

/// <summary>Files into and out of a shared folder of Windows, whose names mean more than names do elsewhere.</summary>
[Collection(OneDesktop.Name)]
public sealed class SharedFolderTests : IDisposable
{
    private const Operations Wanted = Operations.ViewScreen | Operations.TransferFiles;

    private readonly string root = RootedPath.Real(Directory.CreateTempSubdirectory("ra-shared-").FullName);

    public SharedFolderTests()
    {
        Directory.CreateDirectory(Inbox);
        Directory.CreateDirectory(Outside);
        File.WriteAllText(Path.Combine(Outside, "secret.txt"), "nobody's");
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string Inbox => Path.Combine(root, "inbox");

    private string Outside => Path.Combine(root, "outside");

    public void Dispose() => Directory.Delete(root, recursive: true);

    public static TheoryData<string> NotFolders =>
    [
        @"\\server\share", "//server/share", @"\\.\C:\", @"\\?\C:\folder", @"\\?\UNC\server\share", @"\??\C:\folder", @"\folder", "C:folder", "folder", @".\folder", @"C:\folder:stream", @"C:\file.txt::$DATA", "NUL",
    ];

    /// <summary>A path of a share in any spelling, of a device, of another stream of a file, and of the drive's current folder.</summary>
    [Theory]
    [MemberData(nameof(NotFolders))]
    public void Folder_ThatIsNoneOnALocalDisk_IsRefused(string path) => Assert.Throws<ArgumentException>(() => new SharedFolder("Inbox", path));

    [Fact]
    public void Folder_WithSlashesOrInOtherLetters_IsTheSame()
    {
        SharedFolder folder = new("Inbox", Inbox.Replace('\\', '/').ToUpperInvariant() + "/");
        SharedFiles files = new(new FileSharing { Folders = [folder], Reserve = 0 });
        ulong id = Assert.Single(files.List(0, out _)).Id;

        using (FilePart part = files.Create(id, "a.txt", 1, mayReplace: false))
        {
            part.Append([1]);
            part.Commit(mayReplace: false);
        }

        Assert.Equal(["a.txt"], Directory.GetFiles(Inbox).Select(Path.GetFileName));
        Assert.Equal("a.txt", Assert.Single(files.List(id, out _)).Name);
    }

    public static TheoryData<string> Names =>
    [
        "a.txt:x", "a.txt::$DATA", "a:b", ":x", @"C:\a", "C:a", @"..\a", "../a", @"sub\a", @"\a", @"\\server\share\a", @"\\.\PhysicalDrive0", "NUL", "nul.txt", "CON", "con .log", "PRN", "AUX.tar.gz", "COM1", "com0", "LPT9.x",
        "COM¹.txt", "LPT³", "CONIN$", "CONOUT$", "a.", "a..", "a ", "a. .", " a", "...", ".", "..", "a*", "a?", "a|b", "a<b", "a\"b", "a\u0000b", "a\u001fb", "\u202etxt.exe", "a.remoteaccess-part",
    ];

    /// <summary>What Windows would cut off, or take for a stream, a device, a drive or another folder.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Name_ThatMeansMoreThanAName_IsRefusedAndWritesNothing(string name)
    {
        SharedFiles files = new(new FileSharing { Folders = [new SharedFolder("Inbox", Inbox)], Reserve = 0 });
        ulong inbox = Assert.Single(files.List(0, out _)).Id;

        Assert.Equal(RefusalReason.NotAcceptable, Assert.Throws<AccessRefusedException>(() => files.Create(inbox, name, 1, mayReplace: true)).Reason);

        Assert.Empty(Directory.GetFileSystemEntries(Inbox));
        Assert.Equal(["secret.txt"], Directory.GetFileSystemEntries(Outside).Select(Path.GetFileName));
    }

    [Fact]
    public async Task Transfer_BothWays_IsTheSameFileAndInTheLedgerWithItsHash()
    {
        await using WindowsVisit visit = await ConnectAsync();
        byte[] content = new byte[3_000_000];
        new Random(1).NextBytes(content);
        long inbox = (await FindAsync(visit, "Inbox")).Id;

        TransferredFile put = await visit.Session.Files.UploadAsync(inbox, "Bericht für Erika 漢字.bin", new MemoryStream(content), cancellationToken: Cancel);

        Assert.Equal(content, await File.ReadAllBytesAsync(Path.Combine(Inbox, "Bericht für Erika 漢字.bin"), Cancel));
        using MemoryStream back = new();
        await visit.Session.Files.DownloadAsync((await FindAsync(visit, "Inbox", "Bericht für Erika 漢字.bin")).Id, back, cancellationToken: Cancel);
        Assert.Equal(content, back.ToArray());
        Assert.Equal(SHA256.HashData(content), put.Sha256.ToArray());
        Assert.All(visit.History("file.ended"), entry => Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(content)), (string?)entry.Data()["sha256"]));
        Assert.Equal(2, visit.History("file.ended").Count);
    }

    /// <summary>Windows knows one file of both names.</summary>
    [Fact]
    public async Task Upload_UnderANameInOtherLetters_IsTheFileThatIsThere()
    {
        await File.WriteAllTextAsync(Path.Combine(Inbox, "Bericht.txt"), "old", Cancel);
        Directory.CreateDirectory(Path.Combine(Inbox, "Ordner"));
        await using WindowsVisit visit = await ConnectAsync();
        long inbox = (await FindAsync(visit, "Inbox")).Id;

        await RefusedAsync(RefusalReason.FileExists, () => visit.Session.Files.UploadAsync(inbox, "BERICHT.TXT", new MemoryStream([1]), cancellationToken: Cancel));
        await RefusedAsync(RefusalReason.FileExists, () => visit.Session.Files.UploadAsync(inbox, "ORDNER", new MemoryStream([1]), replace: true, cancellationToken: Cancel));
        Assert.Equal("old", await File.ReadAllTextAsync(Path.Combine(Inbox, "Bericht.txt"), Cancel));
        await visit.Session.Files.UploadAsync(inbox, "BERICHT.TXT", new MemoryStream("new"u8.ToArray()), replace: true, cancellationToken: Cancel);

        Assert.Equal("new", await File.ReadAllTextAsync(Path.Combine(Inbox, "Bericht.txt"), Cancel));
        Assert.Single(Directory.GetFiles(Inbox));
    }

    /// <summary>As a text that a word processor has open: nobody else may read it, and it cannot be replaced.</summary>
    [Fact]
    public async Task File_KeptOpenByAnotherProgram_IsRefusedBothWaysAndStays()
    {
        string path = Path.Combine(Inbox, "open.docx");
        await File.WriteAllTextAsync(path, "mine", Cancel);
        await using WindowsVisit visit = await ConnectAsync();
        RemoteFile open = await FindAsync(visit, "Inbox", "open.docx");
        long inbox = (await FindAsync(visit, "Inbox")).Id;
        await using (File.Open(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None))
        {
            await RefusedAsync(RefusalReason.NotAvailable, () => visit.Session.Files.DownloadAsync(open.Id, new MemoryStream(), cancellationToken: Cancel));
            await RefusedAsync(RefusalReason.NotAvailable, () => visit.Session.Files.UploadAsync(inbox, "open.docx", new MemoryStream([1]), replace: true, cancellationToken: Cancel));
        }

        Assert.Equal("mine", await File.ReadAllTextAsync(path, Cancel));
        Assert.Single(Directory.GetFileSystemEntries(Inbox));
        await visit.Session.Files.UploadAsync(inbox, "open.docx", new MemoryStream("new"u8.ToArray()), replace: true, cancellationToken: Cancel);
        Assert.Equal("new", await File.ReadAllTextAsync(path, Cancel));
    }

    /// <summary>A junction that any user can make, to a folder that is not shared.</summary>
    [Fact]
    public async Task Junction_InASharedFolder_IsNotThereAndLeadsNowhere()
    {
        Directory.CreateDirectory(Path.Combine(Inbox, "folder"));
        await File.WriteAllTextAsync(Path.Combine(Inbox, "folder", "secret.txt"), "mine", Cancel);
        await using WindowsVisit visit = await ConnectAsync();
        RemoteFile folder = await FindAsync(visit, "Inbox", "folder"), deep = await FindAsync(visit, "Inbox", "folder", "secret.txt");
        Directory.Delete(Path.Combine(Inbox, "folder"), recursive: true);
        Assert.SkipUnless(Junction.TryMake(Path.Combine(Inbox, "folder"), Outside), "Wine: it makes no junctions");

        Assert.Empty((await visit.Session.Files.ListAsync((await FindAsync(visit, "Inbox")).Id, Cancel)).Files);
        await RefusedAsync(RefusalReason.FileGone, () => visit.Session.Files.DownloadAsync(deep.Id, new MemoryStream(), cancellationToken: Cancel));
        await RefusedAsync(RefusalReason.FileGone, () => visit.Session.Files.ListAsync(folder.Id, Cancel));
        await RefusedAsync(RefusalReason.FileGone, () => visit.Session.Files.UploadAsync(folder.Id, "planted", new MemoryStream([1]), cancellationToken: Cancel));
        Assert.Equal(["secret.txt"], Directory.GetFileSystemEntries(Outside).Select(Path.GetFileName));
        Directory.Delete(Path.Combine(Inbox, "folder"));
    }

    /// <summary>A junction that was swapped in for the moment of the opening, and out again: the names on the way are as they were, and what was opened is not.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void File_ThatIsElsewhereThanItsPathSays_IsNotTheFile(bool isReading)
    {
        File.WriteAllText(Path.Combine(Inbox, "a.txt"), "mine");
        SharedFiles files = new(new FileSharing { Folders = [new SharedFolder("Inbox", Inbox)], Reserve = 0, Places = new Swapped(Path.Combine(Outside, "secret.txt")) });
        ulong inbox = Assert.Single(files.List(0, out _)).Id, file = Assert.Single(files.List(inbox, out _)).Id;

        Assert.Throws<FileNotFoundException>(() => isReading ? files.OpenRead(file) : (object)files.Create(inbox, "b.txt", 1, mayReplace: true));

        Assert.Equal(["a.txt"], Directory.GetFileSystemEntries(Inbox).Select(Path.GetFileName));
        Assert.Equal("mine", File.ReadAllText(Path.Combine(Inbox, "a.txt")));
    }

    [Fact]
    public void Place_OfAnOpenFileAndOfAFolder_IsWindowsOwnNameForIt()
    {
        FinalPaths places = new();
        string path = Path.Combine(Inbox, "Größe.txt");
        File.WriteAllText(path, "x");
        using (SafeFileHandle opened = File.OpenHandle(path.ToUpperInvariant().Replace('\\', '/')))
        {
            Assert.Equal(path, places.WhereIs(opened), ignoreCase: true);
            RootedPath.Demand(opened, Inbox, path, places);
            Assert.Throws<FileNotFoundException>(() => RootedPath.Demand(opened, Outside, Path.Combine(Outside, "Größe.txt"), places));
        }
        Assert.Equal(Inbox, places.WhereIs(Inbox), ignoreCase: true);
        Assert.Null(places.WhereIs(Path.Combine(root, "nowhere")));
    }

    /// <summary>The name goes to what was written, and not to what has its path by now; nobody else moves it meanwhile.</summary>
    [Fact]
    public void Rename_OfAnOpenFile_IsByItsHandleAndKeepsItOpen()
    {
        FinalPaths places = new();
        string part = Path.Combine(Inbox, "part"), taken = Path.Combine(Inbox, "Größe 漢字.txt");
        File.WriteAllText(taken, "old");
        Directory.CreateDirectory(Path.Combine(Inbox, "folder"));
        using SafeFileHandle opened = places.Create(part);
        RandomAccess.Write(opened, "whole"u8, 0);
        Assert.Throws<IOException>(() => places.Create(part));
        Assert.Throws<IOException>(() => File.Move(part, Path.Combine(Outside, "away")));
        Assert.Throws<IOException>(() => File.Delete(part));
        Assert.Throws<IOException>(() => places.Rename(opened, Path.GetFileName(taken), mayReplace: false));
        Assert.Throws<UnauthorizedAccessException>(() => places.Rename(opened, "folder", mayReplace: true));
        foreach (string name in (string[])[@"..\outside\planted", "../planted", @"C:\planted", "part:x"]) Assert.Throws<ArgumentException>(() => places.Rename(opened, name, mayReplace: true));
        Assert.Equal(part, places.WhereIs(opened), ignoreCase: true);
        Assert.Equal("old", File.ReadAllText(taken));

        places.Rename(opened, Path.GetFileName(taken), mayReplace: true);
        File.WriteAllText(part, "laid there");
        places.Rename(opened, "again.txt", mayReplace: false);
        RandomAccess.Write(opened, "!"u8, 5);

        Assert.Equal(Path.Combine(Inbox, "again.txt"), places.WhereIs(opened), ignoreCase: true);
        opened.Dispose();
        Assert.Equal(["again.txt", "part"], Directory.GetFiles(Inbox).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal("whole!", File.ReadAllText(Path.Combine(Inbox, "again.txt")));
        Assert.Equal("laid there", File.ReadAllText(part));
        Assert.Throws<DirectoryNotFoundException>(() => places.Create(Path.Combine(root, "nowhere", "a.txt")));
        Assert.Equal(["secret.txt"], Directory.GetFileSystemEntries(Outside).Select(Path.GetFileName));
    }

    /// <summary>As when its folder was changed at that moment: what was named is not what was meant, and is not left there.</summary>
    [Fact]
    public void File_ThatGotItsNameElsewhere_IsRemovedThere()
    {
        SharedFiles files = new(new FileSharing { Folders = [new SharedFolder("Inbox", Inbox)], Reserve = 0, Places = new Misnaming() });
        using (FilePart part = files.Create(Assert.Single(files.List(0, out _)).Id, "b.txt", 1, mayReplace: false))
        {
            part.Append([1]);
            Assert.Throws<FileNotFoundException>(() => part.Commit(mayReplace: false));
            Assert.Equal(["planted"], Directory.GetFileSystemEntries(Inbox).Select(Path.GetFileName));
        }
        Assert.Empty(Directory.GetFileSystemEntries(Inbox));
    }

    [Fact]
    public async Task Withdrawn_Midway_LeavesNothing()
    {
        await using WindowsVisit visit = await ConnectAsync();
        long inbox = (await FindAsync(visit, "Inbox")).Id;
        using EndlessContent content = new(50_000_000);
        Task sending = visit.Session.Files.UploadAsync(inbox, "big.bin", content, cancellationToken: Cancel);
        await content.Begun.WaitAsync(Eventually.Limit);
        await visit.Live.WithdrawAsync(Operations.TransferFiles, "Erika", Cancel);
        content.GoOn();

        await RefusedAsync(RefusalReason.Withdrawn, () => sending);
        await Eventually.Is(() => Directory.GetFileSystemEntries(Inbox).Length == 0, "the part is removed");
        Assert.Equal("Withdrawn", (string?)Assert.Single(visit.History("file.ended")).Data()["refusal"]);
    }

    private static async Task RefusedAsync(RefusalReason reason, Func<Task> act) => Assert.Equal(reason, (await Assert.ThrowsAsync<AccessRefusedException>(act)).Reason);

    private static async Task<RemoteFile> FindAsync(WindowsVisit visit, params string[] way)
    {
        RemoteFile? found = null;
        foreach (string name in way) found = Assert.Single((await visit.Session.Files.ListAsync(found?.Id ?? 0, Cancel)).Files, file => file.Name == name);
        return found!;
    }

    private Task<WindowsVisit> ConnectAsync() => WindowsVisit.ConnectAsync(Wanted, isShown: false, new SharedFolder("Inbox", Inbox));

    /// <summary>Says once that a file is elsewhere, and from then on where it is.</summary>
    private sealed class Swapped(string place) : IFilePlaces
    {
        private readonly FinalPaths places = new();
        private bool isSaid;

        public string? WhereIs(SafeFileHandle opened)
        {
            string? said = isSaid ? places.WhereIs(opened) : place;
            isSaid = true;
            return said;
        }

        public string? WhereIs(string folder) => places.WhereIs(folder);

        public SafeFileHandle Create(string path) => places.Create(path);

        public void Rename(SafeFileHandle opened, string name, bool mayReplace) => places.Rename(opened, name, mayReplace);
    }

    /// <summary>Gives a file another name than it was told.</summary>
    private sealed class Misnaming : IFilePlaces
    {
        private readonly FinalPaths places = new();

        public string? WhereIs(SafeFileHandle opened) => places.WhereIs(opened);

        public string? WhereIs(string folder) => places.WhereIs(folder);

        public SafeFileHandle Create(string path) => places.Create(path);

        public void Rename(SafeFileHandle opened, string name, bool mayReplace) => places.Rename(opened, "planted", mayReplace);
    }

    /// <summary>Content of a known length that stops in the middle until it may go on.</summary>
    private sealed class EndlessContent(long length) : Stream
    {
        private readonly TaskCompletionSource begun = new(TaskCreationOptions.RunContinuationsAsynchronously), mayGoOn = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private long position;

        public Task Begun => begun.Task;

        public override bool CanRead => true;
        public override bool CanSeek => true;
        public override bool CanWrite => false;
        public override long Length => length;
        public override long Position { get => position; set => throw new NotSupportedException(); }

        public void GoOn() => mayGoOn.TrySetResult();

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (position > 2_000_000)
            {
                begun.TrySetResult();
                await mayGoOn.Task.WaitAsync(cancellationToken);
            }
            int read = (int)Math.Min(buffer.Length, length - position);
            position += read;
            return read;
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
        public override void Flush() => throw new NotSupportedException();
    }
}
