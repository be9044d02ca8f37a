using RemoteAccess.Trust;

namespace RemoteAccess.Picture;

/// <summary>
/// A capture of the virtual desktop. Its two pooled frames each remember which part of them is out of date, so that a frame costs only
/// the copying of what changed since that frame was last lent.
/// </summary>
internal sealed class VirtualScreenCapture : IScreenCapture
{
    private readonly SharedScreen screen;
    private readonly OperationPermit permit;
    private readonly VirtualFrame[] pool;
    private readonly DamageRegion damage = new();
    private readonly FrameWait wait;
    private readonly CancellationTokenRegistration withdrawal;
    private CancellationToken cancellation;
    private CancellationTokenRegistration cancelling;
    private bool hasNews;
    private bool isDisposed;

    public VirtualScreenCapture(SharedScreen screen, OperationPermit permit)
    {
        this.screen = screen;
        this.permit = permit;
        wait = new FrameWait(TakeAfterWaiting);
        pool = [new VirtualFrame(screen), new VirtualFrame(screen)];
        lock (screen.Gate)
        {
            screen.Attach(this);
            Rearranged();
        }

        withdrawal = permit.Withdrawn.UnsafeRegister(WakeUp, this);
    }

    public ValueTask<ScreenFrame> CaptureAsync(CancellationToken cancellationToken)
    {
        ValueTask<ScreenFrame> waiting;
        try
        {
            lock (screen.Gate)
            {
                ThrowIfEnded(cancellationToken);
                VirtualFrame frame = ChooseFrame();
                if (hasNews) return ValueTask.FromResult<ScreenFrame>(Lend(frame));
                waiting = wait.Arm();
            }
        }
        catch (Exception end) when (end is AccessRefusedException or DesktopException or OperationCanceledException)
        {
            return ValueTask.FromException<ScreenFrame>(end);
        }

        // The caller does not go on before it has the result of this method, so nothing else looks at these two.
        cancellation = cancellationToken;
        cancelling = cancellationToken.UnsafeRegister(WakeUp, this);
        return waiting;
    }

    public async ValueTask DisposeAsync()
    {
        lock (screen.Gate)
        {
            if (isDisposed) return;
            isDisposed = true;
            screen.Detach(this);
            foreach (VirtualFrame frame in pool) frame.Retire();
            wait.Wake();
        }

        await withdrawal.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Under the gate: pixels, or with no damage only the cursor, have changed.</summary>
    public void Changed(ReadOnlySpan<PixelRect> changed)
    {
        damage.Add(changed);
        foreach (VirtualFrame frame in pool) frame.Stale.Add(changed);
        hasNews = true;
        wait.Wake();
    }

    /// <summary>Under the gate: the layout and with it every pixel has changed.</summary>
    public void Rearranged()
    {
        PixelRect all = screen.Canvas.Bounds;
        damage.ReplaceBy(all);
        foreach (VirtualFrame frame in pool) frame.Stale.ReplaceBy(all);
        hasNews = true;
        wait.Wake();
    }

    /// <summary>Under the gate: something other than the picture ends the waiting.</summary>
    public void Wake() => wait.Wake();

    private VirtualFrame TakeAfterWaiting()
    {
        cancelling.Dispose();
        lock (screen.Gate)
        {
            ThrowIfEnded(cancellation);
            return Lend(ChooseFrame());
        }
    }

    private void ThrowIfEnded(CancellationToken cancellationToken)
    {
        permit.Demand();
        cancellationToken.ThrowIfCancellationRequested();
        ObjectDisposedException.ThrowIf(isDisposed, this);
        if (screen.IsClosed) throw new DesktopException(DesktopError.DisplayLost, "The virtual desktop has been disposed. Make a new one.");
    }

    private VirtualFrame Lend(VirtualFrame frame)
    {
        hasNews = false;
        frame.Lend(damage);
        damage.Clear();
        return frame;
    }

    private static void WakeUp(object? state)
    {
        var capture = (VirtualScreenCapture)state!;
        lock (capture.screen.Gate) capture.wait.Wake();
    }

    private VirtualFrame ChooseFrame() => (pool[0].IsLent, pool[1].IsLent) switch
    {
        (false, false) => pool[1].CostToRefresh < pool[0].CostToRefresh ? pool[1] : pool[0],
        (false, true) => pool[0],
        (true, false) => pool[1],
        (true, true) => throw new InvalidOperationException("Both frames of this capture are lent. Dispose one before asking for a third."),
    };
}
