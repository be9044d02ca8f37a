using Google.Protobuf;
using RemoteAccess.Picture;
using RemoteAccess.Transport;
using RemoteAccess.Transport.Wire;

namespace RemoteAccess.Tests;

/// <summary>A computer that is authenticated but not honest: it can end the session, and nothing else, at the technician's side.</summary>
public sealed class UnusualAgentTests
{
    public static TheoryData<string> Lies => [.. Lying.Keys];

    public static TheoryData<string> Violations => [.. Violating.Keys];

    private static Dictionary<string, Action<Accepted>> Lying { get; } = new()
    {
        ["a name that steers a terminal"] = accepted => accepted.ComputerName = "desk\u001b]0;hello\u0007",
        ["a name that is written backwards"] = accepted => accepted.ComputerName = "desk\u202Egpj.exe",
        ["a name of two lines"] = accepted => accepted.ComputerName = "desk\nsession ends",
        ["a name that fills the screen"] = accepted => accepted.ComputerName = new string('x', 10_000),
        ["a platform that steers a terminal"] = accepted => accepted.Platform = "Linux\u009b2J",
        ["an end in no calendar"] = accepted => accepted.ExpiresUnixMs = long.MaxValue,
        ["an end before time began"] = accepted => accepted.ExpiresUnixMs = -1,
        ["more failures than can be counted"] = accepted => accepted.FailedAttempts = uint.MaxValue,
        ["another session's id"] = accepted => accepted.SessionId = ByteString.CopyFrom(new byte[16]),
        ["operations that nobody asked for"] = accepted => accepted.Operations = (uint)Operations.All,
    };

    private static Dictionary<string, Func<RawAgent, ValueTask>> Violating { get; } = new()
    {
        ["a cursor without its pixels"] = agent => agent.SendAsync(MessageStream.Cursor, Image(new CursorImage { Width = 4, Height = 4 })),
        ["a cursor of nothing"] = agent => agent.SendAsync(MessageStream.Cursor, Image(new CursorImage())),
        ["a cursor larger than any"] = agent => agent.SendAsync(MessageStream.Cursor, Image(new CursorImage { Width = 65_536, Height = 65_536 })),
        ["a hot spot outside"] = agent => agent.SendAsync(MessageStream.Cursor, Image(new CursorImage { Width = 1, Height = 1, HotX = 1, PremultipliedBgra = ByteString.CopyFrom(1, 2, 3, 4) })),
        ["a screen without monitors"] = agent => agent.SendAsync(new ControlMessage { Screen = new Screen { Width = 8, Height = 8 } }),
        ["a screen without pixels"] = agent => agent.SendAsync(Screen(0, 8)),
        ["a screen larger than any"] = agent => agent.SendAsync(Screen(8, 70_000)),
        ["a monitor out of the world"] = agent => agent.SendAsync(Screen(8, 8, monitor => monitor.X = int.MaxValue)),
        ["a monitor of negative size"] = agent => agent.SendAsync(Screen(8, 8, monitor => monitor.Width = uint.MaxValue)),
        ["a monitor that steers a terminal"] = agent => agent.SendAsync(Screen(8, 8, monitor => monitor.Name = "HDMI\u001b[2J")),
        ["a wall of monitors"] = agent => agent.SendAsync(Screen(8, 8, count: 65)),
        ["a frame left out"] = agent => agent.SendAsync(MessageStream.Picture, RawPicture.Frame(3)),
        ["a frame again"] = agent => agent.SendAsync(MessageStream.Picture, RawPicture.Frame(1)),
        ["a frame of no epoch"] = agent => agent.SendAsync(MessageStream.Picture, RawPicture.Frame(2, epoch: 5)),
        ["a part below the picture"] = agent => agent.SendAsync(MessageStream.Picture, RawPicture.Frame(2, tileRows: 2)),
        ["a frame that does not end"] = agent => agent.SendAsync(MessageStream.Picture, RawPicture.Frame(2, isLast: false)),
        ["a frame cut short"] = agent => agent.SendAsync(MessageStream.Picture, RawPicture.Frame(2)[..^1]),
        ["a frame with more behind it"] = agent => agent.SendAsync(MessageStream.Picture, [.. RawPicture.Frame(2), 0]),
        ["no frame"] = agent => agent.SendAsync(MessageStream.Picture, [1, 2, 3]),
        ["an empty frame"] = agent => agent.SendAsync(MessageStream.Picture, []),
        ["a second Accepted"] = agent => agent.SendAsync(new ControlMessage { Accepted = agent.Honest() }),
        ["a Denied"] = agent => agent.SendAsync(new ControlMessage { Denied = new Denied { Reason = 5 } }),
        ["a chat line nobody asked for"] = agent => agent.SendAsync(MessageStream.Chat, new ChatMessage { Text = "hello" }.ToByteArray()),
        ["a file nobody asked for"] = agent => agent.SendAsync(MessageStream.Files, [1, 2, 3]),
        ["a farewell that steers a terminal"] = agent => agent.SendAsync(new ControlMessage { Ending = new SessionEnding { Reason = 16, Text = "bye\u001bc" } }),
        ["bytes that are no message"] = agent => agent.SendAsync(MessageStream.Control, [0xFF, 0xFF, 0xFF]),
    };

