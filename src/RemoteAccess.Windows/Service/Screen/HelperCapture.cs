using RemoteAccess.Sessions;
using RemoteAccess.Transport;

namespace RemoteAccess.Picture;

/// <summary>
/// Capture of a screen that the session helper reads. It outlives helpers: while there is none, or the one there cannot capture, one black frame is lent, then nothing
/// until another can.
/// </summary>
internal sealed class HelperCapture : IScreenCapture
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly PixelSize Nothing = new(1280, 720);

    private readonly HelperHome home;
    private readonly Permission permit;
    private readonly TimeProvider time;
    private readonly DamageList pending = new();
    private readonly FramePool pool = new();
    private readonly CancellationTokenRegistration withdrawal;
    private FrameChannel? channel;
    private ScreenLayout layout = new(Nothing, [new MonitorArea("none", new PixelRect(0, 0, Nothing.Width, Nothing.Height), IsPrimary: true)]);
    private bool isDark;
    private bool isWhole;
    private bool isDisposed;

    /// <param name="home">Where helpers come and go.</param>
    /// <param name="permit">Asked before every frame.</param>
    /// <param name="time">Of <see cref="ScreenFrame.CapturedAt"/>, and for pauses.</param>
    public HelperCapture(HelperHome home, Permission permit, TimeProvider time)
    {
        (this.home, this.permit, this.time) = (home, permit, time);
        withdrawal = permit.Withdrawn.UnsafeRegister(static self => Volatile.Read(ref ((HelperCapture)self!).channel)?.Dispose(), this);
    }

    public async ValueTask<ScreenFrame> CaptureAsync(CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(isDisposed, this);
        permit.Demand();
        cancellationToken.ThrowIfCancellationRequested();
        if (!pool.Frames.Contains(null) && pool.Free() is null) throw new InvalidOperationException("Two frames are lent already: dispose one before asking for a third.");
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, permit.Withdrawn);
        try
        {
            while (true)
            {
                HelperLink? link = home.Current;
                if (await TryLendAsync(link, either.Token).ConfigureAwait(false) is { } frame) return frame;
                if (!isDark) return LendBlack();
                await home.WaitAsync(link, Pause, time, either.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (permit.Withdrawn.IsCancellationRequested)
        {
            permit.Demand();
            throw;
        }
    }

    public ValueTask DisposeAsync()
    {
        isDisposed = true;
        withdrawal.Dispose();
        Leave();
        pool.Retire();
        return ValueTask.CompletedTask;
    }

    private async Task<ScreenFrame?> TryLendAsync(HelperLink? link, CancellationToken cancellationToken)
    {
        if (channel is not null && channel.Link != link) Leave();
        if (link is null) return null;
        try
        {
            if (channel is null) Enter(link);
            DescribedFrame described = await channel!.NextAsync(cancellationToken).ConfigureAwait(false);
            permit.Demand();
            return Lend(described);
        }
        catch (Exception failure) when (failure is IOException or DesktopException)
        {
            permit.Demand();
            Leave();
            return null;
        }
    }

    private void Enter(HelperLink link)
    {
        Volatile.Write(ref channel, new FrameChannel(link));
        isWhole = false;
        // It may have been withdrawn before there was a channel to close.
        permit.Demand();
    }

    private void Leave()
    {
        channel?.Dispose();
        Volatile.Write(ref channel, null);
    }

    private LentFrame Lend(DescribedFrame described)
    {
        layout = described.Layout;
        PixelRect all = new(0, 0, layout.Size.Width, layout.Size.Height);
        // The first of another helper, or after black, is new as a whole, whatever it says.
        if (pool.Fit(layout) || isDark || !isWhole) AddToAll(all, all);
        foreach (PixelRect area in described.Damage) AddToAll(area, all);
        LentFrame frame = pool.Free()!;
        channel!.Copy(frame.Stale.Rectangles, frame.Memory.Pixels, layout.Size);
        frame.Stale.Clear();
        frame.MoveList.Clear();
        foreach (ScreenMove move in described.Moves) frame.MoveList.Add(move);
        (isDark, isWhole) = (false, true);
        return Deliver(frame, described.Cursor);
    }

    private LentFrame LendBlack()
    {
        PixelRect all = new(0, 0, layout.Size.Width, layout.Size.Height);
        _ = pool.Fit(layout);
        AddToAll(all, all);
        LentFrame frame = pool.Free()!;
        frame.Memory.Pixels.Clear();
        frame.MoveList.Clear();
        isDark = true;
        return Deliver(frame, default);
    }

    private LentFrame Deliver(LentFrame frame, CursorState cursor)
    {
        frame.DamageList.Clear();
        frame.DamageList.Add(pending, new PixelRect(0, 0, layout.Size.Width, layout.Size.Height));
        pending.Clear();
        frame.Lend(layout, cursor, time.GetTimestamp());
        pool.NoteLent(frame);
        return frame;
    }

    private void AddToAll(PixelRect area, PixelRect bounds)
    {
        pending.Add(area, bounds);
        foreach (LentFrame? frame in pool.Frames) frame!.Stale.Add(area, bounds);
    }
}
