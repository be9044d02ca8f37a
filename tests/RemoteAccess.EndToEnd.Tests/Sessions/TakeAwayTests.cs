using System.Diagnostics;
using System.Globalization;
using RemoteAccess.Sessions;
using RemoteAccess.Transport;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

/// <summary>What the customer, or the clock, can do against a session.</summary>
public enum TakeAway
{
    Revoke,
    RevokeElsewhere,
    Block,
    Stop,
    Expire,
    HoursEnd,
    Withdraw,
    WithdrawElsewhere,
    WithdrawFromSession,
    Prompt,
}

/// <summary>
/// Each way of taking access away, at each of twelve points between a technician's first byte and a busy session, many times over: nothing is carried out
/// later than 1 s after it, and the technician is told the reason. REMOTEACCESS_TAKE_AWAYS=N repeats each N times; otherwise 100 times, and 25 those that are another's variant
/// (by another process, in the session instead of the grant, one session instead of all). Where the session goes on (an operation withdrawn, <see cref="TakeAway.Prompt"/>),
/// each <see cref="WatchedEach"/>th time stays until that second is over; the others leave at once.
/// </summary>
[Trait("Category", "Slow")]
public sealed class TakeAwayTests
{
    /// <summary>1 to 7: before that frame of the connecting goes on. 8 to 12: in a session that does nothing, is watched, holds a key, is typed into, and both.</summary>
    private const int Points = 12, LastFrame = 7, RoundsAnOffice = 25, WatchedEach = 25;

    private const Operations Wanted = Operations.ViewScreen | Operations.ControlInput;
    private static readonly TimeSpan Promised = TimeSpan.FromSeconds(1), Watched = TimeSpan.FromSeconds(1.2), Soon = TimeSpan.FromSeconds(20);
    private static readonly int? AskedTimes = Environment.GetEnvironmentVariable("REMOTEACCESS_TAKE_AWAYS") is { } asked ? int.Parse(asked, CultureInfo.InvariantCulture) : null;

    public static TheoryData<TakeAway> Ways => [.. Enum.GetValues<TakeAway>()];

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task TakeAway_AtEachPoint_NothingIsExecutedLater(TakeAway way)
    {
        // A stop ends what runs, and nothing that has not begun; nor is there a session before from which to withdraw: from its grant everything can be, at each point.
        int[] points = [.. Enumerable.Range(1, Points).Where(point => way is not (TakeAway.Stop or TakeAway.WithdrawFromSession) || point >= LastFrame)];
        int offices = IsTogether(way) ? 2 : 4, times = AskedTimes ?? (IsVariant(way) ? 25 : 100);
        await Task.WhenAll(Enumerable.Range(0, offices).Select(first => Task.Run(() => RunAsync(way, points, times, first, offices))));
    }

    private static bool IsVariant(TakeAway way) => way is TakeAway.RevokeElsewhere or TakeAway.WithdrawElsewhere or TakeAway.WithdrawFromSession or TakeAway.Stop;

    /// <summary>What concerns one grant only can be tried side by side in one office, and the clock is set for all of them at once; what concerns everybody needs an office for each at a time.</summary>
    private static bool IsTogether(TakeAway way) => way is TakeAway.Revoke or TakeAway.RevokeElsewhere or TakeAway.Expire or TakeAway.HoursEnd or TakeAway.Withdraw or TakeAway.WithdrawElsewhere;

    /// <summary>Every so many-th time, from the first one given on, in one office after the other: grants and the ledger grow in each.</summary>
    private static async Task RunAsync(TakeAway way, int[] points, int times, int first, int step)
    {
        for (int time = first; time < times;)
        {
            await using var office = new TakeAwayOffice();
            for (int round = 0; round < RoundsAnOffice && time < times; round++, time += step) await RoundAsync(office, way, points, time);
        }
    }

