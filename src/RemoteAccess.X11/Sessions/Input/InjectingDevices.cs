using RemoteAccess.Interop;

namespace RemoteAccess.Sessions;

/// <summary>
/// Which input devices are XTEST's, through which programs inject: those with the property "XTEST Device". Needs XInput 2.2. On the thread of its
/// connection.
/// </summary>
internal sealed unsafe class InjectingDevices
{
    private readonly XConnection connection;
    private readonly Dictionary<int, bool> known = [];
    private readonly nuint property;

    /// <summary>
    /// Asks the server. To be made as early as possible on a connection: libXi reads through a null pointer when the server dies between its
    /// question and the answer, and nothing can be done about that from here.
    /// </summary>
    /// <exception cref="DesktopException">The server is gone already.</exception>
    public InjectingDevices(XConnection connection)
    {
        this.connection = connection;
        _ = connection.Sync();
        int major = 2, minor = 2;
        CanTell = LibX11.XQueryExtension(connection.Display, "XInputExtension", out int opcode, out _, out _) != 0
            && LibXi.XIQueryVersion(connection.Display, ref major, ref minor) == 0 && (major, minor).CompareTo((2, 2)) >= 0;
        Opcode = opcode;
        if (CanTell) property = LibX11.XInternAtom(connection.Display, "XTEST Device", 0);
    }

    /// <summary>Whether the server has XInput 2.2; without it there is no telling.</summary>
    public bool CanTell { get; }

    /// <summary>The extension's, which its events carry.</summary>
    public int Opcode { get; }

    /// <summary>Devices have come or gone, and ids may have other owners.</summary>
    public void Forget() => known.Clear();

    /// <summary>Whether the device is XTEST's. One that cannot be asked counts as a person's.</summary>
    public bool Contains(int device)
    {
        if (known.TryGetValue(device, out bool answer)) return answer;
        byte* data = null;
        int status = LibXi.XIGetProperty(connection.Display, device, property, 0, 1, 0, 0, out _, out _, out nuint count, out _, out data);
        bool injecting = connection.TakeError() == 0 && status == 0 && data != null && count >= 1 && *data != 0;
        if (data != null) _ = LibX11.XFree(data);
        known[device] = injecting;
        return injecting;
    }
}
