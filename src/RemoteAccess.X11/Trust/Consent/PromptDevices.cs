using RemoteAccess.Interop;
using RemoteAccess.Trust;

namespace RemoteAccess.Sessions;

/// <summary>
/// Turns XInput2 events into what a person did at the prompt. The keyboard is grabbed, so that it reaches the prompt and nothing else. What is not a
/// person's (<see cref="DeviceEvents"/>) does not count. On the thread of its connection.
/// </summary>
internal sealed unsafe class PromptDevices
{
    private const nuint Tab = 0xff09, BackTab = 0xfe20, Return = 0xff0d, Enter = 0xff8d, Space = 0x20, Escape = 0xff1b, Left = 0xff51, Right = 0xff53;

    private readonly XConnection connection;
    private readonly nuint window;
    private readonly PromptInput input;
    private readonly DeviceEvents events;

    /// <exception cref="DesktopException">The server cannot tell a person's input from a program's, so nobody may be asked there.</exception>
    public PromptDevices(XConnection connection, InjectingDevices injecting, nuint window, PromptInput input)
    {
        this.connection = connection;
        this.window = window;
        this.input = input;
        events = new DeviceEvents(connection, injecting);
        events.Listen(window);
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
        int bits = DeviceEvents.Keys;
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
        if (events.Read(xevent) is not { } read) return null;
        (int x, int y) = (read.X, read.Y);
        switch (read.Kind)
        {
            case LibXi.Motion:
                if (!read.IsPhysical) Ignored++;
                input.Move(x, y, read.IsPhysical);
                return null;
            case LibXi.Leave:
                if (read.Flags == LibXi.NotifyNormal) input.Leave();
                return null;
        }
        if (!read.IsPhysical)
        {
            Ignored++;
            return null;
        }
        Counted++;
        bool isTouch = (read.Flags & LibXi.PointerEmulated) != 0;
        switch (read.Kind)
        {
            case LibXi.KeyPress: return input.PressKey(Meaning(LibX11Window.XkbKeycodeToKeysym(connection.Display, (byte)read.Detail, 0, 0)), (read.Flags & LibXi.KeyRepeat) != 0);
            case LibXi.ButtonPress: input.PressButton(read.Detail, x, y, isTouch); return null;
            case LibXi.ButtonRelease: return input.ReleaseButton(read.Detail, x, y, isTouch);
            default: return null;
        }
    }

    private static PromptKey Meaning(nuint symbol) => symbol switch
    {
        Tab or BackTab => PromptKey.Next,
        Left => PromptKey.Left,
        Right => PromptKey.Right,
        Return or Enter or Space => PromptKey.Press,
        Escape => PromptKey.Refuse,
        _ => PromptKey.Other,
    };
}
