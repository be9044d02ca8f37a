using RemoteAccess.Sessions;
using RemoteAccess.Transport;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

/// <summary>A technician has the computer restarted and comes back.</summary>
public sealed class RestartTests
{
    private readonly FakePower power = new();

    [Fact]
    public async Task Restart_Allowed_IsRecordedBeforeAndGivesAToken()
    {
        await using Helpdesk desk = await OpenAsync();
        Visit visit = await ConnectAsync(desk);
        power.OnRestart = () =>
        {
            Assert.Equal("SafeModeWithNetworking", (string?)Assert.Single(desk.History("computer.restart")).Data()["mode"]);
            Assert.Single(desk.History("operation.used"));
        };

        ComputerRestart restart = await visit.Session.Power.RestartAsync(RestartMode.SafeModeWithNetworking, Helpdesk.Limit());

        Assert.Equal((32, TimeSpan.FromSeconds(10)), (restart.ResumeToken.Length, restart.In));
        Assert.Equal([RestartMode.SafeModeWithNetworking], power.Restarts);
        Assert.False(restart.ResumeToken.Span.SequenceEqual(visit.Session.ResumeToken.Span));
        // One is enough.
        Assert.Equal(RefusalReason.Busy, (await Assert.ThrowsAsync<AccessRefusedException>(() => visit.Session.Power.RestartAsync(RestartMode.Normal, Helpdesk.Limit()))).Reason);
        AssertNowhere(desk, restart.ResumeToken);
        desk.AssertLedgerIsWhole();
    }

    [Fact]
    public async Task Restart_NotPermittedOrNotPossible_ChangesNothing()
    {
        await using Helpdesk desk = await OpenAsync();
        Visit watching = await desk.ConnectAsync(new ConnectOptions { Operations = Operations.ViewScreen });
        Assert.Equal(RefusalReason.OperationNotGranted, await RefusalAsync(watching, RestartMode.Normal));
        Visit visit = await ConnectAsync(desk);
        power.HasSafeMode = false;
        Assert.Equal(RefusalReason.NotAvailable, await RefusalAsync(visit, RestartMode.SafeModeWithNetworking));
        power.OnRestart = () => throw new DesktopException(DesktopError.NoDisplay, "The system said no.");
        Assert.Equal(RefusalReason.DesktopUnavailable, await RefusalAsync(visit, RestartMode.Normal));
        desk.Desktop.Power = null;
        Visit other = await ConnectAsync(desk);
        Assert.Equal(RefusalReason.NotAvailable, await RefusalAsync(other, RestartMode.Normal));
        await Assert.Single(desk.Trust.Gate.Sessions, session => session.Operations.HasFlag(Operations.Restart) && session.Id.Span.SequenceEqual(Convert.FromHexString(visit.Session.Id)))
            .WithdrawAsync(Operations.Restart, "Erika", Helpdesk.Limit());
        Assert.Equal(RefusalReason.Withdrawn, await RefusalAsync(visit, RestartMode.Normal));
        Assert.Empty(power.Restarts);
    }

    /// <summary>The agent is gone without a word, as after kill -9 or a power cut; another process opens the same state.</summary>
    [Fact]
    public async Task Resume_AfterTheAgentWasKilled_DoesNotAskThePersonAgainButOnlyOnce()
    {
        var person = new ScriptedConsentPrompt(ConsentDecision.Allow);
        await using Helpdesk desk = await OpenAsync(person);
        Visit visit = await ConnectAsync(desk);
        Assert.Single(person.Asked);
        ComputerRestart restart = await visit.Session.Power.RestartAsync(RestartMode.Normal, Helpdesk.Limit());

        await using TrustFlow after = desk.OpenTrust();
        RemoteAccessAgent agent = new(after, desk.Desktop, desk.Time);
        (RemoteSession resumed, Task serving) = await ConnectAsync(desk, agent, restart.ResumeToken);

        Assert.Single(person.Asked);
        LedgerEntry accepted = desk.History("session.accepted")[^1];
        Assert.Equal((true, true), ((bool?)accepted.Data()["resumed"], (bool?)accepted.Data()["agreedBefore"]));
        await resumed.DisposeAsync();
        await serving.WaitAsync(Helpdesk.Limit());
        // Used up: the person is asked, and says no.
        Assert.Equal(RefusalReason.NotConsented, (await Assert.ThrowsAsync<AccessRefusedException>(() => ConnectAsync(desk, agent, restart.ResumeToken))).Reason);
        Assert.Equal(2, person.Asked.Count);
    }

    [Fact]
    public async Task Resume_WithoutAYesOrByAnother_IsAskedLikeAnybody()
    {
        var person = new ScriptedConsentPrompt(ConsentDecision.Allow);
        await using Helpdesk desk = await OpenAsync(person);
        Visit visit = await ConnectAsync(desk);
        byte[] wrong = visit.Session.ResumeToken.ToArray();
        wrong[0] ^= 1;

        Assert.Equal(RefusalReason.NotConsented, (await Assert.ThrowsAsync<AccessRefusedException>(() => ConnectAsync(desk, desk.Agent, wrong))).Reason);
        Assert.Equal(RefusalReason.NotConsented, (await Assert.ThrowsAsync<AccessRefusedException>(() => ConnectAsync(desk, desk.Agent, default))).Reason);
        Assert.Equal(3, person.Asked.Count);
        // Refused: the token of the session is still good.
        (RemoteSession resumed, Task serving) = await ConnectAsync(desk, desk.Agent, visit.Session.ResumeToken);
        await resumed.DisposeAsync();
        await serving.WaitAsync(Helpdesk.Limit());
        Assert.Equal(3, person.Asked.Count);
    }

