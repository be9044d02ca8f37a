using Google.Protobuf;
using RemoteAccess.Sessions;
using RemoteAccess.Transport.Wire;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

/// <summary>Programs of technicians that ask for commands and facts in ways that ours does not, and a computer that answers so.</summary>
public sealed class UnusualCommandsTests
{
    [Fact]
    public async Task Request_ThatCannotBe_IsRefusedAndTheSessionGoesOn()
    {
        await using Helpdesk desk = await OpenAsync();
        await using RawTechnician technician = await RawTechnician.ConnectAsync(desk, Operations.RunCommands);
        RunCommand[] requests =
        [
            new(), new() { Program = new string('x', CommandLine.MaxBytes + 1) }, Of("true", new string('x', CommandLine.MaxBytes)), Of("true", [.. Enumerable.Repeat("", CommandLine.MaxWords + 1)]),
            Of("true", "a\0b"), Of("true", "\u001b[2J"), Of("tr\0ue"), new() { Program = "true", WorkingDirectory = "/" + new string('x', CommandLine.MaxDirectoryBytes) },
            new() { Program = "true", Input = ByteString.CopyFrom(new byte[CommandLine.MaxInputBytes + 1]) }, new() { Program = "true", TimeLimitSeconds = uint.MaxValue },
            new() { Program = "true", WorkingDirectory = "../.." },
        ];
        uint id = 0;
        foreach (RunCommand request in requests)
        {
            request.Id = ++id;
            Assert.Equal((id, (uint)RefusalReason.NotAcceptable), await OverAsync(technician, request));
        }
        // Numbers rise.
        foreach (uint again in (uint[])[id, 1, 0]) Assert.Equal((again, (uint)RefusalReason.NotAcceptable), await OverAsync(technician, new RunCommand { Id = again, Program = "true" }));
        Assert.Empty(desk.History("command.started"));

        await technician.SendAsync(new ControlMessage { RunCommand = new RunCommand { Id = uint.MaxValue, Program = "true" } });
        Assert.Equal(uint.MaxValue, (await technician.ControlAsync()).CommandStarted.Id);
        Assert.Equal(new CommandOver { Id = uint.MaxValue, Ending = 1 }, (await technician.ControlAsync()).CommandOver);
        Assert.Single(desk.History("command.started"));
    }

    [Fact]
    public async Task Request_AsLongAsItMayBe_HasRoomInTheLedger()
    {
        await using Helpdesk desk = await OpenAsync();
        await using RawTechnician technician = await RawTechnician.ConnectAsync(desk, Operations.RunCommands);
        string[] words = [.. Enumerable.Range(0, CommandLine.MaxWords).Select(_ => new string('\n', (CommandLine.MaxBytes - 4) / CommandLine.MaxWords))];

        RunCommand request = Of("true", words);
        (request.Id, request.WorkingDirectory) = (1, "/" + new string('/', CommandLine.MaxDirectoryBytes - 1));
        await technician.SendAsync(new ControlMessage { RunCommand = request });

        Assert.Equal(1u, (await technician.ControlAsync()).CommandStarted.Id);
        Assert.Equal(new CommandOver { Id = 1, Ending = 1 }, (await technician.ControlAsync()).CommandOver);
        Assert.Equal(CommandLine.MaxWords + 1, desk.History("command.started")[0].Data()["command"]!.AsArray().Count);
    }

