using RemoteAccess.Interop;
using RemoteAccess.Trust;

namespace RemoteAccess.Sessions;

/// <summary>
/// Turns XInput2 events into what a person did at the prompt. The keyboard is grabbed, so that it reaches the prompt and nothing else. An event
/// counts when its source is not an XTEST device and it came from the server. A motion counts only behind a raw motion of the same source and time:
/// XWarpPointer makes motions that name the mouse as their source, but no raw ones. On the thread of its connection.
/// </summary>
internal sealed unsafe class PromptDevices
{
    private const int OnRoot = 1 << LibXi.RawMotion;
    private const int OnWindow = (1 << LibXi.ButtonPress) | (1 << LibXi.ButtonRelease) | (1 << LibXi.Motion) | (1 << LibXi.Leave);
    private const int OnKeyboard = (1 << LibXi.KeyPress) | (1 << LibXi.KeyRelease);

    private readonly XConnection connection;
    private readonly nuint window;
    private readonly PromptInput input;
    private readonly InjectingDevices injecting;
    private (int Source, nuint Time) moved;

    /// <exception cref="DesktopException">The server cannot tell a person's input from a program's, so nobody may be asked there.</exception>
    public PromptDevices(XConnection connection, InjectingDevices injecting, nuint window, PromptInput input)
    {
        this.connection = connection;
        this.window = window;
        this.input = input;
        this.injecting = injecting;
        if (!injecting.CanTell)
            throw new DesktopException(DesktopError.MissingExtension, "The display has no XInput 2.2, without which a person's answer cannot be told from an injected one. Use a current X server.");
        Select(connection.Root, LibXi.AllMasterDevices, OnRoot);
        Select(connection.Root, LibXi.AllDevices, 1 << LibXi.HierarchyChanged);
        Select(window, LibXi.AllMasterDevices, OnWindow);
    }

    /// <summary>Whether the keyboard is ours. Another program may hold it, for a menu perhaps.</summary>
    public bool HasKeyboard { get; private set; }

    /// <summary>Keys and buttons of a person, down and up.</summary>
    public long Counted { get; private set; }

    /// <summary>Keys, buttons and motions that were not a person's.</summary>
    public long Ignored { get; private set; }

    /// <summary>Asks for the keyboard once more, unless it is ours.</summary>
    public void TakeKeyboard()
    {
        if (HasKeyboard) return;
        int bits = OnKeyboard;
        EventMask mask = new() { Device = LibXi.FirstMasterKeyboard, Length = sizeof(int), Bits = (byte*)&bits };
        HasKeyboard = LibXi.XIGrabDevice(connection.Display, LibXi.FirstMasterKeyboard, window, 0, 0, LibXi.GrabAsync, LibXi.GrabAsync, 0, &mask) == LibXi.GrabSuccess;
    }

    public void ReturnKeyboard()
    {
        if (HasKeyboard) _ = LibXi.XIUngrabDevice(connection.Display, LibXi.FirstMasterKeyboard, 0);
        HasKeyboard = false;
    }

    /// <summary>Takes an event that is XInput's.</summary>
    /// <returns>The person's answer; null for none.</returns>
    public ConsentDecision? Handle(XEvent* xevent)
    {
        if (xevent->Type != LibX11.GenericEvent || xevent->CookieExtension != injecting.Opcode || LibX11.XGetEventData(connection.Display, xevent) == 0) return null;
        ConsentDecision? answer = Handle(xevent->CookieKind, xevent->CookieData);
        LibX11.XFreeEventData(connection.Display, xevent);
        return answer;
    }

    private ConsentDecision? Handle(int kind, RawInput* data)
    {
        if (kind == LibXi.HierarchyChanged)
        {
            injecting.Forget();
            return null;
        }
        if (data->IsSent != 0) return null;
        bool isPhysical = !injecting.Contains(data->SourceDevice);
        int x = (int)Math.Floor(data->X), y = (int)Math.Floor(data->Y);
        switch (kind)
        {
            case LibXi.RawMotion:
                moved = isPhysical ? (data->SourceDevice, data->Time) : default;
                return null;
            case LibXi.Motion:
                isPhysical &= moved == (data->SourceDevice, data->Time);
                moved = default;
                if (!isPhysical) Ignored++;
                input.Move(x, y, isPhysical);
                return null;
            case LibXi.Leave:
                if (data->Flags == LibXi.NotifyNormal) input.Leave();
                return null;
        }
        if (!isPhysical)
        {
            Ignored++;
            return null;
        }
        Counted++;
        bool isTouch = (data->Flags & LibXi.PointerEmulated) != 0;
        switch (kind)
        {
            case LibXi.KeyPress: return input.PressKey(LibX11Window.XkbKeycodeToKeysym(connection.Display, (byte)data->Detail, 0, 0), (data->Flags & LibXi.KeyRepeat) != 0);
            case LibXi.ButtonPress: input.PressButton(data->Detail, x, y, isTouch); return null;
            case LibXi.ButtonRelease: return input.ReleaseButton(data->Detail, x, y, isTouch);
            default: return null;
        }
    }

    private void Select(nuint target, int device, int bits)
    {
        EventMask mask = new() { Device = device, Length = sizeof(int), Bits = (byte*)&bits };
        _ = LibXi.XISelectEvents(connection.Display, target, &mask, 1);
    }
}
