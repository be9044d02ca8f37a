using System.Diagnostics;
using System.Text.Json.Nodes;
using RemoteAccess.Sessions;
using RemoteAccess.Transport;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

public sealed class SessionEndTests
{
    private static readonly TimeSpan Promised = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task Dispose_ByTheTechnician_FinishesAndIsRecorded()
    {
        await using Helpdesk desk = await Helpdesk.OpenAsync();
        Visit visit = await desk.ConnectAsync(new ConnectOptions { Reason = "Ticket 4711" });
        await using (Sight sight = visit.Watch()) await sight.NextAsync();

        await visit.Session.DisposeAsync();
        SessionEnd end = await visit.EndAsync();

        Assert.Equal((SessionEndKind.Finished, RefusalReason.None), (end.Kind, end.Reason));
        LedgerEntry recorded = Assert.Single(desk.History("session.ended"));
        Assert.Equal(visit.Session.Id, Convert.ToHexStringLower(recorded.SessionId.Span));
        Assert.Equal(["ViewScreen"], recorded.Data()["used"]!.AsArray().Select(name => (string?)name));
        Assert.Equal("finished by the technician", (string?)recorded.Data()["text"]);
        Assert.Equal("Ticket 4711", (string?)Assert.Single(desk.History("session.accepted")).Data()["reason"]);
        desk.AssertLedgerIsWhole();
        ChannelException late = await Assert.ThrowsAsync<ChannelException>(() => visit.Session.PingAsync());
        Assert.Equal(ChannelError.Closed, late.Error);
    }

    [Fact]
    public async Task Picture_WhenTheTechnicianFinishes_EndsWithoutError()
    {
        await using Helpdesk desk = await Helpdesk.OpenAsync();
        Visit visit = await desk.ConnectAsync();
        await using Sight sight = visit.Watch();
        await sight.NextAsync();
        Task<Exception?> reading = sight.EndAsync();

        await visit.Session.DisposeAsync();

        Assert.Null(await reading.WaitAsync(Helpdesk.Limit()));
    }

    public enum Takeback { Revoke, Block, Stop }

    [Theory]
    [InlineData(Takeback.Revoke, RefusalReason.Revoked)]
    [InlineData(Takeback.Block, RefusalReason.Blocked)]
    [InlineData(Takeback.Stop, RefusalReason.Stopped)]
    public Task Takeback_FromAnotherProcessOfTheCustomer_EndsTheSessionWithinASecond(Takeback takeback, RefusalReason reason) =>
        Promptly.Within(Promised, () => TakeBackAsync(takeback, reason));