    [Fact]
    public async Task Taken_MoreThanWasSentOrOfNothing_IsRefusedAndNothingMoreComes()
    {
        await using Helpdesk desk = await OpenAsync();
        await using RawTechnician technician = await RawTechnician.ConnectAsync(desk, Operations.RunCommands);
        await technician.SendAsync(new ControlMessage { CommandTaken = new CommandTaken { Id = 7, Chunks = 1 } });
        Assert.Equal(((uint)Operations.RunCommands, (uint)RefusalReason.NotAcceptable), await RefusedAsync(technician));
        await technician.SendAsync(new ControlMessage { CommandCancel = new CommandCancel { Id = 7 } });
        Assert.Equal(((uint)Operations.RunCommands, (uint)RefusalReason.NotAcceptable), await RefusedAsync(technician));
        await technician.SendAsync(new ControlMessage { RunCommand = new RunCommand { Id = 1, Program = "yes" } });
        Assert.Equal(1u, (await technician.ControlAsync()).CommandStarted.Id);
        // The other stream may wait for its turn with a place of the window.
        uint came = 0, token = 100;
        while (came < CommandRun.Window - 1) came += (uint)(await technician.DrainAsync(token++)).Count;
        await OwnTime.PassAsync(TimeSpan.FromMilliseconds(300), Helpdesk.Limit());
        came += (uint)(await technician.DrainAsync(token)).Count;
        Assert.InRange(came, (uint)CommandRun.Window - 1, (uint)CommandRun.Window);

        foreach (uint chunks in (uint[])[0, came + 1, uint.MaxValue])
        {
            await technician.SendAsync(new ControlMessage { CommandTaken = new CommandTaken { Id = 1, Chunks = chunks } });
            Assert.Equal(((uint)Operations.RunCommands, (uint)RefusalReason.NotAcceptable), await RefusedAsync(technician));
        }
        Assert.Empty(await technician.DrainAsync(1));
        await technician.SendAsync(new ControlMessage { CommandTaken = new CommandTaken { Id = 1, Chunks = 1 } });
        Assert.InRange((await technician.ControlAsync()).CommandChunk.Data.Length, 1, CommandRun.MaxChunk);
        Assert.Empty(await technician.DrainAsync(2));

        await technician.SendAsync(new ControlMessage { CommandCancel = new CommandCancel { Id = 1 } });
        Assert.Equal(new CommandOver { Id = 1, Ending = 2 }, (await technician.ControlAsync()).CommandOver);
        // Late ones are nobody's fault.
        await technician.SendAsync(new ControlMessage { CommandTaken = new CommandTaken { Id = 1, Chunks = 3 } });
        await technician.SendAsync(new ControlMessage { CommandCancel = new CommandCancel { Id = 1 } });
        Assert.Empty(await technician.DrainAsync(3));
    }

    [Fact]
    public async Task Requests_ManyAtOnce_FourRunAndTheRestIsBusy()
    {
        await using Helpdesk desk = await OpenAsync();
        await using RawTechnician technician = await RawTechnician.ConnectAsync(desk, Operations.RunCommands);
        for (uint id = 1; id <= 100; id++) await technician.SendAsync(new ControlMessage { RunCommand = new RunCommand { Id = id, Program = "sleep", Arguments = { "4714" } } });

        var answers = new List<ControlMessage>();
        while (answers.Count < 100) answers.Add(await technician.ControlAsync());

        Assert.Equal([1u, 2u, 3u, 4u], answers.Where(answer => answer.CommandStarted is not null).Select(answer => answer.CommandStarted.Id).Order());
        Assert.All(answers.Where(answer => answer.CommandStarted is null), answer => Assert.Equal((uint)RefusalReason.Busy, answer.CommandOver.Reason));
        Assert.Equal(4, desk.History("command.started").Count);
    }

    [Fact]
    public async Task SystemInfo_AskedTooOftenOrWithoutPermission_IsRefused()
    {
        await using Helpdesk desk = await OpenAsync();
        await using (RawTechnician without = await RawTechnician.ConnectAsync(desk, Operations.RunCommands))
        {
            await without.SendAsync(new ControlMessage { ReadSystemInfo = new ReadSystemInfo() });
            Assert.Equal((uint)RefusalReason.OperationNotGranted, (await without.ControlAsync()).SystemInfoAnswer.Reason);
        }
        await using RawTechnician technician = await RawTechnician.ConnectAsync(desk, Operations.SystemInfo);
        for (int i = 0; i < SystemInfoExchange.MaxInSession; i++)
        {
            await technician.SendAsync(new ControlMessage { ReadSystemInfo = new ReadSystemInfo() });
            Assert.Equal(0u, (await technician.ControlAsync()).SystemInfoAnswer.Reason);
        }
        await technician.SendAsync(new ControlMessage { ReadSystemInfo = new ReadSystemInfo() });
        Assert.Equal((uint)RefusalReason.LimitReached, (await technician.ControlAsync()).SystemInfoAnswer.Reason);
        Assert.Equal(SystemInfoExchange.MaxInSession, desk.History("system-info.read").Count);
    }

    public static TheoryData<string> Lies => [.. Lying.Keys];