    private static async Task RoundAsync(TakeAwayOffice office, TakeAway way, int[] points, int time)
    {
        office.BeginRound(way, Soon, IsTogether(way) ? points.Length : 1);
        if (IsTogether(way)) await Task.WhenAll(points.Select(point => TryAsync(office, way, point, time)));
        else foreach (int point in points) await TryAsync(office, way, point, time);
    }

    private static async Task TryAsync(TakeAwayOffice office, TakeAway way, int point, int time)
    {
        string where = $"{way} at point {point}, time {time}";
        Grant grant = await office.GrantAsync(way, Soon);
        await using var desktop = new WatchedDesktop(new VirtualDesktop(new VirtualDesktopOptions { Size = new PixelSize(128, 96), TimeProvider = office.Time }));
        var agent = new RemoteAccessAgent(office.Trust, desktop, office.Time);
        TimeSpan done = TimeSpan.Zero;
        async Task Act()
        {
            await office.TakeAwayAsync(way, grant, Soon);
            done = OwnTime.Now;
        }

        await using var relay = new PausingRelay(point <= LastFrame ? point : 0, Act);
        Task serving = agent.ServeAsync(relay.Agent, Helpdesk.Limit());
        // Only a screen that was withdrawn is not watched any more: a prompt takes the hands and leaves the eyes.
        bool isBlind = way is TakeAway.Withdraw or TakeAway.WithdrawElsewhere or TakeAway.WithdrawFromSession;
        Func<RemoteSession, Task<RefusalReason>>? goOn = isBlind || way == TakeAway.Prompt
            ? session => TryOnAsync(session, desktop, isBlind, point is LastFrame or 9 or 12, time % WatchedEach == 0 ? Watched : TimeSpan.Zero)
            : null;
        RefusalReason reason = await VisitAsync(office, grant, relay.Technician, desktop, point > LastFrame ? (point, Act) : null, goOn);
        await serving.WaitAsync(Helpdesk.Limit());

        // A tenant without any grant in force is told nothing before its technician's signature counts.
        bool isTold = reason == Expected(way) || (reason == RefusalReason.NotAuthorized && point <= 4 && way is TakeAway.Revoke or TakeAway.RevokeElsewhere or TakeAway.Expire);
        Assert.True(isTold, $"{where}: {reason}");
        TimeSpan last = way == TakeAway.Prompt ? desktop.LastInput : desktop.LastExecuted;
        Assert.True(last - done < Promised, $"{where}: something was executed {last - done} later");
        Assert.True(desktop.Inner.PressedKeys.Count == 0, $"{where}: a key is held");
        await office.GiveBackAsync(way);
    }

    /// <summary>Connects, works until the end comes, and gives its reason.</summary>
    private static async Task<RefusalReason> VisitAsync(TakeAwayOffice office, Grant grant, MemoryLink link, WatchedDesktop desktop, (int Point, Func<Task> Act)? later, Func<RemoteSession, Task<RefusalReason>>? goOn)
    {
        RemoteSession session;
        try
        {
            session = await office.NewViewer().ConnectAsync(link, grant, Helpdesk.Code, new ConnectOptions { Operations = Wanted }, Helpdesk.Limit());
        }
        catch (AccessRefusedException refusal)
        {
            return refusal.Reason;
        }

        using var leaving = new CancellationTokenSource();
        Task working = Task.CompletedTask;
        if (later is { } at)
        {
            working = await PrepareAsync(session, at.Point, desktop, leaving.Token);
            await at.Act();
        }
        else
        {
            // Whatever was taken away on the way here: the technician tries to work on.
            working = Task.WhenAll(WatchAsync(session, leaving.Token), TypeAsync(session, leaving.Token));
        }

        RefusalReason reason = goOn is null ? (await session.Completion.WaitAsync(Helpdesk.Limit())).Reason : await goOn(session);
        await session.DisposeAsync();
        await leaving.CancelAsync();
        await working;
        return reason;
    }

