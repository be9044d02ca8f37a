using RemoteAccess.Interop;

namespace RemoteAccess.Picture;

/// <summary>
/// XInput2's raw motion as a wake-up. Selected only while somebody waits, because a mouse sends up to a thousand events a second and
/// the server would keep them all. A pointer moved by a program (XWarpPointer) sends none; whoever waits looks now and then.
/// </summary>
internal sealed unsafe class PointerMotion
{
    private readonly XConnection connection;
    private bool isArmed;

    public PointerMotion(XConnection connection)
    {
        this.connection = connection;
        // 2.2: raw events arrive also while another client has grabbed the pointer, and name their device.
        int major = 2, minor = 2;
        IsAvailable = LibX11.XQueryExtension(connection.Display, "XInputExtension", out _, out _, out _) != 0
            && LibXi.XIQueryVersion(connection.Display, ref major, ref minor) == 0 && (major, minor).CompareTo((2, 2)) >= 0;
        _ = connection.TakeError();
    }

    public bool IsAvailable { get; }

    public void Arm()
    {
        if (isArmed || !IsAvailable) return;
        Select(1 << LibXi.RawMotion);
        isArmed = true;
    }

    public void Disarm()
    {
        if (!isArmed) return;
        Select(0);
        isArmed = false;
    }

    private void Select(int bits)
    {
        EventMask mask = new() { Device = LibXi.AllMasterDevices, Length = sizeof(int), Bits = (byte*)&bits };
        _ = LibXi.XISelectEvents(connection.Display, connection.Root, &mask, 1);
    }
}
