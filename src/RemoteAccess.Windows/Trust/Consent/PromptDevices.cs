using RemoteAccess.Interop;
using RemoteAccess.Trust;

namespace RemoteAccess.Sessions;

/// <summary>
/// Turns messages of the prompt's thread into what a person did at the prompt. A key or button counts when the message came out of the thread's own
/// queue, the system says that a device made it, and the hooks saw a device make it. Keys count only once the window has had the keyboard for a while
/// without any: what a person was typing to something else, when a program moved the keyboard here, is not an answer. On the window's thread.
/// </summary>
internal sealed unsafe class PromptDevices : IDisposable
{
    private const uint Tab = 0x09, Enter = 0x0D, Escape = 0x1B, Space = 0x20, Left = 0x25, Right = 0x27;
    private const nint WasDown = 1 << 30;

    private readonly nint window;
    private readonly PromptInput input;
    private readonly Func<PixelRect> area;
    private readonly TimeProvider time;
    private readonly InputWitness witness;
    private readonly Action<ThreadMessage>? type;
    private bool hasKeyboard;
    private long keyboardSince, ignored;

    /// <param name="window">The window.</param>
    /// <param name="input">Gets what the person does.</param>
    /// <param name="area">Where the window is, pixels of the desktop.</param>
    /// <param name="time">For the keyboard's settling.</param>
    /// <param name="type">Gets every key but Escape instead of <paramref name="input"/>: for a window that is typed into.</param>
    /// <exception cref="DesktopException">A person's input cannot be told from a program's, so nobody may be asked here.</exception>
    public PromptDevices(nint window, PromptInput input, Func<PixelRect> area, TimeProvider time, Action<ThreadMessage>? type = null)
    {
        this.type = type;
        this.window = window;
        this.input = input;
        this.area = area;
        this.time = time;
        witness = new InputWitness((x, y, isPhysical) => input.Move(x - area().X, y - area().Y, isPhysical));
    }

    /// <summary>Whether a key would count.</summary>
    public bool IsKeyboardSettled => hasKeyboard && time.GetElapsedTime(keyboardSince) >= PromptWindow.SettlingTime;

    /// <summary>Where the pointer was seen last; pixels of the desktop.</summary>
    public (int X, int Y) Pointer => witness.Pointer;

    /// <summary>Keys and buttons of a person, down and up.</summary>
    public long Counted { get; private set; }

    /// <summary>Keys, buttons and motions that were not a person's.</summary>
    public long Ignored => ignored + witness.Injected;

    /// <summary>Asks who has the keyboard.</summary>
    public void LookForKeyboard()
    {
        bool has = User32Input.GetForegroundWindow() == window && User32Window.GetFocus() == window;
        if (has && !hasKeyboard) keyboardSince = time.GetTimestamp();
        hasKeyboard = has;
    }

    /// <summary>The keyboard has come or gone; anybody can say so, and it costs a wait only.</summary>
    public void LoseKeyboard() => hasKeyboard = false;

    /// <summary>Input that was sent to the window beside the queue: nobody's.</summary>
    public void Ignore() => ignored++;

    /// <summary>Takes an input message that came out of the queue, while it is dispatched.</summary>
    /// <returns>The person's answer; null for none.</returns>
    public ConsentDecision? Handle(in ThreadMessage message)
    {
        InputMessageSource source = default;
        bool isHardware = User32Message.InSendMessageEx(0) == 0 && User32Message.GetCurrentInputMessageSource(&source) != 0 && source.Origin == User32Message.OriginHardware;
        (int x, int y) = ((short)message.Second, (short)(message.Second >> 16));
        switch (message.Message)
        {
            case User32Message.MouseMove:
                Move(x, y, isHardware);
                return null;
            case User32Message.KeyDown or User32Message.SystemKeyDown when Counts(isHardware, message, (uint)message.First):
                return Press(message, (message.Second & WasDown) != 0);
            case User32Message.LeftDown when Counts(isHardware, message, 0):
                input.PressButton(1, x, y, isTouch: false);
                return null;
            case User32Message.LeftUp when Counts(isHardware, message, 0):
                return input.ReleaseButton(1, x, y, isTouch: false);
            case User32Message.PointerDown or User32Message.PointerUp:
                return Touch(isHardware && source.Device is User32Message.DeviceTouch or User32Message.DevicePen, message.Message, x - area().X, y - area().Y);
            default:
                return null;
        }
    }

    public void Dispose() => witness.Dispose();

    /// <summary>
    /// The hooks have told a device's motions, each by itself; messages join them. One that no device made was a program's, if it was a motion at all:
    /// Windows repeats the last one when windows change.
    /// </summary>
    private void Move(int x, int y, bool isHardware)
    {
        bool isKnown = witness.Pointer == (x + area().X, y + area().Y);
        if (isHardware ? isKnown && witness.IsUncertain : !isKnown || witness.IsUncertain) input.Move(x, y, isHardware);
        witness.IsUncertain = false;
    }

    private bool Counts(bool isHardware, in ThreadMessage message, uint key)
    {
        if (isHardware && witness.Confirms(message.Message, key, message.Time))
        {
            Counted++;
            return true;
        }
        ignored++;
        // Of a device, and not seen: the hooks have been dropped. The next press counts again.
        if (isHardware) witness.Renew();
        return false;
    }

    private ConsentDecision? Press(in ThreadMessage message, bool isRepeat)
    {
        PromptKey meaning = (uint)message.First switch
        {
            Tab => PromptKey.Next,
            Left => PromptKey.Left,
            Right => PromptKey.Right,
            Enter or Space => PromptKey.Press,
            Escape => PromptKey.Refuse,
            _ => PromptKey.Other,
        };
        LookForKeyboard();
        if (meaning == PromptKey.Refuse || (IsKeyboardSettled && type is null)) return input.PressKey(meaning, isRepeat);
        if (IsKeyboardSettled)
        {
            type?.Invoke(message);
            return null;
        }
        keyboardSince = time.GetTimestamp();
        return null;
    }

    /// <summary>A finger or pen, whose place nobody else moves.</summary>
    private ConsentDecision? Touch(bool isPersons, uint message, int x, int y)
    {
        if (!isPersons)
        {
            ignored++;
            return null;
        }
        Counted++;
        if (message == User32Message.PointerUp) return input.ReleaseButton(1, x, y, isTouch: true);
        input.PressButton(1, x, y, isTouch: true);
        return null;
    }
}
