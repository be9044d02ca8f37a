namespace RemoteAccess.Trust;

/// <summary>
/// What the pointer does on a strip: a press on a button, or a drag along the top of the monitor. Anybody's counts: whoever ends a session does no harm.
/// Places are in pixels of the strip. Pure.
/// </summary>
internal sealed class BannerHand(PixelRect monitor, Action stop, Action? details)
{
    private (bool IsStop, bool IsDetails, int DragFrom)? pressed;
    private double place = 0.5;

    /// <summary>Where the strip belongs; pixels of the desktop.</summary>
    public PixelRect AreaOf(BannerLayout layout) => new(monitor.X + (int)((monitor.Width - layout.Width) * place), monitor.Y, layout.Width, layout.Height);

    public void Press(BannerLayout layout, int x, int y) => pressed = (layout.Stop.Holds(x, y), layout.Details.Holds(x, y), x);

    /// <returns>Whether the strip belongs elsewhere now.</returns>
    public bool Move(PixelRect area, int x)
    {
        if (pressed is not { IsStop: false, IsDetails: false, DragFrom: var from } || monitor.Width <= area.Width) return false;
        place = Math.Clamp((double)(area.X + x - from - monitor.X) / (monitor.Width - area.Width), 0, 1);
        return true;
    }

    public void Release(BannerLayout layout, int x, int y)
    {
        if (pressed is not { } began) return;
        pressed = null;
        if (began.IsStop && layout.Stop.Holds(x, y)) stop();
        if (began.IsDetails && layout.Details.Holds(x, y)) details?.Invoke();
    }

    /// <summary>There is another window under the hand.</summary>
    public void Forget() => pressed = null;
}
