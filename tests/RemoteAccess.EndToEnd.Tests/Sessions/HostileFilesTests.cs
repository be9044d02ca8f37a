using Google.Protobuf;
using RemoteAccess.Sessions;
using RemoteAccess.Transport;
using RemoteAccess.Transport.Wire;

namespace RemoteAccess.Tests;

/// <summary>Peers that want what they may not have, or say what is not so.</summary>
public sealed class HostileFilesTests
{
    public static TheoryData<string> Names =>
    [
        "", ".", "..", "../a", "..\\a", "/etc/passwd", "a/b", "a\\b", "C:\\a", "C:a", "a:stream", "a::$DATA", "a\0b", "a\nb", "a\u001bb", "NUL", "nul.txt", "CON", "con .log", "com1", "LPT9.x",
        "COM¹.txt", "CONIN$", "AUX.tar.gz", "a.", "a ", " a", "a*", "a?", "\u202etxt.exe", new string('ü', 128), ".x.remoteaccess-part",
    ];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Write_UnderAnyNameThatIsMoreThanAName_IsRefusedAndWritesNothing(string name)
    {
        Assert.False(FileNames.IsAcceptable(name));
        await using FileRoom room = await FileRoom.OpenAsync();
        await using RawTechnician technician = await RawTechnician.ConnectAsync(room.Desk, Operations.TransferFiles);
        ulong inbox = await InboxAsync(technician);

        Assert.Equal(RefusalReason.NotAcceptable, await EndAsync(technician, Write(2, inbox, name, 1)));

        Assert.Empty(Directory.GetFileSystemEntries(room.Inbox));
        Assert.Equal(["secret.txt"], Directory.GetFileSystemEntries(room.Outside).Select(Path.GetFileName));
    }

    [Theory]
    [InlineData("a"), InlineData("a.b"), InlineData(".profile"), InlineData("..a"), InlineData("CONSOLE.txt"), InlineData("über 日本.txt"), InlineData("-rf"), InlineData("$(reboot)")]
    public void Name_ThatIsOne_IsTaken(string name) => Assert.True(FileNames.IsAcceptable(name));

    [Fact]
    public async Task Id_ThatWasNotHandedOut_IsNoFile()
    {
        await using FileRoom room = await FileRoom.OpenAsync();
        await using RawTechnician technician = await RawTechnician.ConnectAsync(room.Desk, Operations.TransferFiles);
        ulong inbox = await InboxAsync(technician);
        uint request = 2;
        foreach (ulong id in (ulong[])[3, 4, 1000, int.MaxValue, uint.MaxValue + 1UL, long.MaxValue, ulong.MaxValue])
        {
            Assert.Equal(RefusalReason.FileGone, await EndAsync(technician, Read(request++, id)));
            Assert.Equal(RefusalReason.FileGone, await EndAsync(technician, Write(request++, id, "a", 1)));
            Assert.Equal(RefusalReason.FileGone, await EndAsync(technician, new ControlMessage { ListFiles = new ListFiles { Request = request++, Folder = id } }));
        }
        Assert.Equal(RefusalReason.FileGone, await EndAsync(technician, Read(request++, 0)));
        Assert.Equal(RefusalReason.FileGone, await EndAsync(technician, Read(request, inbox)));
        Assert.Empty(room.Desk.History("file.begun"));
    }