    [Theory]
    [MemberData(nameof(Lies))]
    public async Task Accepted_WithALie_IsMalformedAndNoSessionBegins(string name)
    {
        await using Helpdesk desk = await Helpdesk.OpenAsync();
        await using RawAgent agent = await RawAgent.AnswerAsync(desk);
        Accepted accepted = agent.Honest();
        Lying[name](accepted);

        await agent.SendAsync(new ControlMessage { Accepted = accepted });
        ChannelException error = await Assert.ThrowsAsync<ChannelException>(() => agent.Connecting.WaitAsync(Helpdesk.Limit()));

        Assert.Equal(ChannelError.Malformed, error.Error);
        // The link is gone: nobody keeps a session that the other side believes in.
        await Assert.ThrowsAsync<ChannelException>(async () => await agent.Messages.ReceiveAsync(Helpdesk.Limit()));
    }

    [Theory]
    [MemberData(nameof(Violations))]
    public async Task Violation_InASession_EndsItAtOnceForTheReaderToo(string name)
    {
        await using Helpdesk desk = await Helpdesk.OpenAsync();
        await using RawAgent agent = await RawAgent.AnswerAsync(desk);
        RemoteSession session = await agent.AcceptAsync();
        await using var sight = new Sight(session, Helpdesk.Limit());
        Task<PictureUpdate> first = sight.NextAsync();
        await agent.PictureWantedAsync();
        await agent.SendAsync(MessageStream.Picture, RawPicture.Frame(1, isNewEpoch: true));
        Assert.Equal(0x40, (await first).Pixels[0]);
        Task<Exception?> reading = sight.EndAsync();

        // It may be cut off before all of it is written.
        Exception? cut = await Record.ExceptionAsync(async () => await Violating[name](agent));
        Assert.True(cut is null or ChannelException, $"{cut}");
        SessionEnd end = await session.Completion.WaitAsync(Helpdesk.Limit());

        Assert.Equal(SessionEndKind.ProtocolViolation, end.Kind);
        Assert.IsType<ChannelException>(await reading.WaitAsync(Helpdesk.Limit()));
        await Assert.ThrowsAsync<ChannelException>(async () => await session.Input.TypeAsync("x"));
        await Assert.ThrowsAsync<ChannelException>(async () =>
        {
            while (!(await agent.Messages.ReceiveAsync(Helpdesk.Limit())).IsEnd) Helpdesk.Limit().ThrowIfCancellationRequested();
        });
    }

    [Fact]
    public async Task Frames_BeyondWhatWasAcknowledged_EndTheSessionBeforeMemoryGrows()
    {
        await using Helpdesk desk = await Helpdesk.OpenAsync();
        await using RawAgent agent = await RawAgent.AnswerAsync(desk);
        RemoteSession session = await agent.AcceptAsync();
        await using var sight = new Sight(session, Helpdesk.Limit());
        Task<PictureUpdate> first = sight.NextAsync();
        await agent.PictureWantedAsync();
        await agent.SendAsync(MessageStream.Picture, RawPicture.Frame(1, isNewEpoch: true));
        await first;
        Task<ReceivedMessage> receiving = ReadOnAsync(agent);

        // The reader stands still. The sending ends, because the session does.
        uint sent = 1;
        ChannelException? error = null;
        while (error is null && sent < 100_000)
        {
            try
            {
                await agent.SendAsync(MessageStream.Picture, RawPicture.Frame(++sent));
            }
            catch (ChannelException ended)
            {
                error = ended;
            }
        }

        SessionEnd end = await session.Completion.WaitAsync(Helpdesk.Limit());
        Assert.NotNull(error);
        Assert.Equal(SessionEndKind.ProtocolViolation, end.Kind);
        Assert.InRange(sent, 200u, 99_999u);
        await Record.ExceptionAsync(() => receiving);
    }

    [Fact]
    public async Task Cursors_WhileTheReaderStandsStill_LeaveTheNewestAndTakeNoMemory()
    {
        const int Side = 512, Count = 300;
        await using Helpdesk desk = await Helpdesk.OpenAsync();
        await using RawAgent agent = await RawAgent.AnswerAsync(desk);
        RemoteSession session = await agent.AcceptAsync();
        await using var sight = new Sight(session, Helpdesk.Limit());
        Task<PictureUpdate> first = sight.NextAsync();
        await agent.PictureWantedAsync();
        await agent.SendAsync(MessageStream.Picture, RawPicture.Frame(1, isNewEpoch: true));
        await first;
        Task<ReceivedMessage> receiving = ReadOnAsync(agent);
        long before = GC.GetTotalMemory(forceFullCollection: true);

        for (int i = 0; i < Count; i++)
        {
            await agent.SendAsync(MessageStream.Cursor, RawAgent.Cursor(Side, (byte)i));
            await agent.SendAsync(Screen(8, 8, monitor => monitor.Name = $"Monitor {i}"));
        }

        await agent.SendAsync(MessageStream.Cursor, new CursorMessage { Position = new CursorPosition { X = 5, Y = 6 } }.ToByteArray());
        await session.PingAsync(Helpdesk.Limit()).WaitAsync(Helpdesk.Limit());
        // Of 300 MiB that came; other tests run at the same time.
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, 150L << 20);
        await sight.UntilAsync(update => update.Cursor.X == 5 && update.Layout.Monitors.Count > 0);

