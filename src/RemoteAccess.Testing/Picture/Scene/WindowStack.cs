namespace RemoteAccess.Picture;

/// <summary>The windows in their order, bottom first, and where they may stand. The top one is active.</summary>
internal sealed class WindowStack
{
    // So much of a title bar stays within reach.
    private const int GripWidth = 64;

    private readonly TaskBar bar;
    private readonly DamageRegion dirty;
    private readonly List<SceneWindow> windows;
    private PixelRect desktop;

    public WindowStack(TaskBar bar, DamageRegion dirty, IEnumerable<SceneWindow> bottomToTop)
    {
        this.bar = bar;
        this.dirty = dirty;
        windows = [.. bottomToTop];
        if (Active is { } active) active.IsActive = true;
    }

    public IReadOnlyList<SceneWindow> BottomToTop => windows;

    public SceneWindow? Active => windows.Count > 0 ? windows[^1] : null;

    public SceneWindow? At(int x, int y)
    {
        for (int i = windows.Count - 1; i >= 0; i--)
        {
            if (SceneWindow.Contains(windows[i].Bounds, x, y)) return windows[i];
        }

        return null;
    }

    /// <summary>The topmost window that hides an area completely, by its index; −1 when the wallpaper shows.</summary>
    public int LowestVisible(PixelRect area) => windows.FindLastIndex(window => SceneWindow.Contains(window.Opaque, area));

    public void Raise(SceneWindow window)
    {
        if (window == Active) return;
        if (Active is { } active) active.IsActive = false;
        windows.Remove(window);
        windows.Add(window);
        window.IsActive = true;
        dirty.Add(window.Outer);
        foreach (SceneWindow each in windows) dirty.Add(bar.SlotFor(each.Order));
    }

    public void Move(SceneWindow window, int x, int y)
    {
        x = Math.Clamp(x, GripWidth - window.Bounds.Width, desktop.Width - GripWidth);
        y = Math.Clamp(y, 0, Math.Max(0, desktop.Height - bar.Bounds.Height - SceneWindow.TitleHeight));
        window.Place(window.Bounds with { X = x, Y = y });
    }

    /// <summary>Puts the windows where they stand on a desktop of this size: by default at first, later as near to where they were as it goes.</summary>
    public void Arrange(PixelRect newDesktop, PixelRect primary, bool isFirst)
    {
        desktop = newDesktop;
        foreach (SceneWindow window in windows)
        {
            if (isFirst) window.Place(DefaultPlace(window, primary));
            Move(window, window.Bounds.X, window.Bounds.Y);
        }
    }

    private static PixelRect DefaultPlace(SceneWindow window, PixelRect primary)
    {
        var notes = new PixelRect(
            primary.X + primary.Width / 10, primary.Y + primary.Height / 6, Math.Clamp(primary.Width / 2, 160, 700), Math.Clamp(primary.Height / 2, 120, 460));
        return window switch
        {
            NotesWindow => notes,
            ControlsWindow => new PixelRect(Math.Max(primary.X, Math.Min(notes.Right + 60, primary.Right - 360)), notes.Y + 56, 320, 166),
            _ => throw new ArgumentOutOfRangeException(nameof(window), window.Title, "No place is known for this window."),
        };
    }
}
