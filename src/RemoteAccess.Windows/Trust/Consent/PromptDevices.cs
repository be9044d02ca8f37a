using RemoteAccess.Interop;
using RemoteAccess.Trust;

namespace RemoteAccess.Sessions;

/// <summary>
/// Turns messages of the prompt's thread into what a person did at the prompt. What counts is <see cref="PersonsInput"/>'s to say; keys count only once
/// the window has had the keyboard for a while without any. On the window's thread.
/// </summary>
internal sealed class PromptDevices : IDisposable
{
    private const uint Tab = 0x09, Enter = 0x0D, Escape = 0x1B, Space = 0x20, Left = 0x25, Right = 0x27;
    private const nint WasDown = 1 << 30;

    private readonly PromptInput input;
    private readonly Func<PixelRect> area;
    private readonly PersonsInput person;
    private readonly SettledKeyboard keyboard;
    private readonly Action<ThreadMessage>? type;

    /// <param name="window">The window.</param>
    /// <param name="input">Gets what the person does.</param>
    /// <param name="area">Where the window is, pixels of the desktop.</param>
    /// <param name="time">For the keyboard's settling.</param>
    /// <param name="type">Gets every key but Escape instead of <paramref name="input"/>: for a window that is typed into.</param>
    /// <exception cref="DesktopException">A person's input cannot be told from a program's, so nobody may be asked here.</exception>
    public PromptDevices(nint window, PromptInput input, Func<PixelRect> area, TimeProvider time, Action<ThreadMessage>? type = null)
    {
        this.type = type;
        this.input = input;
        this.area = area;
        keyboard = new SettledKeyboard(window, PersonsWindow.SettlingTime, time);
        person = new PersonsInput((x, y, isPhysical) => input.Move(x - area().X, y - area().Y, isPhysical));
    }

    /// <inheritdoc cref="SettledKeyboard.Has"/>
    public bool HasKeyboard => keyboard.Has;

    /// <inheritdoc cref="SettledKeyboard.IsSettled"/>
    public bool IsKeyboardSettled => keyboard.IsSettled;

    /// <inheritdoc cref="PersonsInput.Pointer"/>
    public (int X, int Y) Pointer => person.Pointer;

    /// <inheritdoc cref="PersonsInput.Counted"/>
    public long Counted => person.Counted;

    /// <inheritdoc cref="PersonsInput.Ignored"/>
    public long Ignored => person.Ignored;

    /// <inheritdoc cref="SettledKeyboard.Look"/>
    public void LookForKeyboard() => keyboard.Look();

    /// <inheritdoc cref="SettledKeyboard.Lose"/>
    public void LoseKeyboard() => keyboard.Lose();

    /// <inheritdoc cref="PersonsInput.Ignore"/>
    public void Ignore() => person.Ignore();

    /// <summary>Takes an input message that came out of the queue, while it is dispatched.</summary>
    /// <returns>The person's answer; null for none.</returns>
    public ConsentDecision? Handle(in ThreadMessage message)
    {
        bool isHardware = PersonsInput.IsFromDevice(out bool isTouch);
        (int x, int y) = ((short)message.Second, (short)(message.Second >> 16));
        switch (message.Message)
        {
            case User32Message.MouseMove:
                person.Move(x + area().X, y + area().Y, isHardware);
                return null;
            case User32Message.KeyDown or User32Message.SystemKeyDown when person.Counts(isHardware, message, (uint)message.First):
                return Press(message, (message.Second & WasDown) != 0);
            case User32Message.LeftDown when person.Counts(isHardware, message, 0):
                input.PressButton(1, x, y, isTouch: false);
                return null;
            case User32Message.LeftUp when person.Counts(isHardware, message, 0):
                return input.ReleaseButton(1, x, y, isTouch: false);
            case User32Message.PointerDown when person.CountsTouch(isTouch):
                input.PressButton(1, x - area().X, y - area().Y, isTouch: true);
                return null;
            case User32Message.PointerUp when person.CountsTouch(isTouch):
                return input.ReleaseButton(1, x - area().X, y - area().Y, isTouch: true);
            default:
                return null;
        }
    }

    public void Dispose() => person.Dispose();

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
        keyboard.Look();
        if (meaning == PromptKey.Refuse || (keyboard.IsSettled && type is null)) return input.PressKey(meaning, isRepeat);
        if (keyboard.IsSettled) type?.Invoke(message);
        else keyboard.Wait();
        return null;
    }
}
