using System.Runtime.InteropServices;
using RemoteAccess.Interop;

namespace RemoteAccess.Picture;

/// <summary>The desktop's size and its monitors, by RandR; without RandR 1.5 the desktop counts as one monitor.</summary>
internal sealed unsafe class LayoutSource
{
    private readonly XConnection connection;
    private readonly int firstEvent;
    private readonly bool hasEvents;
    private readonly bool hasMonitors;

    public LayoutSource(XConnection connection)
    {
        this.connection = connection;
        _ = LibX11.XSelectInput(connection.Display, connection.Root, LibX11.StructureNotifyMask);
        if (LibXrandr.XRRQueryExtension(connection.Display, out firstEvent, out _) != 0 && LibXrandr.XRRQueryVersion(connection.Display, out int major, out int minor) != 0)
        {
            hasEvents = (major, minor).CompareTo((1, 2)) >= 0;
            hasMonitors = (major, minor).CompareTo((1, 5)) >= 0;
            int mask = LibXrandr.ScreenChangeMask;
            if (hasEvents) mask |= LibXrandr.CrtcChangeMask | LibXrandr.OutputChangeMask;
            if ((major, minor).CompareTo((1, 4)) >= 0) mask |= LibXrandr.ResourceChangeMask;
            LibXrandr.XRRSelectInput(connection.Display, connection.Root, mask);
            hasEvents = true;
        }
        Current = Read();
    }

    public ScreenLayout Current { get; private set; }

    /// <summary>Whether the server has said that the layout may have changed since <see cref="Refresh"/>.</summary>
    public bool IsPending { get; private set; }

    public void Handle(XEvent* xevent)
    {
        if (xevent->Type == LibX11.ConfigureNotify || (hasEvents && (xevent->Type == firstEvent || xevent->Type == firstEvent + 1))) IsPending = true;
    }

    /// <summary>Asks the server. The same instance stays current while nothing differs.</summary>
    /// <returns>Whether something does.</returns>
    public bool Refresh()
    {
        IsPending = false;
        ScreenLayout read = Read();
        if (read.Size == Current.Size && read.Monitors.SequenceEqual(Current.Monitors)) return false;
        Current = read;
        return true;
    }

    private ScreenLayout Read()
    {
        _ = LibX11.XGetGeometry(connection.Display, connection.Root, out _, out _, out _, out uint width, out uint height, out _, out _);
        connection.ThrowIfLost();
        PixelSize size = new((int)width, (int)height);
        List<MonitorArea> monitors = hasMonitors ? ReadMonitors(new PixelRect(0, 0, size.Width, size.Height)) : [];
        if (monitors.Count == 0) monitors.Add(new MonitorArea("screen", new PixelRect(0, 0, size.Width, size.Height), true));
        return new ScreenLayout(size, monitors.AsReadOnly());
    }

    private List<MonitorArea> ReadMonitors(PixelRect desktop)
    {
        List<MonitorArea> found = [];
        MonitorInfo* infos = LibXrandr.XRRGetMonitors(connection.Display, connection.Root, 1, out int count);
        _ = connection.TakeError();
        connection.ThrowIfLost();
        if (infos == null) return found;
        for (int i = 0; i < count; i++)
        {
            MonitorInfo info = infos[i];
            PixelRect area = new PixelRect(info.X, info.Y, info.Width, info.Height).Intersect(desktop);
            if (area.IsEmpty) continue;
            MonitorArea monitor = new(AtomName(info.Name), area, info.Primary != 0);
            found.Insert(monitor.IsPrimary ? 0 : found.Count, monitor);
        }
        LibXrandr.XRRFreeMonitors(infos);
        return found;
    }

    private string AtomName(nuint atom)
    {
        byte* text = LibX11.XGetAtomName(connection.Display, atom);
        string name = Marshal.PtrToStringUTF8((nint)text) ?? "monitor";
        if (text != null) _ = LibX11.XFree(text);
        return name;
    }
}
