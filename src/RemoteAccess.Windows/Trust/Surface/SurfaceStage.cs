using RemoteAccess.Interop;
using RemoteAccess.Picture;

namespace RemoteAccess.Trust;

/// <summary>What every window of the surface needs: monitors and their densities, who did what, letters, colours, words. On the surface's thread.</summary>
internal sealed class SurfaceStage : IDisposable
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(500);

    private readonly WindowsSurfaceOptions options;
    private readonly MonitorLayout layout = new();
    private readonly Dictionary<double, Lettering> letters = [];
    private (PixelRect Area, double Scale)[] monitors = [];
    private Palette colours;
    private long lookedAt;

    public SurfaceStage(WindowsSurfaceOptions options)
    {
        this.options = options;
        Texts = SurfaceTexts.For(options.Culture);
        Times = new SurfaceTimes(Texts, options.Culture, options.Zone);
        Time = options.TimeProvider;
        colours = LookForColours();
        monitors = LookForMonitors();
        lookedAt = Time.GetTimestamp();
    }

    public SurfaceTexts Texts { get; }

    public SurfaceTimes Times { get; }

    public TimeProvider Time { get; }

    public MessageGate Gate { get; } = new(translates: true);

    public SheetHands Hands { get; } = new();

    /// <summary>Reads what the person pastes, and hands it on on this thread when it is there.</summary>
    public Action<Action<string>> Paste { get; set; } = static _ => { };

    /// <summary>Counts the times that everything has to be drawn anew.</summary>
    public int Version { get; private set; }

    /// <summary>Each in pixels of the desktop.</summary>
    public IEnumerable<PixelRect> Monitors => monitors.Select(monitor => monitor.Area);

    /// <summary>How things are drawn on the monitor with the middle of this area, or the nearest one.</summary>
    public DrawingStyle StyleAt(PixelRect area) => StyleAt(User32Desktop.MonitorFromPoint(new Point { X = area.X + (area.Width / 2), Y = area.Y + (area.Height / 2) }, User32Desktop.Nearest));

    public DrawingStyle StyleAt(nint monitor)
    {
        double scale = DesktopPlace.Scale(monitor, options.Scale);
        if (!letters.TryGetValue(scale, out Lettering? lettering)) letters[scale] = lettering = new Lettering(options.Culture, scale);
        return new DrawingStyle(colours, lettering, scale);
    }

    /// <summary>Whether there are other monitors, densities or a contrast theme since the last look; looked for twice a second.</summary>
    public bool HasChanged()
    {
        if (Time.GetElapsedTime(lookedAt) < LookAgain) return false;
        lookedAt = Time.GetTimestamp();
        (PixelRect, double)[] now = LookForMonitors();
        Palette palette = LookForColours();
        if (now.AsSpan().SequenceEqual(monitors) && palette == colours) return false;
        (monitors, colours) = (now, palette);
        Version++;
        return true;
    }

    public void Dispose()
    {
        Hands.Dispose();
        foreach (Lettering lettering in letters.Values) lettering.Dispose();
        letters.Clear();
    }

    private Palette LookForColours() => DesktopPlace.IsHighContrast(options.HighContrast) ? Palette.HighContrast : Palette.Normal;

    private (PixelRect Area, double Scale)[] LookForMonitors()
    {
        _ = layout.Refresh();
        return [.. layout.Current.Monitors.Select(monitor => monitor.Area with { X = monitor.Area.X + layout.Desktop.X, Y = monitor.Area.Y + layout.Desktop.Y })
            .Where(area => !area.IsEmpty).Select(area => (area, StyleAt(area).Scale))];
    }
}