    private static Dictionary<string, ControlMessage[]> Lying { get; } = new()
    {
        ["output of another command"] = [Started, Chunk(2, 1, 10)],
        ["output before the start"] = [Chunk(1, 1, 10)],
        ["output of no stream"] = [Started, Chunk(1, 3, 10)],
        ["no output"] = [Started, Chunk(1, 1, 0)],
        ["too long an output"] = [Started, Chunk(1, 1, CommandRun.MaxChunk + 1)],
        ["more than the window"] = [Started, .. Enumerable.Range(0, CommandRun.Window + 1).Select(_ => Chunk(1, 2, 10))],
        ["started twice"] = [Started, Started],
        ["another one started"] = [new ControlMessage { CommandStarted = new CommandStarted { Id = 3 } }],
        ["over in no way"] = [Started, new ControlMessage { CommandOver = new CommandOver { Id = 1, Ending = 9 } }],
        ["over twice"] = [Started, new ControlMessage { CommandOver = new CommandOver { Id = 1, Ending = 1 } }, new ControlMessage { CommandOver = new CommandOver { Id = 1, Ending = 1 } }],
        ["facts that nobody asked for"] = [new ControlMessage { SystemInfoAnswer = new SystemInfoAnswer() }],
    };

    [Theory]
    [MemberData(nameof(Lies))]
    public async Task Command_OfAComputerThatLies_EndsTheSessionAtOnce(string lie)
    {
        await using Helpdesk desk = await Helpdesk.OpenAsync();
        await using RawAgent agent = await RawAgent.AnswerAsync(desk);
        await using RemoteSession session = await agent.AcceptAsync();
        Task<RemoteCommand> running = session.Commands.RunAsync(new CommandRequest { Program = "true" }, Helpdesk.Limit());

        foreach (ControlMessage message in Lying[lie]) await agent.SendAsync(message);

        Assert.Equal(SessionEndKind.ProtocolViolation, (await session.Completion.WaitAsync(Helpdesk.Limit())).Kind);
        await running.ContinueWith(static _ => { }, Helpdesk.Limit(), TaskContinuationOptions.None, TaskScheduler.Default);
        if (running.IsCompletedSuccessfully && !lie.StartsWith("over", StringComparison.Ordinal)) await Assert.ThrowsAsync<Transport.ChannelException>(() => running.Result.Completion.WaitAsync(Helpdesk.Limit()));
        await Assert.ThrowsAsync<Transport.ChannelException>(() => session.Commands.RunAsync(new CommandRequest { Program = "true" }, Helpdesk.Limit()));
        await Assert.ThrowsAsync<Transport.ChannelException>(() => session.SystemInfo.ReadAsync(Helpdesk.Limit()));
    }

    [Theory]
    [InlineData("System\u001b[2J", 0, 0)]
    [InlineData("", long.MinValue, 0)]
    [InlineData("", 0, 99_999)]
    public async Task SystemInfo_OfAComputerThatLies_EndsTheSessionAtOnce(string system, long booted, int offset)
    {
        await using Helpdesk desk = await Helpdesk.OpenAsync();
        await using RawAgent agent = await RawAgent.AnswerAsync(desk);
        await using RemoteSession session = await agent.AcceptAsync();
        Task<SystemInfo> reading = session.SystemInfo.ReadAsync(Helpdesk.Limit());

        await agent.SendAsync(new ControlMessage { SystemInfoAnswer = new SystemInfoAnswer { System = system, BootedUnixMs = booted, UtcOffsetMinutes = offset } });

        Assert.Equal(SessionEndKind.ProtocolViolation, (await session.Completion.WaitAsync(Helpdesk.Limit())).Kind);
        await Assert.ThrowsAsync<Transport.ChannelException>(() => reading.WaitAsync(Helpdesk.Limit()));
    }

    private static ControlMessage Started => new() { CommandStarted = new CommandStarted { Id = 1 } };

    private static ControlMessage Chunk(uint id, uint stream, int length) => new() { CommandChunk = new CommandChunk { Id = id, Stream = stream, Data = ByteString.CopyFrom(new byte[length]) } };

    private static async Task<(uint, uint)> OverAsync(RawTechnician technician, RunCommand request)
    {
        await technician.SendAsync(new ControlMessage { RunCommand = request });
        CommandOver over = (await technician.ControlAsync()).CommandOver;
        return (over.Id, over.Reason);
    }

    private static async Task<(uint, uint)> RefusedAsync(RawTechnician technician)
    {
        Refused refused = await technician.RefusedAsync();
        return (refused.Operation, refused.Reason);
    }

    private static RunCommand Of(string program, params string[] words)
    {
        var request = new RunCommand { Program = program };
        request.Arguments.AddRange(words);
        return request;
    }

    private static Task<Helpdesk> OpenAsync() => Helpdesk.OpenAsync(new HelpdeskSetup { Operations = Operations.RunCommands | Operations.SystemInfo });
}
