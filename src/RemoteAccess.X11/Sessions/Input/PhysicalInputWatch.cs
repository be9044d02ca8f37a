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

    private InjectingDevices? devices;
    private long lastSeen;
    private volatile bool canTell;

    /// <summary>Never longer than the truth: counted from the start of the watch at most, and zero when it cannot be told.</summary>
    public TimeSpan IdleTime => canTell ? time.GetElapsedTime(Volatile.Read(ref lastSeen)) : TimeSpan.Zero;

    protected override void Prepare()
    {
        Volatile.Write(ref lastSeen, time.GetTimestamp());
        devices = new InjectingDevices(Connection);
        if (!devices.CanTell) return;
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
            if (xevent.Type != LibX11.GenericEvent || xevent.CookieExtension != devices!.Opcode || LibX11.XGetEventData(Connection.Display, &xevent) == 0) continue;
            if (xevent.CookieKind == LibXi.HierarchyChanged) devices.Forget();
            else if (!physical) physical = !devices.Contains(xevent.CookieData->SourceDevice);
            LibX11.XFreeEventData(Connection.Display, &xevent);
        }
        return physical;
    }
}
