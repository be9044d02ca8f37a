using RemoteAccess.Interop;

namespace RemoteAccess.Picture;

/// <summary>
/// The screen by BitBlt: everywhere where there is a screen, but nothing says what changed, so each look reads all of it and compares. SRCCOPY
/// without CAPTUREBLT: since Windows 8 the compositor's picture has layered windows in it anyway, and with CAPTUREBLT the mouse flickers at each look.
/// </summary>
/// <param name="lifeMilliseconds">When it is time to ask for something better; null for never.</param>
internal sealed class GdiSource(int? lifeMilliseconds) : IScreenSource
{
    private readonly MonitorLayout monitors = new();
    private readonly GdiCursor cursor = new();
    private readonly nint context = Gdi32.CreateCompatibleDC(0);
    private readonly long openedAt = Environment.TickCount64;

    public ScreenLayout Layout
    {
        get
        {
            _ = monitors.Refresh();
            return monitors.Current;
        }
    }

    public CursorState Cursor => cursor.Read(monitors.Desktop);

    public ScreenRead Read(LentFrame target, FramePool pool, DamageList damage)
    {
        if (Environment.TickCount64 - openedAt > lifeMilliseconds) return ScreenRead.Lost;
        if (!Copy(target)) return ScreenRead.Refused;
        Span<uint> now = target.Memory.Pixels;
        UnusedByte.Clear(now);
        if (pool.Last is { } last && last.Size == target.Size) FrameComparison.Find(last.Memory.Pixels, now, target.Size, damage);
        return ScreenRead.Done;
    }

    public void Rest(WakeEvent signal, int milliseconds) => _ = signal.Wait(milliseconds);

    public void Dispose() => _ = Gdi32.DeleteDC(context);

    private bool Copy(LentFrame target)
    {
        // Its own each time: one that is kept shows the mode and the desktop that were when it was got.
        nint screen = User32Screen.GetDC(0);
        if (screen == 0) return false;
        nint before = Gdi32.SelectObject(context, target.Memory.Bitmap);
        bool isCopied = before != 0 && Gdi32.BitBlt(context, 0, 0, target.Size.Width, target.Size.Height, screen, monitors.Desktop.X, monitors.Desktop.Y, Gdi32.SourceCopy) != 0;
        _ = Gdi32.GdiFlush();
        if (before != 0) _ = Gdi32.SelectObject(context, before);
        _ = User32Screen.ReleaseDC(0, screen);
        return isCopied;
    }
}
