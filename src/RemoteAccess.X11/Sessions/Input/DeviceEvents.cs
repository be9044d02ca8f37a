using RemoteAccess.Interop;

namespace RemoteAccess.Sessions;

/// <summary>What happened at a window of ours, and whether by a person's device. Pixels are the window's.</summary>
internal readonly record struct DeviceEvent(int Kind, nuint Window, bool IsPhysical, int Detail, int X, int Y, int Flags, int Modifiers, int Group);

/// <summary>
/// Tells a person's input from injected input by XInput2. An event is a person's when its source is not an XTEST device and it came from the server;
/// a motion only behind a raw motion of the same source and time: XWarpPointer makes motions that name the mouse as their source, but no raw ones.
/// On the thread of its connection.
/// </summary>
internal sealed unsafe class DeviceEvents
{
    private const int OnRoot = 1 << LibXi.RawMotion;
    private const int OnWindow = (1 << LibXi.ButtonPress) | (1 << LibXi.ButtonRelease) | (1 << LibXi.Motion) | (1 << LibXi.Leave);
    public const int Keys = (1 << LibXi.KeyPress) | (1 << LibXi.KeyRelease);

    private readonly XConnection connection;
    private readonly InjectingDevices injecting;
    private (int Source, nuint Time) moved;

    /// <exception cref="DesktopException">The server cannot tell a person's input from a program's.</exception>
    public DeviceEvents(XConnection connection, InjectingDevices injecting)
    {
        this.connection = connection;
        this.injecting = injecting;
        if (!injecting.CanTell)
            throw new DesktopException(DesktopError.MissingExtension, "The display has no XInput 2.2, without which a person's answer cannot be told from an injected one. Use a current X server.");
        Select(connection.Root, LibXi.AllMasterDevices, OnRoot);
        Select(connection.Root, LibXi.AllDevices, 1 << LibXi.HierarchyChanged);
    }

    /// <summary>Pointer events of a window; <see cref="Keys"/> too when asked.</summary>
    public void Listen(nuint window, int more = 0) => Select(window, LibXi.AllMasterDevices, OnWindow | more);

    /// <summary>Takes an event of the connection.</summary>
    /// <returns>Null when it is not XInput's, or nothing that concerns a window.</returns>
    public DeviceEvent? Read(XEvent* xevent)
    {
        if (xevent->Type != LibX11.GenericEvent || xevent->CookieExtension != injecting.Opcode || LibX11.XGetEventData(connection.Display, xevent) == 0) return null;
        DeviceEvent? read = Read(xevent->CookieKind, xevent->CookieData);
        LibX11.XFreeEventData(connection.Display, xevent);
        return read;
    }

    private DeviceEvent? Read(int kind, RawInput* data)
    {
        if (kind == LibXi.HierarchyChanged)
        {
            injecting.Forget();
            return null;
        }
        if (data->IsSent != 0) return null;
        bool isPhysical = !injecting.Contains(data->SourceDevice);
        switch (kind)
        {
            case LibXi.RawMotion:
                moved = isPhysical ? (data->SourceDevice, data->Time) : default;
                return null;
            case LibXi.Motion:
                isPhysical &= moved == (data->SourceDevice, data->Time);
                moved = default;
                break;
        }
        (int modifiers, int group) = kind == LibXi.Leave ? (0, 0) : (data->Modifiers, data->Group);
        return new DeviceEvent(kind, data->Window, isPhysical, data->Detail, (int)Math.Floor(data->X), (int)Math.Floor(data->Y), data->Flags, modifiers, group);
    }

    private void Select(nuint target, int device, int bits)
    {
        EventMask mask = new() { Device = device, Length = sizeof(int), Bits = (byte*)&bits };
        _ = LibXi.XISelectEvents(connection.Display, target, &mask, 1);
    }
}