    private static async Task<TimeSpan> TakeBackAsync(Takeback takeback, RefusalReason reason)
    {
        await using Helpdesk desk = await Helpdesk.OpenAsync(new HelpdeskSetup { IsBlank = false });
        Visit visit = await desk.ConnectAsync();
        await using TrustFlow other = desk.OpenTrust();
        await using Sight sight = visit.Watch();
        await sight.NextAsync();
        Task<Exception?> reading = sight.EndAsync();
        await visit.Session.Input.KeyAsync(Keysym.Control, true);
        await visit.Session.Input.ButtonAsync(MouseButton.Left, true);
        await visit.Session.PingAsync(Helpdesk.Limit());
        Assert.Single(desk.Desktop.PressedKeys);
        using var flood = new CancellationTokenSource();
        Task typing = TypeUntilRefusedAsync(visit, flood.Token);

        long start = Stopwatch.GetTimestamp();
        if (takeback == Takeback.Revoke) Assert.True(await other.RevokeAsync(desk.Grant.Id, "Erika Mustermann", Helpdesk.Limit()));
        else if (takeback == Takeback.Stop) await other.StopSessionsAsync("Erika Mustermann", Helpdesk.Limit());
        else await other.BlockAsync(desk.Time.GetUtcNow().AddHours(1), "Erika Mustermann", Helpdesk.Limit());
        SessionEnd end = await visit.Session.Completion.WaitAsync(Helpdesk.Limit());
        TimeSpan took = Stopwatch.GetElapsedTime(start);
        await visit.Serving.WaitAsync(Helpdesk.Limit());
        (string typed, uint[] held) = (desk.Desktop.Text, [.. desk.Desktop.PressedKeys]);
        await flood.CancelAsync();
        await typing;

        Assert.Equal((SessionEndKind.EndedByComputer, reason), (end.Kind, end.Reason));
        Assert.Empty(held);
        desk.AssertNothingIsHeld();
        Assert.Equal(typed, desk.Desktop.Text);
        AccessRefusedException refusal = Assert.IsType<AccessRefusedException>(await reading.WaitAsync(Helpdesk.Limit()));
        Assert.Equal(reason, refusal.Reason);
        Assert.Equal(reason.ToString(), (string?)Assert.Single(desk.History("session.ended")).Data()["reason"]);
        if (takeback == Takeback.Stop)
        {
            await (await desk.ConnectAsync()).Session.PingAsync(Helpdesk.Limit());
            desk.AssertLedgerIsWhole();
            return took;
        }

        AccessRefusedException again = await Assert.ThrowsAsync<AccessRefusedException>(() => desk.ConnectAsync());
        // A tenant whose last grant is gone is a stranger, and strangers are told nothing.
        Assert.Equal(takeback == Takeback.Revoke ? RefusalReason.NotAuthorized : reason, again.Reason);
        desk.AssertLedgerIsWhole();
        return took;
    }

    [Fact]
    public async Task Block_WhenItIsOver_LetsTheTechnicianInAgain()
    {
        var time = new FakeTime();
        await using Helpdesk desk = await Helpdesk.OpenAsync(new HelpdeskSetup { Time = time });
        await desk.Trust.BlockAsync(time.GetUtcNow().AddMinutes(5), "Erika Mustermann", Helpdesk.Limit());
        AccessRefusedException refusal = await Assert.ThrowsAsync<AccessRefusedException>(() => desk.ConnectAsync());
        Assert.Equal(RefusalReason.Blocked, refusal.Reason);

        time.Advance(TimeSpan.FromMinutes(6));

        Visit visit = await desk.ConnectAsync();
        await visit.Session.PingAsync(Helpdesk.Limit());
    }

    [Fact]
    public async Task Grant_Expires_EndsTheSession()
    {
        var time = new FakeTime();
        await using Helpdesk desk = await Helpdesk.OpenAsync(new HelpdeskSetup { Time = time, GrantLasts = TimeSpan.FromSeconds(20) });
        Visit visit = await desk.ConnectAsync();
        Assert.Equal(desk.Grant.NotAfter, visit.Session.ExpiresAt);
        await AdvanceAsync(time, visit, TimeSpan.FromSeconds(19));
        Assert.False(visit.Session.Completion.IsCompleted);

        time.Advance(TimeSpan.FromSeconds(1.5));
        SessionEnd end = await visit.EndAsync();

        Assert.Equal((SessionEndKind.EndedByComputer, RefusalReason.Expired), (end.Kind, end.Reason));
        AccessRefusedException again = await Assert.ThrowsAsync<AccessRefusedException>(() => desk.ConnectAsync());
        Assert.Equal(RefusalReason.NotAuthorized, again.Reason);
    }

    [Fact]
    public async Task SessionCap_IsReached_EndsTheSessionButNotTheGrant()
    {
        var time = new FakeTime();
        await using Helpdesk desk = await Helpdesk.OpenAsync(new HelpdeskSetup { Time = time, Policy = new GrantPolicy { SessionCap = TimeSpan.FromMinutes(1) } });
        Visit visit = await desk.ConnectAsync();
        Assert.Equal(time.GetUtcNow() + TimeSpan.FromMinutes(1), visit.Session.ExpiresAt);
        await AdvanceAsync(time, visit, TimeSpan.FromSeconds(59));
        // Setting the computer's clock back does not prolong it.
        time.ShiftWallClock(TimeSpan.FromHours(-3));

        time.Advance(TimeSpan.FromSeconds(2));
        SessionEnd end = await visit.EndAsync();

        Assert.Equal((SessionEndKind.EndedByComputer, RefusalReason.Expired), (end.Kind, end.Reason));
        time.ShiftWallClock(TimeSpan.FromHours(3));
        Visit next = await desk.ConnectAsync();
        await next.Session.PingAsync(Helpdesk.Limit());
    }

