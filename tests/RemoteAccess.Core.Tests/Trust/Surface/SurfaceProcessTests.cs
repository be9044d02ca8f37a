using System.Diagnostics;
using System.Globalization;
using RemoteAccess.Transport;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests.Trust;

/// <summary>A surface that is a process of its own, in real time: killed, frozen, and frozen for a moment only.</summary>
[Trait("Platform", "Unix")]
public sealed class SurfaceProcessTests : IAsyncDisposable
{
    // The whole of what docs/surface.md asks of a surface, but for something to see.
    private const string Program = """
        import json, socket, sys, threading, time
        link = socket.socket(socket.AF_UNIX)
        link.connect(sys.argv[1])
        seen = 0
        def beat():
            while True:
                link.sendall((json.dumps({"shown": True, "seen": seen}) + "\n").encode())
                time.sleep(0.5)
        threading.Thread(target=beat, daemon=True).start()
        for line in link.makefile():
            message = json.loads(line)
            if "number" in message:
                seen = message["number"]
                link.sendall((json.dumps({"shown": True, "seen": seen}) + "\n").encode())
                print(len(message["status"]["sessions"]), flush=True)
        """;

    private readonly TrustFixture fixture = new();
    private readonly TrustFlow trust;
    private Process? surface;

    public SurfaceProcessTests()
    {
        trust = fixture.Open(fixture.Options with { TimeProvider = TimeProvider.System, Surface = new SurfaceRequirement() });
        // Its permits end by the computer's clock, which is not the fixture's.
        fixture.Time.SetWallClock(TimeProvider.System.GetUtcNow());
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        if (surface is not null)
        {
            if (!surface.HasExited) surface.Kill();
            surface.Dispose();
        }
        await fixture.DisposeAsync();
    }

    [Fact]
    public async Task Killed_PictureAndInputStopThenTheSessionEnds()
    {
        await using LiveSession session = await BeginAsync();
        OperationPermit view = await session.PermitAsync(Operations.ViewScreen, Cancel), input = await session.PermitAsync(Operations.ControlInput, Cancel);

        surface!.Kill();

        await LostAsync(session, view, input);
    }

    [Fact]
    public async Task Frozen_PictureAndInputStopThenTheSessionEnds()
    {
        await using LiveSession session = await BeginAsync();
        OperationPermit view = await session.PermitAsync(Operations.ViewScreen, Cancel), input = await session.PermitAsync(Operations.ControlInput, Cancel);

        await SignalAsync("STOP");

        await LostAsync(session, view, input);
    }

    [Fact]
    public async Task FrozenForAMoment_TheSessionGoesOn()
    {
        await using LiveSession session = await BeginAsync();
        OperationPermit view = await session.PermitAsync(Operations.ViewScreen, Cancel);
        await SignalAsync("STOP");
        await EndOf(view);

        await SignalAsync("CONT");
        await session.WaitUntilSeenAsync(Cancel).WaitAsync(TimeSpan.FromMinutes(3), Cancel);

        (await session.PermitAsync(Operations.ViewScreen, Cancel)).Demand();
        (await session.PermitAsync(Operations.ControlInput, Cancel)).Demand();
    }

