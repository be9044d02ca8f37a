using RemoteAccess.Interop;
using RemoteAccess.Trust;

namespace RemoteAccess.Picture;

/// <summary>
/// Capture of the root window. One round, on the display's own thread, when a caller waits and something has changed:
/// 1. layout, if the server announced a change; another size means new buffers and everything damaged;
/// 2. take the damage (before reading, so that nothing drawn later is missed);
/// 3. mark its rows stale in every buffer, choose the freshest free one, read its stale rows in place;
/// 4. damage that came in while reading may show in the picture already: it counts for this frame and for the next;
/// 5. cursor, permit once more, lend.
/// </summary>
internal sealed unsafe class XDamageCapture : DisplayThread, IScreenCapture
{
    private const int BufferCount = 2;

    /// <summary>How long a pointer moved by a program may go unseen.</summary>
    private const int LookAgainMilliseconds = 250;

    /// <summary>The same without XInput2, where asking is the only way: 60 Hz.</summary>
    private const int AskMilliseconds = 16;

    /// <summary>After a call the next one mostly follows soon; if none does for so long, the mouse's events are cancelled.</summary>
    private const int DisarmMilliseconds = 100;

    private readonly OperationPermit permit;
    private readonly TimeProvider time;
    private readonly bool mayShare;
    private readonly PendingCall<ScreenFrame> call = new();
    private readonly DamageList pending = new();
    private readonly DamageList late = new();
    private readonly LentFrame[] buffers = new LentFrame[BufferCount];
    private CancellationTokenRegistration withdrawal;
    private DamageSource? damage;
    private CursorSource? cursor;
    private LayoutSource? layout;
    private PointerMotion? motion;
    private ScreenLayout? deliveredLayout;
    private CursorState deliveredCursor;
    private CursorState knownCursor;
    private long askedAt;
    private Exception? failure;
    private int disposed;

