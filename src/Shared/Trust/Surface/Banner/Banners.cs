namespace RemoteAccess.Trust;

/// <summary>A strip on every monitor while anybody is connected, since every monitor may be watched. There is no way to do without. On the surface's thread.</summary>
internal sealed class Banners(SurfaceStage stage, Action stop, Action? details) : IDisposable
{
    private readonly List<BannerWindow> windows = [];
    private BannerWords? words;

    public IReadOnlyList<BannerWindow> Windows => windows;

    public IReadOnlyList<BannerLook> Looks => [.. windows.Select(window => window.Look)];

    /// <summary>Whether every strip that has to be there can be seen; true while none has to.</summary>
    public bool AreSeen => (words is null || windows.Count > 0) && windows.TrueForAll(window => window.IsSeen);

    /// <summary>Whether each was looked at since it was drawn.</summary>
    public bool AreLookedAt => windows.TrueForAll(window => window.IsLookedAt);

    /// <summary>Brings the strips to what is so.</summary>
    /// <param name="next">What they say; null when nobody is connected.</param>
    public void Refresh(BannerWords? next)
    {
        if (stage.HasChanged()) Clear();
        if (next is null) Clear();
        else Show(next);
        foreach (BannerWindow window in windows) window.Refresh();
    }

    public void Dispose() => Clear();

    private void Show(BannerWords next)
    {
        if (next == words && windows.Count > 0) return;
        words = next;
        List<PixelRect> monitors = Monitors();
        for (int i = 0; i < monitors.Count; i++)
        {
            DrawingStyle style = stage.StyleAt(monitors[i]);
            BannerLayout layout = new(next, stage.Texts["banner.stop"], details is null ? null : stage.Texts["banner.details"], style.Colours, style.Letters, style.Scale, monitors[i].Width);
            if (i < windows.Count) windows[i].Take(layout);
            else windows.Add(new BannerWindow(stage, style, monitors[i], layout, stop, details));
        }
    }

    /// <summary>Monitors that show the same part of the desktop get one strip between them; two would hide each other.</summary>
    private List<PixelRect> Monitors()
    {
        List<PixelRect> chosen = [];
        foreach (PixelRect monitor in stage.Monitors)
        {
            if (chosen.TrueForAll(other => other.Intersect(monitor).IsEmpty)) chosen.Add(monitor);
        }
        return chosen;
    }

    private void Clear()
    {
        foreach (BannerWindow window in windows) window.Dispose();
        windows.Clear();
        words = null;
    }
}