    [Theory]
    [InlineData(ConsentDecision.Allow, RefusalReason.SurfaceLost)]
    [InlineData(ConsentDecision.Refuse, RefusalReason.NotConsented)]
    public async Task Killed_WhileThePersonIsAsked_ThePromptStaysAndTheAnswerIsThePersons(ConsentDecision decision, RefusalReason refusal)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "A surface can be required on Linux only.");
        var person = new ScriptedPrompt();
        await trust.DisposeAsync();
        var presence = new CustomerPresence { Desk = new ConsentDesk(person, TimeProvider.System), IdleTime = () => TimeSpan.Zero };
        TrustFlow asking = fixture.Open(fixture.Options with { TimeProvider = TimeProvider.System, Surface = new SurfaceRequirement(), Presence = presence });
        Grant grant = await fixture.GrantAsync(asking, fixture.Terms(policy: new GrantPolicy { InUse = InUseRule.AskThenRefuse }));
        surface = Process.Start(new ProcessStartInfo("python3", ["-c", Program, Path.Combine(fixture.State, "surface")]) { RedirectStandardOutput = true })!;
        RefusalReason Explain() => asking.Explain(new AccessInquiry { GrantId = grant.Id, Wanted = Operations.ViewScreen, Reason = "x" }).Refusal;
        await Patience.UntilAsync(() => Explain() == RefusalReason.None);
        PakeAdmission admission = await TrustFixture.AdmitAsync(asking, fixture.Request(grant));
        Task<SessionDecision> deciding = asking.Gate.AcceptAsync(admission, new byte[16], Cancel).AsTask();
        await person.Shown.WaitAsync(TimeSpan.FromMinutes(3), Cancel);

        surface.Kill();
        await Patience.UntilAsync(() => Explain() == RefusalReason.SurfaceLost);
        Assert.False(deciding.IsCompleted);
        person.Press(decision);

        SessionDecision decided = await deciding.WaitAsync(TimeSpan.FromMinutes(3), Cancel);
        Assert.Equal((refusal, null), (decided.Refusal, decided.Session));
        Assert.Empty(TrustFixture.History(asking, "session.accepted"));
        Assert.Equal($"{decision}", (string?)Assert.Single(TrustFixture.History(asking, "consent.answered")).Data()["decision"]);
    }

    private async Task LostAsync(LiveSession session, OperationPermit view, OperationPermit input)
    {
        await EndOf(view);
        await EndOf(input);
        // It had another three seconds, so it was not the end of the session that took them.
        Assert.Equal(RefusalReason.SurfaceLost, Assert.Throws<AccessRefusedException>(view.Demand).Reason);
        Assert.Equal(RefusalReason.SurfaceLost, await TrustFixture.EndOfAsync(session));
        await session.DisposeAsync();
        LedgerEntry ended = Assert.Single(TrustFixture.History(trust, "session.ended"));
        Assert.Equal("SurfaceLost", (string?)ended.Data()["reason"]);
        Assert.Contains("SurfaceLost", HistoryLine.Describe(ended), StringComparison.Ordinal);
        Assert.Equal(RefusalReason.SurfaceLost, (await TrustFixture.AdmitAsync(trust, fixture.Request(session.Grant))).Refusal);
    }

    private static async Task EndOf(OperationPermit permit)
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using CancellationTokenRegistration registration = permit.Withdrawn.Register(ended.SetResult);
        await ended.Task.WaitAsync(TimeSpan.FromMinutes(3), Cancel);
    }

    private async Task<LiveSession> BeginAsync()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "A surface can be required on Linux only.");
        Grant grant = await fixture.GrantAsync(trust);
        surface = Process.Start(new ProcessStartInfo("python3", ["-c", Program, Path.Combine(fixture.State, "surface")]) { RedirectStandardOutput = true })!;
        Assert.Equal("0", await surface.StandardOutput.ReadLineAsync(Cancel));
        await Patience.UntilAsync(() => trust.Explain(new AccessInquiry { GrantId = grant.Id, Wanted = Operations.ViewScreen, Reason = "x" }).Refusal == RefusalReason.None);
        LiveSession session = await TrustFixture.ConnectAsync(trust, fixture.Request(grant, Operations.ViewScreen | Operations.ControlInput));
        while (await surface.StandardOutput.ReadLineAsync(Cancel) is not "1") Assert.False(surface.HasExited);
        return session;
    }

    private async Task SignalAsync(string signal)
    {
        using Process kill = Process.Start("kill", [$"-{signal}", surface!.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync(Cancel);
        Assert.Equal(0, kill.ExitCode);
    }
}
