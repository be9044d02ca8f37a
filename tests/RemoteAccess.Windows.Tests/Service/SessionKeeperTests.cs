using System.ComponentModel;
using Microsoft.Extensions.Logging.Abstractions;
using RemoteAccess.Interop;

namespace RemoteAccess.Tests;

/// <summary>Switching users, logging off and on, locking, dying helpers: on sessions that a test makes, since Wine has one.</summary>
public sealed class SessionKeeperTests
{
    private readonly FakeSessions sessions = new();
    private readonly SessionChanges changes = new();
    private readonly FakeTime time = new();

    [Fact]
    public async Task Switch_ToAnotherSession_EndsTheProgramAndStartsItThere()
    {
        await using Running running = new(this);
        FakeProcess first = await sessions.NextAsync(session: 1);

        sessions.Active = 2;
        changes.Report();
        FakeProcess second = await sessions.NextAsync(session: 2);

        Assert.True(first.IsDisposed);
        Assert.False(second.Ended.IsCompleted);
        // Locking and unlocking report a change, and the screen stays where it is.
        changes.Report();
        changes.Report();
        await Eventually.Never(() => second.Ended.IsCompleted || !sessions.Started.IsEmpty, "a program of the same session was ended");
    }

    [Fact]
    public async Task LogOff_WithNoSessionForAMoment_WaitsForTheNext()
    {
        await using Running running = new(this);
        FakeProcess first = await sessions.NextAsync(session: 1);

        sessions.Active = null;
        first.End(1);
        changes.Report();
        await Eventually.Is(() => first.IsDisposed, "the first is over");
        await Eventually.Never(() => !sessions.Started.IsEmpty, "something was started in no session");
        sessions.Active = 3;
        changes.Report();

        await sessions.NextAsync(session: 3);
    }

    [Fact]
    public async Task Death_OfTheProgram_IsFollowedByAnotherAfterAWaitThatGrows()
    {
        await using Running running = new(this);
        TimeSpan wait = SessionKeeper.FirstWait;
        for (int life = 0; life < 8; life++)
        {
            FakeProcess process = await sessions.NextAsync(session: 1);
            int timers = time.PendingTimers;
            process.End(unchecked((int)0xC0000005));
            await Eventually.Is(() => process.IsDisposed && time.PendingTimers > 0, "it waits");
            time.Advance(wait - TimeSpan.FromMilliseconds(1));
            Assert.Empty(sessions.Started);
            time.Advance(TimeSpan.FromMilliseconds(1));
            wait = wait * 2 < SessionKeeper.LongestWait ? wait * 2 : SessionKeeper.LongestWait;
        }
        FakeProcess steady = await sessions.NextAsync(session: 1);
        Assert.Equal(SessionKeeper.LongestWait, wait);
        time.Advance(SessionKeeper.IsSteadyAfter);
        steady.End(0);
        await Eventually.Is(() => steady.IsDisposed && time.PendingTimers > 0, "it waits");
        time.Advance(SessionKeeper.FirstWait);

        await sessions.NextAsync(session: 1);
    }

    [Fact]
    public async Task Death_AgainAndAgain_IsTriedRarely()
    {
        await using Running running = new(this);
        for (int life = 0; life < SessionKeeper.MostQuickEnds; life++)
        {
            FakeProcess process = await sessions.NextAsync(session: 1);
            process.End(1);
            await Eventually.Is(() => process.IsDisposed && time.PendingTimers > 0, "it waits");
            if (life < SessionKeeper.MostQuickEnds - 1) time.Advance(SessionKeeper.LongestWait);
        }
        Assert.True(time.HasTimerAt(time.Elapsed + SessionKeeper.Rest));
        time.Advance(SessionKeeper.Rest - TimeSpan.FromMilliseconds(1));
        Assert.Empty(sessions.Started);
        time.Advance(TimeSpan.FromMilliseconds(1));
        await sessions.NextAsync(session: 1);
    }

    [Fact]
    public async Task Start_RefusedBecauseNobodyIsLoggedOn_IsTriedAgainWhenSomebodyIs()
    {
        sessions.Refusal = new Win32Exception(1008);
        await using Running running = new(this);
        await Eventually.Is(() => sessions.Refused == 1, "it was refused");

        sessions.Refusal = null;
        // No time passes: the change alone.
        await Eventually.Is(() =>
        {
            changes.Report();
            return !sessions.Started.IsEmpty;
        }, "it is started after the change");
        await sessions.NextAsync(session: 1);
    }

    [Fact]
    public async Task Stop_EndsTheProgram()
    {
        Running running = new(this);
        FakeProcess process = await sessions.NextAsync(session: 1);

        await running.DisposeAsync();

        Assert.True(process.IsDisposed);
    }

    /// <summary>Only the helper needs the system's rights. A surface that had them would have windows that any program of the user may send messages to.</summary>
    [Fact]
    public async Task Service_StartsTheHelperWithItsOwnRightsAndTheSurfaceWithTheUsers()
    {
        await new WindowsService(TestProgram.Options()).ServeAsync(sessions, changes, safeMode: null, async (_, _) => await Eventually.Is(() => sessions.Asked.Count == 2, "both are started"), static () => { }, default).WaitAsync(Eventually.Limit);

        Assert.Equal([(TestProgram.Helper, SessionAccount.Own), (TestProgram.Surface, SessionAccount.User)], sessions.Asked.Order());
    }

    private sealed class Running : IAsyncDisposable
    {
        private readonly CancellationTokenSource stop = new();
        private readonly Task running;

        public Running(SessionKeeperTests test) => running = new SessionKeeper("program", test.sessions, test.changes, test.time, NullLogger.Instance)
        {
            ArgumentList = () => ["argument"],
            Account = SessionAccount.Own,
            AttendAsync = static async (_, _, token) =>
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                return "over";
            },
        }.RunAsync(stop.Token);

        public async ValueTask DisposeAsync()
        {
            await stop.CancelAsync();
            await running.WaitAsync(Eventually.Limit);
            stop.Dispose();
        }
    }
}
