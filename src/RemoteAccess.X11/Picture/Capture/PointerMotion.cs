using RemoteAccess.Interop;

namespace RemoteAccess.Picture;

/// <summary>
/// XInput2's raw motion: a wake-up, and while it is armed the proof that the pointer stands still. Armed only while somebody waits or has just
/// waited, because a mouse sends up to a thousand events a second and the server would keep them all. A pointer moved by a program
/// (XWarpPointer) sends none; whoever waits looks now and then.
/// </summary>
internal sealed unsafe class PointerMotion
{
    private readonly XConnection connection;
    private readonly int extension;

    public PointerMotion(XConnection connection)
    {
        this.connection = connection;
        // 2.2: raw events arrive also while another client has grabbed the pointer, and name their device.
        int major = 2, minor = 2;
        IsAvailable = LibX11.XQueryExtension(connection.Display, "XInputExtension", out extension, out _, out _) != 0
            && LibXi.XIQueryVersion(connection.Display, ref major, ref minor) == 0 && (major, minor).CompareTo((2, 2)) >= 0;
        _ = connection.TakeError();
    }

    public bool IsAvailable { get; }

    public bool IsArmed { get; private set; }

    /// <summary>Whether the pointer has not moved since <see cref="Asking"/>, as far as events tell.</summary>
    public bool IsStill { get; private set; }

    public void Handle(XEvent* xevent)
    {
        if (xevent->Type == LibX11.GenericEvent && xevent->CookieExtension == extension) IsStill = false;
    }

    /// <summary>To be called before the pointer's position is asked for, so that a move falls either into the answer or into an event.</summary>
    public void Asking() => IsStill = IsArmed;

    public void Arm()
    {
        if (IsArmed || !IsAvailable) return;
        Select(1 << LibXi.RawMotion);
        IsArmed = true;
        IsStill = false;
    }

    public void Disarm()
    {
        if (!IsArmed) return;
        Select(0);
        IsArmed = IsStill = false;
    }

    private void Select(int bits)
    {
        EventMask mask = new() { Device = LibXi.AllMasterDevices, Length = sizeof(int), Bits = (byte*)&bits };
        _ = LibXi.XISelectEvents(connection.Display, connection.Root, &mask, 1);
    }
}