    /// <summary>The session goes on without its hands, and perhaps its eyes: nothing more is carried out however long it tries, and the technician is told why.</summary>
    private static async Task<RefusalReason> TryOnAsync(RemoteSession session, WatchedDesktop desktop, bool isBlind, bool isWatching, TimeSpan watched)
    {
        // What was on its way when it was taken away has been answered by the first ping, and another process has seen it when the first is refused; one frame may be under way.
        await session.PingAsync(Helpdesk.Limit());
        while (isBlind && session.Input.Refused is null)
        {
            await session.Input.ClickAsync(3, 3, cancellationToken: Helpdesk.Limit());
            await session.PingAsync(Helpdesk.Limit());
        }
        (long inputs, long frames) = (desktop.Inputs, desktop.Frames);
        using var leaving = new CancellationTokenSource();
        Task watching = isBlind && !isWatching ? WatchAsync(session, leaving.Token) : Task.CompletedTask;
        long begun = Stopwatch.GetTimestamp();
        do
        {
            await session.Input.ClickAsync(3, 3, cancellationToken: Helpdesk.Limit());
            await session.PingAsync(Helpdesk.Limit());
            Assert.Equal(inputs, desktop.Inputs);
            if (isBlind) Assert.InRange(desktop.Frames - frames, 0, isWatching ? 1 : 0);
            if (watched > TimeSpan.Zero) await Task.Delay(20, Helpdesk.Limit());
        }
        while (Stopwatch.GetElapsedTime(begun) < watched);

        await leaving.CancelAsync();
        await watching;
        return session.Input.Refused?.Reason ?? RefusalReason.None;
    }

    private static async Task<Task> PrepareAsync(RemoteSession session, int point, WatchedDesktop desktop, CancellationToken leaving)
    {
        CancellationToken limit = Helpdesk.Limit();
        Task working = Task.CompletedTask;
        if (point is 9 or 12)
        {
            working = WatchAsync(session, leaving);
            while (desktop.Frames == 0) await session.PingAsync(limit);
        }
        if (point is 10 or 12)
        {
            await session.Input.KeyAsync(Keysym.Control, true, limit);
            await session.PingAsync(limit);
        }
        if (point is 11 or 12)
        {
            working = Task.WhenAll(working, TypeAsync(session, leaving));
            while (desktop.Inputs == 0) await session.PingAsync(limit);
        }
        return working;
    }

    private static async Task WatchAsync(RemoteSession session, CancellationToken leaving) => await UntilTheEndAsync(async () =>
    {
        await foreach (Picture.PictureUpdate update in session.Picture.ReadUpdatesAsync(cancellationToken: leaving)) _ = update.IsExact;
    });

    private static async Task TypeAsync(RemoteSession session, CancellationToken leaving) => await UntilTheEndAsync(async () =>
    {
        while (!leaving.IsCancellationRequested && !session.Completion.IsCompleted)
        {
            await session.Input.TypeAsync("x", leaving);
            await Task.Delay(1, leaving);
        }
    });

    private static async Task UntilTheEndAsync(Func<Task> work)
    {
        try
        {
            await Task.Run(work);
        }
        catch (Exception end) when (end is AccessRefusedException or ChannelException or OperationCanceledException)
        {
            return;
        }
    }

    private static RefusalReason Expected(TakeAway way) => way switch
    {
        TakeAway.Revoke or TakeAway.RevokeElsewhere => RefusalReason.Revoked,
        TakeAway.Block => RefusalReason.Blocked,
        TakeAway.Stop => RefusalReason.Stopped,
        TakeAway.Expire => RefusalReason.Expired,
        TakeAway.HoursEnd => RefusalReason.OutsideHours,
        TakeAway.Withdraw or TakeAway.WithdrawElsewhere or TakeAway.WithdrawFromSession => RefusalReason.Withdrawn,
        TakeAway.Prompt => RefusalReason.InputSuspended,
        _ => throw new ArgumentOutOfRangeException(nameof(way)),
    };
}
