using RemoteAccess.Interop;
using RemoteAccess.Picture;

namespace RemoteAccess.Trust;

/// <summary>A strip on every monitor while anybody is connected, since every monitor may be watched. There is no way to do without. On the thread of its connection.</summary>
internal sealed unsafe class Banners(SurfaceStage stage, Action stop, Action details) : IDisposable
{
    private readonly List<BannerWindow> windows = [];
    private BannerWords? words;

    public IReadOnlyList<BannerLook> Looks => [.. windows.Select(window => window.Look)];

    /// <summary>Whether every strip that has to be there can be seen; true while none has to.</summary>
    public bool AreSeen => windows.TrueForAll(window => window.IsSeen);

    /// <summary>Whether each was looked at since it was drawn.</summary>
    public bool AreLookedAt => windows.TrueForAll(window => window.IsLookedAt);

    /// <summary>Brings the strips to what is so.</summary>
    /// <param name="next">What they say; null when nobody is connected.</param>
    public void Refresh(BannerWords? next)
    {
        if (stage.Layout.IsPending && stage.Layout.Refresh()) Clear();
        if (next is null) Clear();
        else Show(next);
        foreach (BannerWindow window in windows) window.Refresh();
    }

    public void Handle(XEvent* xevent)
    {
        foreach (BannerWindow window in windows) window.Handle(xevent);
    }

    public void Handle(Sessions.DeviceEvent did)
    {
        foreach (BannerWindow window in windows) window.Handle(did);
    }

    public void Dispose() => Clear();

    private void Show(BannerWords next)
    {
        if (next == words && windows.Count > 0) return;
        words = next;
        List<PixelRect> monitors = Monitors();
        for (int i = 0; i < monitors.Count; i++)
        {
            BannerLayout layout = new(next, stage.Texts["banner.stop"], stage.Texts["banner.details"], stage.Colours, stage.Letters, stage.Scale, monitors[i].Width);
            if (i < windows.Count) windows[i].Take(layout);
            else windows.Add(new BannerWindow(stage, monitors[i], layout, stop, details));
        }
    }

    /// <summary>Monitors that show the same part of the desktop get one strip between them; two would hide each other.</summary>
    private List<PixelRect> Monitors()
    {
        List<PixelRect> chosen = [];
        foreach (MonitorArea monitor in stage.Layout.Current.Monitors)
        {
            if (chosen.TrueForAll(other => other.Intersect(monitor.Area).IsEmpty)) chosen.Add(monitor.Area);
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