    [Fact]
    public async Task Links_PutInPlaceOfWhatWasListed_LeadNowhere()
    {
        if (OperatingSystem.IsWindows()) return;
        await using FileRoom room = await FileRoom.OpenAsync();
        Directory.CreateDirectory(Path.Combine(room.Inbox, "folder"));
        foreach (string path in (string[])["a.txt", "folder/secret.txt"]) await File.WriteAllTextAsync(Path.Combine(room.Inbox, path), "mine", Helpdesk.Limit());
        Visit visit = await room.ConnectAsync();
        RemoteFile file = await FileRoom.FindAsync(visit, "Inbox", "a.txt"), folder = await FileRoom.FindAsync(visit, "Inbox", "folder"), deep = await FileRoom.FindAsync(visit, "Inbox", "folder", "secret.txt");
        File.Delete(Path.Combine(room.Inbox, "a.txt"));
        File.CreateSymbolicLink(Path.Combine(room.Inbox, "a.txt"), Path.Combine(room.Outside, "secret.txt"));
        Directory.Delete(Path.Combine(room.Inbox, "folder"), recursive: true);
        Directory.CreateSymbolicLink(Path.Combine(room.Inbox, "folder"), room.Outside);

        await FilesTests.RefusedAsync(RefusalReason.FileGone, () => visit.Session.Files.DownloadAsync(file.Id, new MemoryStream(), cancellationToken: Helpdesk.Limit()));
        await FilesTests.RefusedAsync(RefusalReason.FileGone, () => visit.Session.Files.DownloadAsync(deep.Id, new MemoryStream(), cancellationToken: Helpdesk.Limit()));
        await FilesTests.RefusedAsync(RefusalReason.FileGone, () => visit.Session.Files.ListAsync(folder.Id, Helpdesk.Limit()));
        await FilesTests.RefusedAsync(RefusalReason.FileGone, () => visit.Session.Files.UploadAsync(folder.Id, "planted", new MemoryStream([1]), cancellationToken: Helpdesk.Limit()));
        // Onto a link: the link goes, not what it leads to.
        await visit.Session.Files.UploadAsync((await FileRoom.FindAsync(visit, "Inbox")).Id, "a.txt", new MemoryStream([1]), replace: true, cancellationToken: Helpdesk.Limit());

        Assert.Equal(["secret.txt"], Directory.GetFileSystemEntries(room.Outside).Select(Path.GetFileName));
        Assert.Equal(FileRoom.Secret, await File.ReadAllTextAsync(Path.Combine(room.Outside, "secret.txt"), Helpdesk.Limit()));
    }

