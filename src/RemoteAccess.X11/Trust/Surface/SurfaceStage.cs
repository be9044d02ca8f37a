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
        Scale = DesktopPlace.Scale(connection, options.Scale);
        Colours = DesktopPlace.IsHighContrast(options.HighContrast) ? Palette.HighContrast : Palette.Normal;
        Texts = SurfaceTexts.For(options.Culture);
        Times = new SurfaceTimes(Texts, options.Culture, options.Zone);
        Time = options.TimeProvider;
        Letters = new Lettering(connection, options.Culture, Scale);
        Painter = new SheetPainter(Colours, Letters, Scale);
    }

    public XConnection Connection { get; }

    public DeviceEvents Devices { get; }

    public LayoutSource Layout { get; }

    public double Scale { get; }

    public Palette Colours { get; }

    public SurfaceTexts Texts { get; }

    public SurfaceTimes Times { get; }

    public TimeProvider Time { get; }

    public Lettering Letters { get; }

    public SheetPainter Painter { get; }

    public int Px(double pixels) => Math.Max(1, (int)Math.Round(pixels * Scale));

    public nuint Atom(string name)
    {
        if (!atoms.TryGetValue(name, out nuint atom)) atoms[name] = atom = LibX11.XInternAtom(Connection.Display, name, 0);
        return atom;
    }

    public void Dispose() => Letters.Dispose();
}