    /// <summary>Into safe mode, back, and one cut more: then the person is asked again.</summary>
    [Fact]
    public async Task Resume_InARow_EndsAfterThree()
    {
        var person = new ScriptedConsentPrompt(ConsentDecision.Allow);
        await using Helpdesk desk = await OpenAsync(person);
        Visit visit = await ConnectAsync(desk);
        ReadOnlyMemory<byte> token = visit.Session.ResumeToken;
        for (int i = 0; i < 3; i++)
        {
            (RemoteSession resumed, Task serving) = await ConnectAsync(desk, desk.Agent, token);
            token = resumed.ResumeToken;
            await resumed.DisposeAsync();
            await serving.WaitAsync(Helpdesk.Limit());
        }
        Assert.Single(person.Asked);

        Assert.Equal(RefusalReason.NotConsented, (await Assert.ThrowsAsync<AccessRefusedException>(() => ConnectAsync(desk, desk.Agent, token))).Reason);
        Assert.Equal(2, person.Asked.Count);
    }

    [Fact]
    public async Task Reconnect_ComputerIsAway_TriesUntilItIsBack()
    {
        await using Helpdesk desk = await OpenAsync();
        int tries = 0;
        Task serving = Task.CompletedTask;
        RemoteSession session = await desk.Viewer.ReconnectAsync(_ =>
        {
            if (++tries < 3) throw new ChannelException(ChannelError.Unreachable, "away");
            (MemoryLink near, MemoryLink far) = MemoryLink.CreatePair();
            serving = desk.Serve(far);
            return Task.FromResult<ILink>(near);
        }, desk.Grant, Helpdesk.Code, new ConnectOptions { Operations = Operations.ViewScreen }, TimeSpan.FromMinutes(1), Helpdesk.Limit());

        Assert.Equal(3, tries);
        await session.DisposeAsync();
        await serving.WaitAsync(Helpdesk.Limit());
        await Assert.ThrowsAsync<ChannelException>(() => desk.Viewer.ReconnectAsync(_ => throw new ChannelException(ChannelError.Unreachable, "away"), desk.Grant, Helpdesk.Code,
            new ConnectOptions(), TimeSpan.FromSeconds(1), Helpdesk.Limit()));
        await Assert.ThrowsAsync<AccessRefusedException>(() => desk.Viewer.ReconnectAsync(_ =>
        {
            (MemoryLink near, MemoryLink far) = MemoryLink.CreatePair();
            serving = desk.Serve(far);
            return Task.FromResult<ILink>(near);
        }, desk.Grant, Helpdesk.WrongCode, new ConnectOptions(), TimeSpan.FromMinutes(1), Helpdesk.Limit()));
        await serving.WaitAsync(Helpdesk.Limit());
    }

    private static async Task<(RemoteSession Session, Task Serving)> ConnectAsync(Helpdesk desk, RemoteAccessAgent agent, ReadOnlyMemory<byte> token)
    {
        (MemoryLink near, MemoryLink far) = MemoryLink.CreatePair();
        Task serving = Task.Run(() => agent.ServeAsync(far, Helpdesk.Limit()));
        return (await desk.Viewer.ConnectAsync(near, desk.Grant, Helpdesk.Code, new ConnectOptions { Operations = Operations.ViewScreen, ResumeToken = token }, Helpdesk.Limit()), serving);
    }

    private static async Task<RefusalReason> RefusalAsync(Visit visit, RestartMode mode) =>
        (await Assert.ThrowsAsync<AccessRefusedException>(() => visit.Session.Power.RestartAsync(mode, Helpdesk.Limit()))).Reason;

    private static void AssertNowhere(Helpdesk desk, ReadOnlyMemory<byte> token)
    {
        foreach (string file in Directory.EnumerateFiles(desk.State, "*", SearchOption.AllDirectories)) Assert.Equal(-1, HeldFile.Read(file).AsSpan().IndexOf(token.Span));
    }

    private async Task<Helpdesk> OpenAsync(IConsentPrompt? person = null)
    {
        Helpdesk desk = await Helpdesk.OpenAsync(new HelpdeskSetup
        {
            Operations = Operations.ViewScreen | Operations.Restart, Person = person, Idle = TimeSpan.Zero,
            Policy = person is null ? new GrantPolicy() : new GrantPolicy { InUse = InUseRule.AskThenRefuse },
        });
        desk.Desktop.Power = power;
        return desk;
    }

    private static Task<Visit> ConnectAsync(Helpdesk desk) => desk.ConnectAsync(new ConnectOptions { Operations = Operations.ViewScreen | Operations.Restart });

    private sealed class FakePower : IPowerControl
    {
        public List<RestartMode> Restarts { get; } = [];

        public bool HasSafeMode { get; set; } = true;

        public Action OnRestart { get; set; } = () => { };

        public bool Supports(RestartMode mode) => HasSafeMode || mode == RestartMode.Normal;

        public ValueTask<TimeSpan> RestartAsync(RestartMode mode, OperationPermit permit, CancellationToken cancellationToken)
        {
            permit.Demand();
            OnRestart();
            Restarts.Add(mode);
            return ValueTask.FromResult(TimeSpan.FromSeconds(10));
        }
    }
}
