using RemoteAccess.Interop;
using RemoteAccess.Sessions;

namespace RemoteAccess.Picture;

/// <summary>
/// Capture of the screen. One round, on its own thread, when a caller waits:
/// 1. follow the input desktop, now and then and whenever reading fails; make a source if there is none;
/// 2. a buffer of the layout's size; another size means new buffers and everything damaged;
/// 3. read the screen into a buffer that is not lent, which tells what changed; the cursor;
/// 4. nothing changed: rest, the longer the longer nothing has; else the permit once more, and lend.
/// While the screen cannot be read (locked, a secure desktop), one black picture is lent, then nothing until it can be read again.
/// </summary>
internal sealed class ScreenCapture : DesktopThread, IWatchedCapture
{
    /// <summary>How often the input desktop is looked for while reading works, and while it does not.</summary>
    private const int FollowMilliseconds = 250;

    private readonly Permission permit;
    private readonly TimeProvider time;
    private readonly Func<IScreenSource> openSource;
    private readonly Func<IInputDesktop> openDesktop;
    private readonly PendingCall<ScreenFrame> call = new();
    private readonly DamageList pending = new();
    private readonly FramePool pool = new();
    private readonly LookPace pace = new();
    private CancellationTokenRegistration withdrawal;
    private IInputDesktop? desktop;
    private IScreenSource? source;
    private ScreenLayout? deliveredLayout;
    private CursorState deliveredCursor;
    private long followedAt, looks;
    private bool isAway;
    private bool isDark;
    private Exception? failure;
    private int disposed;

    /// <param name="permit">Asked before every frame.</param>
    /// <param name="time">Of <see cref="ScreenFrame.CapturedAt"/>.</param>
    /// <param name="openSource">On the capture's thread.</param>
    /// <param name="openDesktop">On the capture's thread.</param>
    public ScreenCapture(Permission permit, TimeProvider time, Func<IScreenSource> openSource, Func<IInputDesktop> openDesktop) : base("RemoteAccess Windows capture")
    {
        this.permit = permit;
        this.time = time;
        this.openSource = openSource;
        this.openDesktop = openDesktop;
    }

    public long Looks => Volatile.Read(ref looks);

    public ValueTask<ScreenFrame> CaptureAsync(CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref disposed) != 0, this);
        permit.Demand();
        cancellationToken.ThrowIfCancellationRequested();
        if (Volatile.Read(ref failure) is { } error) return ValueTask.FromException<ScreenFrame>(error);
        short token = call.Begin(cancellationToken);
        // The thread may have failed or been stopped in between.
        if (Volatile.Read(ref failure) is { } since) call.TryFail(since);
        if (IsStopping) call.TryFail(Closed());
        Wake();
        return new ValueTask<ScreenFrame>(call, token);
    }

    public new ValueTask DisposeAsync()
    {
        Volatile.Write(ref disposed, 1);
        return base.DisposeAsync();
    }

    protected override void Prepare()
    {
        desktop = openDesktop();
        FollowNow();
        if (!isAway) source = openSource();
        withdrawal = permit.Withdrawn.UnsafeRegister(static self => ((ScreenCapture)self!).AnswerIfWithdrawn(), this);
    }

    protected override void Work()
    {
        while (!IsStopping)
        {
            if (!call.IsWaiting) _ = Signal.Wait(-1);
            else if (AnswerIfWithdrawn() || TryCapture()) pace.Changed();
            else if (source is null) _ = Signal.Wait(isAway || isDark ? FollowMilliseconds : LookPace.LeastMilliseconds);
            else source.Rest(Signal, pace.Next());
        }
    }

    protected override void Fail(Exception error)
    {
        Volatile.Write(ref failure, error);
        call.TryFail(error);
    }

    protected override void CleanUp()
    {
        withdrawal.Dispose();
        CloseSource();
        pool.Retire();
        desktop?.Dispose();
        call.TryFail(Closed());
    }

    private static ObjectDisposedException Closed() => new(nameof(IScreenCapture));

    private bool AnswerIfWithdrawn()
    {
        if (!permit.Withdrawn.IsCancellationRequested) return false;
        try
        {
            permit.Demand();
        }
        catch (AccessRefusedException refusal)
        {
            call.TryFail(refusal);
        }
        return true;
    }

    /// <summary>One round; true when the call has been answered.</summary>
    private bool TryCapture()
    {
        Volatile.Write(ref looks, looks + 1);
        if (Environment.TickCount64 - followedAt >= FollowMilliseconds) FollowNow();
        if (!isAway) source ??= openSource();
        if (source is null) return TryLendBlack();
        ScreenLayout layout = source.Layout;
        if (layout.Size.Area == 0) return TryLendBlack();
        if (pool.Fit(layout) || isDark) DamageAll(layout);
        if (FreeFrame() is not { } frame) return true;
        switch (source.Read(frame, pool, pending))
        {
            case ScreenRead.Lost:
                CloseSource();
                return false;
            case ScreenRead.Refused:
                CloseSource();
                FollowNow();
                return TryLendBlack();
        }
        isDark = false;
        CursorState cursor = source.Cursor;
        if (pending.IsEmpty && ReferenceEquals(layout, deliveredLayout) && cursor == deliveredCursor) return false;
        _ = TryDeliver(frame, layout, cursor);
        return true;
    }

    private bool TryLendBlack()
    {
        if (isDark && pool.Last is not null) return false;
        ScreenLayout layout = deliveredLayout ?? new MonitorLayout().Current;
        if (layout.Size.Area == 0) throw WindowsDesktop.NoScreen();
        _ = pool.Fit(layout);
        DamageAll(layout);
        if (FreeFrame() is not { } frame) return true;
        frame.Memory.Pixels.Clear();
        isDark = TryDeliver(frame, layout, default);
        return true;
    }

    private LentFrame? FreeFrame()
    {
        LentFrame? frame = pool.Free();
        frame?.MoveList.Clear();
        if (frame is null) call.TryFail(new InvalidOperationException("Two frames are lent already: dispose one before asking for a third."));
        return frame;
    }

    /// <summary>Damage stays pending until a caller has it: one that cancels loses none.</summary>
    private bool TryDeliver(LentFrame frame, ScreenLayout layout, CursorState cursor)
    {
        if (AnswerIfWithdrawn() || !call.TryClaim()) return false;
        frame.DamageList.Clear();
        frame.DamageList.Add(pending, Area(layout));
        pending.Clear();
        deliveredLayout = layout;
        deliveredCursor = cursor;
        frame.Lend(layout, cursor, time.GetTimestamp());
        pool.NoteLent(frame);
        call.Complete(frame);
        return true;
    }

    private void DamageAll(ScreenLayout layout)
    {
        pending.Clear();
        pending.Add(Area(layout), Area(layout));
        foreach (LentFrame? frame in pool.Frames) frame!.Stale.Add(Area(layout), Area(layout));
    }

    private void FollowNow()
    {
        followedAt = Environment.TickCount64;
        DesktopFollowed followed = desktop!.Follow();
        isAway = followed == DesktopFollowed.Refused;
        if (followed != DesktopFollowed.Same) CloseSource();
    }

    private void CloseSource()
    {
        source?.Dispose();
        source = null;
    }

    private static PixelRect Area(ScreenLayout layout) => new(0, 0, layout.Size.Width, layout.Size.Height);
}