    public XDamageCapture(string? displayName, OperationPermit permit, TimeProvider time, bool mayShare) : base(displayName, "RemoteAccess X11 capture")
    {
        this.permit = permit;
        this.time = time;
        this.mayShare = mayShare;
    }

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
        RootFormat.Demand(Connection);
        damage = new DamageSource(Connection);
        cursor = new CursorSource(Connection);
        layout = new LayoutSource(Connection);
        motion = new PointerMotion(Connection);
        _ = Connection.Sync();
        Allocate(layout.Current);
        withdrawal = permit.Withdrawn.UnsafeRegister(static self => ((XDamageCapture)self!).AnswerIfWithdrawn(), this);
    }

    protected override void Work()
    {
        while (!IsStopping)
        {
            ReadEvents();
            bool asked = call.IsWaiting;
            if (asked && (AnswerIfWithdrawn() || TryCapture())) continue;
            if (!call.IsWaiting)
            {
                Rest();
                continue;
            }
            motion!.Arm();
            if (Cursor() != deliveredCursor) continue;
            WaitForActivity(motion.IsAvailable ? LookAgainMilliseconds : AskMilliseconds);
        }
    }

    /// <summary>Nobody asks. Whatever the server says meanwhile, or nothing for some time, ends the watch on the mouse.</summary>
    private void Rest()
    {
        WaitForActivity(motion!.IsArmed ? DisarmMilliseconds : -1);
        if (!call.IsWaiting) motion.Disarm();
    }

    /// <summary>The cursor, asked for unless it is known to be where it was.</summary>
    private CursorState Cursor()
    {
        if (motion!.IsStill && !cursor!.IsPending && time.GetElapsedTime(askedAt) < TimeSpan.FromMilliseconds(LookAgainMilliseconds)) return knownCursor;
        motion.Asking();
        askedAt = time.GetTimestamp();
        return knownCursor = cursor!.Read();
    }

    protected override void Fail(Exception error)
    {
        Volatile.Write(ref failure, error);
        call.TryFail(error);
    }

    protected override void CleanUp()
    {
        withdrawal.Dispose();
        foreach (LentFrame? buffer in buffers) buffer?.Retire(Connection);
        call.TryFail(Closed());
    }

    private static ObjectDisposedException Closed() => new(nameof(IScreenCapture));

    private void ReadEvents()
    {
        if (LibX11.XPending(Connection.Display) > 0) HandleQueued();
        Connection.ThrowIfLost();
    }

    /// <summary>What has been read from the socket; asking for more would cost a look at it for every event.</summary>
    private void HandleQueued()
    {
        XEvent xevent;
        while (LibX11.XEventsQueued(Connection.Display, LibX11.QueuedAlready) > 0)
        {
            _ = LibX11.XNextEvent(Connection.Display, &xevent);
            damage!.Handle(&xevent);
            cursor!.Handle(&xevent);
            layout!.Handle(&xevent);
            motion!.Handle(&xevent);
        }
    }

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

    /// <summary>One round; true when the call has been answered or another round is due at once.</summary>
    private bool TryCapture()
    {
        PixelRect desktop = Area(layout!.Current);
        bool layoutChanged = (layout.IsPending && layout.Refresh()) | layout.Current != deliveredLayout;
        if (layout.Current.Size != buffers[0].Size)
        {
            Allocate(layout.Current);
            desktop = Area(layout.Current);
        }
        if (damage!.IsPending) TakeDamage(pending, desktop);
        CursorState cursorNow = Cursor();
        if (pending.IsEmpty && !layoutChanged && cursorNow == deliveredCursor) return false;

        LentFrame? frame = FreshestFree();
        if (frame is null)
        {
            call.TryFail(new InvalidOperationException("Two frames are lent already: dispose one before asking for a third."));
            return true;
        }
        if (!frame.Refresh(Connection))
        {
            // Only a change of size makes the server refuse. Its event is on the way; do not wait for it.
            if (!layout.Refresh() && layout.Current.Size == frame.Size)
                throw new DesktopException(DesktopError.UnsupportedFormat, "The X server refuses to read its root window.");
            return true;
        }
        long readAt = time.GetTimestamp();
        frame.DamageList.Clear();
        frame.DamageList.Add(pending, desktop);
        TakeLateDamage(frame, desktop);
        Deliver(frame, layout.Current, cursorNow, readAt);
        return true;
    }

    private void TakeDamage(DamageList into, PixelRect desktop)
    {
        late.Clear();
        damage!.Take(late, desktop);
        into.Add(late, desktop);
        foreach (LentFrame buffer in buffers) buffer.MarkStale(late);
    }

    private void TakeLateDamage(LentFrame frame, PixelRect desktop)
    {
        late.Clear();
        // What came in before the answers may still be below Xlib, where XEventsQueued does not look.
        ReadEvents();
        if (damage!.IsPending) TakeDamage(frame.DamageList, desktop);
    }

    private void Deliver(LentFrame frame, ScreenLayout layoutNow, CursorState cursorNow, long readAt)
    {
        if (AnswerIfWithdrawn()) return;
        bool isWanted = call.TryClaim();
        if (isWanted)
        {
            pending.Clear();
            deliveredLayout = layoutNow;
            deliveredCursor = cursorNow;
        }

        // `late` holds what came in while reading; it is part of this frame's damage and must be part of the next one's too.
        pending.Add(late, Area(layoutNow));
        if (!isWanted) return;
        frame.Lend(layoutNow, cursorNow, readAt);
        call.Complete(frame);
    }

    private LentFrame? FreshestFree()
    {
        LentFrame? best = null;
        foreach (LentFrame buffer in buffers)
        {
            if (buffer.IsFree && (best is null || buffer.StaleRowCount < best.StaleRowCount)) best = buffer;
        }
        return best;
    }

    private void Allocate(ScreenLayout now)
    {
        for (int i = 0; i < BufferCount; i++)
        {
            LentFrame? old = buffers[i];
            buffers[i] = new LentFrame(PixelMemory.Allocate(Connection, now.Size, mayShare), now);
            old?.Retire(Connection);
        }
        pending.Clear();
        pending.Add(Area(now), Area(now));
    }

    private static PixelRect Area(ScreenLayout layout) => new(0, 0, layout.Size.Width, layout.Size.Height);
}