        Assert.Equal((5, 6), (sight.Picture.Cursor.X, sight.Picture.Cursor.Y));
        Assert.Equal((byte)((Count - 1) & 0xFF), sight.Picture.Cursor.Shape!.Pixels.Span[0]);
        Assert.Equal($"Monitor {Count - 1}", Assert.Single(sight.Picture.Layout.Monitors).Name);
        Assert.False(session.Completion.IsCompleted);
        await session.DisposeAsync();
        await Record.ExceptionAsync(() => receiving);
    }

    [Fact]
    public async Task Farewell_WithoutAClose_IsACut()
    {
        await using Helpdesk desk = await Helpdesk.OpenAsync();
        await using RawAgent agent = await RawAgent.AnswerAsync(desk);
        RemoteSession session = await agent.AcceptAsync();

        await agent.SendAsync(new ControlMessage { Ending = new SessionEnding { Reason = (uint)RefusalReason.Revoked, Text = "revoked" } });
        await agent.SendAsync(new ControlMessage { Notice = new Notice { Text = "last words" } });
        await agent.Messages.DisposeAsync();

        Assert.Equal(SessionEndKind.Truncated, (await session.Completion.WaitAsync(Helpdesk.Limit())).Kind);
    }

    [Theory]
    [InlineData(RefusalReason.Blocked, false)]
    [InlineData(RefusalReason.SessionEnded, true)]
    public async Task PictureThatWaits_WhenTheSessionEnds_IsShownOnlyIfNoRuleOfTheCustomersEndedIt(RefusalReason reason, bool isShown)
    {
        await using Helpdesk desk = await Helpdesk.OpenAsync();
        await using RawAgent agent = await RawAgent.AnswerAsync(desk);
        RemoteSession session = await agent.AcceptAsync();
        await using var sight = new Sight(session, Helpdesk.Limit());
        Task<PictureUpdate> first = sight.NextAsync();
        await agent.PictureWantedAsync();
        await agent.SendAsync(MessageStream.Picture, RawPicture.Frame(1, isNewEpoch: true));
        await first;

        // The reader looks at the first picture while the second one and the end arrive.
        await agent.SendAsync(MessageStream.Picture, RawPicture.Frame(2));
        await agent.SendAsync(new ControlMessage { Ending = new SessionEnding { Reason = (uint)reason, Text = "over" } });
        await agent.Messages.CloseAsync(Helpdesk.Limit());
        await session.Completion.WaitAsync(Helpdesk.Limit());

        if (isShown)
        {
            Assert.Equal(2u, (await sight.NextAsync()).Sequence);
            Assert.Null(await sight.EndAsync());
        }
        else Assert.Equal(reason, (await Assert.ThrowsAsync<AccessRefusedException>(sight.NextAsync)).Reason);
    }

    [Fact]
    public async Task Silence_InsteadOfAccepted_TimesOut()
    {
        var time = new FakeTime();
        await using Helpdesk desk = await Helpdesk.OpenAsync(new HelpdeskSetup { Time = time });
        await using RawAgent agent = await RawAgent.AnswerAsync(desk);

        while (!agent.Connecting.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        Assert.Equal(ChannelError.TimedOut, (await Assert.ThrowsAsync<ChannelException>(() => agent.Connecting)).Error);
    }

    /// <summary>Answers pings, so that the link stays as busy as an honest agent's, until the end.</summary>
    private static async Task<ReceivedMessage> ReadOnAsync(RawAgent agent)
    {
        while (true)
        {
            ReceivedMessage message = await agent.Messages.ReceiveAsync(Helpdesk.Limit());
            if (message.IsEnd) return message;
            if (message.Body is ControlMessage { KindCase: ControlMessage.KindOneofCase.Ping } control) await agent.SendAsync(new ControlMessage { Pong = control.Ping });
        }
    }

    private static byte[] Image(CursorImage image) => new CursorMessage { Image = image }.ToByteArray();

    private static ControlMessage Screen(uint width, uint height, Action<Transport.Wire.Monitor>? change = null, int count = 1)
    {
        var screen = new Screen { Width = width, Height = height };
        for (int i = 0; i < count; i++)
        {
            var monitor = new Transport.Wire.Monitor { Name = "Virtual-1", Width = 8, Height = 8, Primary = i == 0 };
            change?.Invoke(monitor);
            screen.Monitors.Add(monitor);
        }

        return new ControlMessage { Screen = screen };
    }
}
