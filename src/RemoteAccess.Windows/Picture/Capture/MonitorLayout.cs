using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using RemoteAccess.Interop;

namespace RemoteAccess.Picture;

/// <summary>
/// The virtual screen and its monitors, in physical pixels. The frame's pixel (0, 0) is the virtual screen's upper left corner, which Windows
/// may give negative coordinates. On a thread that is per-monitor aware.
/// </summary>
internal sealed unsafe class MonitorLayout
{
    private const int MostMonitors = 64;

    private readonly Place[] known = new Place[MostMonitors];
    private int count;

    public MonitorLayout()
    {
        _ = Refresh();
        Current ??= Describe();
    }

    public ScreenLayout Current { get; private set; }

    /// <summary>The virtual screen, in Windows' coordinates.</summary>
    public PixelRect Desktop { get; private set; }

    /// <summary>Looks again; allocates only when something differs.</summary>
    /// <returns>Whether it does.</returns>
    public bool Refresh()
    {
        PixelRect desktop = VirtualScreen();
        Found found = default;
        _ = User32Screen.EnumDisplayMonitors(0, null, &Add, (nint)(&found));
        ReadOnlySpan<Place> places = ((ReadOnlySpan<Place>)found.Places)[..found.Count];
        if (desktop == Desktop && places.SequenceEqual(known.AsSpan(0, count))) return false;
        Desktop = desktop;
        places.CopyTo(known);
        count = found.Count;
        Current = Describe();
        return true;
    }

    public static PixelRect VirtualScreen() => new(
        User32Screen.GetSystemMetrics(User32Screen.XVirtualScreen), User32Screen.GetSystemMetrics(User32Screen.YVirtualScreen),
        User32Screen.GetSystemMetrics(User32Screen.CxVirtualScreen), User32Screen.GetSystemMetrics(User32Screen.CyVirtualScreen));

    private ScreenLayout Describe()
    {
        PixelRect whole = new(0, 0, Desktop.Width, Desktop.Height);
        List<MonitorArea> monitors = [];
        foreach (Place place in known.AsSpan(0, count))
        {
            MonitorInfo info = new() { Size = (uint)sizeof(MonitorInfo) };
            if (User32Screen.GetMonitorInfoW(place.Handle, &info) == 0) continue;
            PixelRect area = info.Monitor.ToPixels();
            area = (area with { X = area.X - Desktop.X, Y = area.Y - Desktop.Y }).Intersect(whole);
            if (area.IsEmpty) continue;
            bool isPrimary = (info.Flags & User32Screen.PrimaryMonitor) != 0;
            string device = new(info.Device);
            monitors.Insert(isPrimary ? 0 : monitors.Count, new MonitorArea(device.StartsWith(@"\\.\", StringComparison.Ordinal) ? device[4..] : device, area, isPrimary));
        }
        if (monitors.Count == 0) monitors.Add(new MonitorArea("screen", whole, true));
        return new ScreenLayout(new PixelSize(whole.Width, whole.Height), monitors.AsReadOnly());
    }

    [UnmanagedCallersOnly]
    private static int Add(nint monitor, nint context, Rectangle* area, nint data)
    {
        Found* found = (Found*)data;
        if (found->Count == MostMonitors) return 0;
        found->Places[found->Count++] = new Place(monitor, area->ToPixels());
        return 1;
    }

    private readonly record struct Place(nint Handle, PixelRect Area);

    [InlineArray(MostMonitors)]
    private struct Places
    {
        private Place first;
    }

    private struct Found
    {
        public int Count;
        public Places Places;
    }
}
