using RemoteAccess.Interop;
using RemoteAccess.Picture;
using RemoteAccess.Sessions;

namespace RemoteAccess.Trust;

/// <summary>What every window of the surface needs: the connection, who did what, letters, colours, words. On the thread of its connection.</summary>
internal sealed class SurfaceStage : IDisposable
{
    private readonly Dictionary<string, nuint> atoms = [];

    /// <exception cref="DesktopException">The display cannot show the surface.</exception>
    public SurfaceStage(XConnection connection, X11SurfaceOptions options)
    {
        Connection = connection;
        NativeLibraries.Demand(LibXft.File, LibXft.Package);
        InjectingDevices injecting = new(connection);
        _ = LibXft.XRenderQueryExtension(connection.Display, out _, out _);
        RootFormat.Demand(connection);
        Devices = new DeviceEvents(connection, injecting);
        Layout = new LayoutSource(connection);
        double scale = DesktopPlace.Scale(connection, options.Scale);
        Texts = SurfaceTexts.For(options.Culture);
        Times = new SurfaceTimes(Texts, options.Culture, options.Zone);
        Time = options.TimeProvider;
        Style = new DrawingStyle(DesktopPlace.IsHighContrast(options.HighContrast) ? Palette.HighContrast : Palette.Normal, new Lettering(connection, options.Culture, scale), scale);
    }

    public XConnection Connection { get; }

    public DeviceEvents Devices { get; }

    public LayoutSource Layout { get; }

    /// <summary>The same on every monitor.</summary>
    public DrawingStyle Style { get; }

    public IEnumerable<PixelRect> Monitors => Layout.Current.Monitors.Select(monitor => monitor.Area);

    public SurfaceTexts Texts { get; }

    public SurfaceTimes Times { get; }

    public TimeProvider Time { get; }

    /// <summary>Whether windows tell what a person's keys write.</summary>
    public static bool TakesText => true;

    /// <summary>Reads what the person pastes, and hands it on on this thread when it is there: copied (false) or selected (true).</summary>
    public Action<bool, Action<string>> Paste { get; set; } = static (_, _) => { };

    public DrawingStyle StyleAt(PixelRect monitor) => Style;

    /// <summary>Whether there are other monitors than at the last look.</summary>
    public bool HasChanged() => Layout.IsPending && Layout.Refresh();

    public int Px(double pixels) => Style.Px(pixels);

    public nuint Atom(string name)
    {
        if (!atoms.TryGetValue(name, out nuint atom)) atoms[name] = atom = LibX11.XInternAtom(Connection.Display, name, 0);
        return atom;
    }

    public void Dispose() => Style.Letters.Dispose();
}
