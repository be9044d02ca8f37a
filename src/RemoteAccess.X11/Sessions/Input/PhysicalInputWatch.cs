using RemoteAccess.Interop;

namespace RemoteAccess.Sessions;

/// <summary>
/// When a person last used keyboard, mouse or touch: XInput2 raw events, except those of XTEST devices, which are injected. A source
/// that cannot be told counts as a person.
/// </summary>
internal sealed unsafe class PhysicalInputWatch(string? displayName, TimeProvider time) : DisplayThread(displayName, "RemoteAccess X11 idle")
{
    /// <summary>After an event, further ones wait in the socket this long: a moving mouse costs five wake-ups a second.</summary>
    private const int RestMilliseconds = 200;

    private const int WatchedEvents = (1 << LibXi.RawKeyPress) | (1 << LibXi.RawKeyRelease) | (1 << LibXi.RawButtonPress) | (1 << LibXi.RawButtonRelease)
        | (1 << LibXi.RawMotion) | (1 << LibXi.RawTouchBegin) | (1 << LibXi.RawTouchUpdate) | (1 << LibXi.RawTouchEnd);

    private readonly Dictionary<int, bool> isInjecting = [];
    private long lastSeen;
    private volatile bool canTell;
    private int extension;
    private nuint xtestProperty;

    /// <summary>Never longer than the truth: counted from the start of the watch at most, and zero when it cannot be told.</summary>
    public TimeSpan IdleTime => canTell ? time.GetElapsedTime(Volatile.Read(ref lastSeen)) : TimeSpan.Zero;

    protected override void Prepare()
    {
        Volatile.Write(ref lastSeen, time.GetTimestamp());
        int major = 2, minor = 2;
        if (LibX11.XQueryExtension(Connection.Display, "XInputExtension", out extension, out _, out _) == 0
            || LibXi.XIQueryVersion(Connection.Display, ref major, ref minor) != 0 || (major, minor).CompareTo((2, 2)) < 0) return;
        xtestProperty = LibX11.XInternAtom(Connection.Display, "XTEST Device", 0);
        int input = WatchedEvents, hierarchy = 1 << LibXi.HierarchyChanged;
        EventMask* masks = stackalloc EventMask[2];
        masks[0] = new EventMask { Device = LibXi.AllMasterDevices, Length = sizeof(int), Bits = (byte*)&input };
        // The server takes this one for all devices only.
        masks[1] = new EventMask { Device = LibXi.AllDevices, Length = sizeof(int), Bits = (byte*)&hierarchy };
        _ = LibXi.XISelectEvents(Connection.Display, Connection.Root, masks, 2);
        if (Connection.Sync() != 0) return;
        canTell = true;
    }

    protected override void Work()
    {
        while (!IsStopping)
        {
            if (ReadEvents())
            {
                Volatile.Write(ref lastSeen, time.GetTimestamp());
                WaitForWake(RestMilliseconds);
            }
            else
            {
                WaitForActivity(-1);
            }
        }
    }

    protected override void Fail(Exception error) => canTell = false;

    protected override void CleanUp() => canTell = false;

    private bool ReadEvents()
    {
        bool physical = false;
        XEvent xevent;
        while (LibX11.XPending(Connection.Display) > 0)
        {
            _ = LibX11.XNextEvent(Connection.Display, &xevent);
            Connection.ThrowIfLost();
            if (xevent.Type != LibX11.GenericEvent || xevent.CookieExtension != extension || LibX11.XGetEventData(Connection.Display, &xevent) == 0) continue;
            if (xevent.CookieKind == LibXi.HierarchyChanged) isInjecting.Clear();
            else if (!physical) physical = !IsInjecting(xevent.CookieData->SourceDevice);
            LibX11.XFreeEventData(Connection.Display, &xevent);
        }
        return physical;
    }

    private bool IsInjecting(int device)
    {
        if (isInjecting.TryGetValue(device, out bool known)) return known;
        byte* data = null;
        int status = LibXi.XIGetProperty(Connection.Display, device, xtestProperty, 0, 1, 0, 0, out _, out _, out nuint count, out _, out data);
        bool injecting = Connection.TakeError() == 0 && status == 0 && data != null && count >= 1 && *data != 0;
        if (data != null) _ = LibX11.XFree(data);
        isInjecting[device] = injecting;
        return injecting;
    }
}