    [Fact]
    public async Task Folder_SwappedForALinkWhileAFileIsWritten_GetsNothingOutside()
    {
        if (OperatingSystem.IsWindows()) return;
        await using FileRoom room = await FileRoom.OpenAsync();
        Directory.CreateDirectory(Path.Combine(room.Inbox, "folder"));
        Visit visit = await room.ConnectAsync();
        RemoteFile folder = await FileRoom.FindAsync(visit, "Inbox", "folder");
        var content = new HeldStream(3_000_000, 2_000_000);
        Task<TransferredFile> sending = visit.Session.Files.UploadAsync(folder.Id, "planted", content, cancellationToken: Helpdesk.Limit());
        await content.Reached.WaitAsync(Helpdesk.Limit());
        // Even the part is there to be found under its name.
        string part = Path.GetFileName(Assert.Single(Directory.GetFileSystemEntries(Path.Combine(room.Inbox, "folder"))));
        Directory.Move(Path.Combine(room.Inbox, "folder"), Path.Combine(room.Inbox, "moved"));
        Directory.CreateSymbolicLink(Path.Combine(room.Inbox, "folder"), room.Outside);
        await File.WriteAllTextAsync(Path.Combine(room.Outside, part), "bait", Helpdesk.Limit());
        content.Release();

        await FilesTests.RefusedAsync(RefusalReason.FileGone, () => sending);

        Assert.Equal(["secret.txt", part], Directory.GetFileSystemEntries(room.Outside).Select(Path.GetFileName).OrderDescending(StringComparer.Ordinal));
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(room.Inbox, "moved")));
    }

    [Fact]
    public async Task Opened_ThroughALink_IsSeenByWhatWasOpened()
    {
        if (!OperatingSystem.IsLinux()) return;
        await using FileRoom room = await FileRoom.OpenAsync();
        string link = Path.Combine(room.Inbox, "away");
        Directory.CreateSymbolicLink(link, room.Outside);
        using Microsoft.Win32.SafeHandles.SafeFileHandle opened = File.OpenHandle(Path.Combine(link, "secret.txt"));

        Assert.Throws<FileNotFoundException>(() => RootedPath.Demand(opened, room.Inbox, Path.Combine(link, "secret.txt"), null));
        RootedPath.Demand(opened, room.Outside, Path.Combine(room.Outside, "secret.txt"), null);
        Assert.Throws<FileNotFoundException>(() => RootedPath.DemandNoLink(room.Inbox, Path.Combine(link, "secret.txt")));
        Assert.Equal(room.Outside, RootedPath.Real(link));
    }

    [Fact]
    public async Task Pipe_InASharedFolder_IsNotOpened()
    {
        if (!OperatingSystem.IsLinux()) return;
        await using FileRoom room = await FileRoom.OpenAsync();
        using (var made = System.Diagnostics.Process.Start("mkfifo", Path.Combine(room.Logs, "pipe"))) await made.WaitForExitAsync(Helpdesk.Limit());
        Visit visit = await room.ConnectAsync();

        TransferredFile got = await visit.Session.Files.DownloadAsync((await FileRoom.FindAsync(visit, "Logs", "pipe")).Id, new MemoryStream(), cancellationToken: Helpdesk.Limit());

        Assert.Equal(0, got.Size);
    }

    [Theory]
    [InlineData("wrong hash", RefusalReason.FileDamaged)]
    [InlineData("more than announced", RefusalReason.NotAcceptable)]
    [InlineData("more behind the last", RefusalReason.NotAcceptable)]
    [InlineData("too large", RefusalReason.NoRoom)]
    public async Task Write_OfWhatWasNotAnnounced_LeavesNothing(string what, RefusalReason reason)
    {
        await using FileRoom room = await FileRoom.OpenAsync();
        await using RawTechnician technician = await RawTechnician.ConnectAsync(room.Desk, Operations.TransferFiles);
        await technician.SendAsync(Write(2, await InboxAsync(technician), "a", what == "too large" ? ulong.MaxValue : 10));
        if (what != "too large")
        {
            Assert.Equal(2u, (await technician.ControlAsync()).FileOpened.Request);
            await ContentAsync(technician, 2, new byte[what == "more than announced" ? 11 : 10]);
            if (what == "more behind the last") await ContentAsync(technician, 2, new byte[1]);
            await technician.SendAsync(End(2, what == "wrong hash" ? new byte[32] : System.Security.Cryptography.SHA256.HashData(new byte[10])));
        }

        Assert.Equal(reason, (RefusalReason)(await technician.ControlAsync()).FileDone.Reason);

        Assert.Empty(Directory.GetFileSystemEntries(room.Inbox));
        await technician.DrainAsync(1);
    }

    [Fact]
    public async Task Write_ThatNeverEnds_IsBrokenOffAfterAMinute()
    {
        var time = new FakeTime();
        await using FileRoom room = await FileRoom.OpenAsync(time: time);
        await using RawTechnician technician = await RawTechnician.ConnectAsync(room.Desk, Operations.TransferFiles);
        await technician.SendAsync(Write(2, await InboxAsync(technician), "a", 10));
        Assert.Equal(2u, (await technician.ControlAsync()).FileOpened.Request);
        await ContentAsync(technician, 2, new byte[5]);
        // What is in the file has wound up the clock; before that the time must not go on.
        await Eventually.Is(() => Directory.GetFiles(room.Inbox) is [var part] && new FileInfo(part).Length == 5, "the content has been taken");
        var answers = new List<(MessageStream, byte[])>();
        for (ulong second = 0; second < 80; second += 20)
        {
            answers.AddRange(await technician.DrainAsync(second + 1));
            time.Advance(TimeSpan.FromSeconds(20));
        }
        await Eventually.Is(() => room.Desk.History("file.ended").Count == 1, "it is broken off");
        answers.AddRange(await technician.DrainAsync(99));

        Assert.Equal("BrokenOff", (string?)room.Desk.History("file.ended")[0].Data()["refusal"]);
        await Eventually.Is(() => Directory.GetFileSystemEntries(room.Inbox).Length == 0, "the part is removed");
    }

    [Fact]
    public async Task Numbers_UsedTwice_EndTheSessionAndContentWithoutARequestIsRefused()
    {
        await using FileRoom room = await FileRoom.OpenAsync();
        await using (RawTechnician technician = await RawTechnician.ConnectAsync(room.Desk, Operations.TransferFiles))
        {
            foreach (byte[] message in (byte[][])[[], [0, 0, 0], [0, 0, 0, 9], [0, 0, 0, 9, 1], [255, 255, 255, 255, 1]])
            {
                await technician.Messages.SendAsync(MessageStream.Files, message, Helpdesk.Limit());
                Refused refused = await technician.RefusedAsync();
                Assert.Equal(((uint)Operations.TransferFiles, (uint)RefusalReason.NotAcceptable), (refused.Operation, refused.Reason));
            }
            await InboxAsync(technician);
            await technician.SendAsync(new ControlMessage { CancelFile = new CancelFile { Request = 77 } });
            await technician.SendAsync(End(77, new byte[32]));
            await technician.DrainAsync(1);
            await technician.SendAsync(new ControlMessage { ListFiles = new ListFiles { Request = 1 } });
            Assert.Equal(ControlMessage.KindOneofCase.Ending, (await technician.ControlAsync()).KindCase);
            await technician.Serving.WaitAsync(Helpdesk.Limit());
        }
        Assert.Equal("the channel failed: OutOfOrder", (string?)room.Desk.History("session.ended")[^1].Data()["text"]);
    }

    [Fact]
    public async Task Files_MoreThanASessionMay_AreRefusedAndTheLedgerIsSpared()
    {
        await using FileRoom room = await FileRoom.OpenAsync();
        await using RawTechnician technician = await RawTechnician.ConnectAsync(room.Desk, Operations.TransferFiles);
        await InboxAsync(technician);
        for (uint request = 2; request < 2 + FileExchange.MaxInSession; request++) Assert.Equal(RefusalReason.FileGone, await EndAsync(technician, Read(request, 999)));

        Assert.Equal(RefusalReason.LimitReached, await EndAsync(technician, Read(5000, 999)));
        Assert.InRange(room.Desk.Trust.ReadHistory().Count(), 1, 20);
    }

    public static TheoryData<string> Lies => [.. LyingListings.Keys];

    private static Dictionary<string, FileEntry> LyingListings { get; } = new()
    {
        ["path"] = new FileEntry { Id = 1, Name = "../.bashrc" },
        ["device"] = new FileEntry { Id = 1, Name = "NUL" },
        ["escape"] = new FileEntry { Id = 1, Name = "a\u001b[2J" },
        ["no id"] = new FileEntry { Name = "a" },
        ["size"] = new FileEntry { Id = 1, Name = "a", Size = ulong.MaxValue },
        ["time"] = new FileEntry { Id = 1, Name = "a", ModifiedUnixMs = long.MaxValue },
    };

    [Theory]
    [MemberData(nameof(Lies))]
    public async Task Listing_OfALyingComputer_EndsTheSession(string lie)
    {
        await using Helpdesk desk = await Helpdesk.OpenAsync(new HelpdeskSetup { Operations = Operations.TransferFiles });
        await using RawAgent agent = await RawAgent.AnswerAsync(desk, new ConnectOptions { Operations = Operations.TransferFiles });
        Accepted accepted = agent.Honest();
        accepted.Operations = (uint)Operations.TransferFiles;
        await agent.SendAsync(new ControlMessage { Accepted = accepted });
        RemoteSession session = await agent.Connecting.WaitAsync(Helpdesk.Limit());
        Task<RemoteFolder> listing = session.Files.ListAsync(cancellationToken: Helpdesk.Limit());
        uint request = (await agent.ControlAsync(ControlMessage.KindOneofCase.ListFiles)).ListFiles.Request;

        await agent.SendAsync(MessageStream.Files, Content(request, new FileListing { Entries = { LyingListings[lie] } }.ToByteArray()));

        Assert.Equal(ChannelError.Malformed, (await Assert.ThrowsAsync<ChannelException>(() => listing)).Error);
        Assert.Equal(SessionEndKind.ProtocolViolation, (await session.Completion.WaitAsync(Helpdesk.Limit())).Kind);
    }

    [Theory]
    [InlineData("other content", RefusalReason.FileDamaged)]
    [InlineData("more content", null)]
    [InlineData("less content", null)]
    [InlineData("a path for a name", null)]
    [InlineData("content before it is opened", null)]
    public async Task Download_FromALyingComputer_IsNoFile(string lie, RefusalReason? reason)
    {
        await using Helpdesk desk = await Helpdesk.OpenAsync(new HelpdeskSetup { Operations = Operations.TransferFiles });
        await using RawAgent agent = await RawAgent.AnswerAsync(desk, new ConnectOptions { Operations = Operations.TransferFiles });
        Accepted accepted = agent.Honest();
        accepted.Operations = (uint)Operations.TransferFiles;
        await agent.SendAsync(new ControlMessage { Accepted = accepted });
        RemoteSession session = await agent.Connecting.WaitAsync(Helpdesk.Limit());
        Task<TransferredFile> fetching = session.Files.DownloadAsync(5, new MemoryStream(), cancellationToken: Helpdesk.Limit());
        uint request = (await agent.ControlAsync(ControlMessage.KindOneofCase.ReadFile)).ReadFile.Request;
        if (lie != "content before it is opened") await agent.SendAsync(new ControlMessage { FileOpened = new FileOpened { Request = request, Name = lie == "a path for a name" ? "../x" : "x", Size = 3 } });
        if (lie != "a path for a name")
        {
            await agent.SendAsync(MessageStream.Files, Content(request, new byte[lie == "more content" ? 4 : lie == "less content" ? 2 : 3]));
            await Record.ExceptionAsync(() => agent.SendAsync(new ControlMessage { FileDone = new FileDone { Request = request, Sha256 = ByteString.CopyFrom(System.Security.Cryptography.SHA256.HashData([1, 2, 3])) } }).AsTask());
        }

        Exception failure = await Assert.ThrowsAnyAsync<Exception>(() => fetching);

        Assert.Equal(reason, (failure as AccessRefusedException)?.Reason);
        Assert.Equal(reason is null, failure is ChannelException { Error: ChannelError.Malformed or ChannelError.OutOfOrder });
    }

    private static async Task<ulong> InboxAsync(RawTechnician technician)
    {
        await technician.SendAsync(new ControlMessage { ListFiles = new ListFiles { Request = 1 } });
        ReceivedMessage listed;
        do listed = await technician.ReceiveAsync();
        while (listed.Stream != MessageStream.Files);
        FileListing listing = FileListing.Parser.ParseFrom(listed.Payload.Span[FileMessage.HeaderBytes..]);
        Assert.Equal(0u, (await technician.ControlAsync()).FileDone.Reason);
        return Assert.Single(listing.Entries, entry => entry.Name == "Inbox").Id;
    }

    private static async Task<RefusalReason> EndAsync(RawTechnician technician, ControlMessage request)
    {
        await technician.SendAsync(request);
        ControlMessage answer = await technician.ControlAsync();
        Assert.Equal(ControlMessage.KindOneofCase.FileDone, answer.KindCase);
        return (RefusalReason)answer.FileDone.Reason;
    }

    private static ControlMessage Read(uint request, ulong file) => new() { ReadFile = new ReadFile { Request = request, File = file } };

    private static ControlMessage Write(uint request, ulong folder, string name, ulong size) => new() { WriteFile = new WriteFile { Request = request, Folder = folder, Name = name, Size = size } };

    private static ControlMessage End(uint request, byte[] hash) => new() { EndFile = new EndFile { Request = request, Sha256 = ByteString.CopyFrom(hash) } };

    private static byte[] Content(uint request, byte[] content)
    {
        byte[] message = new byte[FileMessage.HeaderBytes + content.Length];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(message, request);
        content.CopyTo(message, FileMessage.HeaderBytes);
        return message;
    }

    private static ValueTask ContentAsync(RawTechnician technician, uint request, byte[] content) => technician.Messages.SendAsync(MessageStream.Files, Content(request, content), Helpdesk.Limit());
}