    [Fact]
    public async Task Silence_ThirtySeconds_EndsBothSidesAsCut()
    {
        var time = new FakeTime();
        await using Helpdesk desk = await Helpdesk.OpenAsync(new HelpdeskSetup { Time = time });
        Visit visit = await desk.ConnectAsync(network: new BadNetworkOptions { SilentAfter = TimeSpan.FromSeconds(1) });
        await visit.Session.Input.KeyAsync(Keysym.Shift, true);
        await visit.Session.PingAsync(Helpdesk.Limit());
        time.Advance(TimeSpan.FromSeconds(29));
        Assert.False(visit.Session.Completion.IsCompleted);
        Assert.Single(desk.Agent.Sessions);

        time.Advance(TimeSpan.FromSeconds(2));
        SessionEnd end = await visit.Session.Completion.WaitAsync(Helpdesk.Limit());
        // The agent gives its farewell 6.5 s to leave.
        await Eventually.Is(() => desk.History("session.ended").Count == 1, "the agent ends the session too");
        time.Advance(TimeSpan.FromSeconds(7));
        await visit.Serving.WaitAsync(Helpdesk.Limit());

        Assert.Equal(SessionEndKind.Truncated, end.Kind);
        Assert.Equal("nothing was heard from the technician", (string?)Assert.Single(desk.History("session.ended")).Data()["text"]);
        desk.AssertNothingIsHeld();
        desk.AssertLedgerIsWhole();
    }

    [Fact]
    public async Task Agent_Stops_EndsItsSessionsWithAWord()
    {
        await using Helpdesk desk = await Helpdesk.OpenAsync();
        (MemoryLink near, MemoryLink far) = MemoryLink.CreatePair();
        using var stop = new CancellationTokenSource();
        Task serving = desk.Agent.ServeAsync(far, stop.Token);
        await using RemoteSession session = await desk.Viewer.ConnectAsync(near, desk.Grant, Helpdesk.Code, cancellationToken: Helpdesk.Limit());
        await session.Input.KeyAsync(Keysym.Alt, true);
        await session.PingAsync(Helpdesk.Limit());

        await stop.CancelAsync();
        SessionEnd end = await session.Completion.WaitAsync(Helpdesk.Limit());
        await serving.WaitAsync(Helpdesk.Limit());

        Assert.Equal((SessionEndKind.EndedByComputer, RefusalReason.SessionEnded, "the agent is stopping"), (end.Kind, end.Reason, end.Text));
        desk.AssertNothingIsHeld();
        Assert.Empty(desk.Agent.Sessions);
    }

    /// <summary>In steps, with an answer after each, so that nobody takes the fake time that passes for silence.</summary>
    private static async Task AdvanceAsync(FakeTime time, Visit visit, TimeSpan by)
    {
        for (TimeSpan step = TimeSpan.FromSeconds(1); by > TimeSpan.Zero; by -= step)
        {
            time.Advance(step);
            await visit.Session.PingAsync(Helpdesk.Limit());
        }
    }

    private static async Task TypeUntilRefusedAsync(Visit visit, CancellationToken stop)
    {
        try
        {
            while (!stop.IsCancellationRequested)
            {
                await visit.Session.Input.TypeAsync("x", stop);
                await Task.Yield();
            }
        }
        catch (Exception error) when (error is ChannelException or OperationCanceledException)
        {
            Assert.NotNull(error.Message);
        }
    }
}
