using RemoteAccess.Interop;

namespace RemoteAccess.Sessions;

/// <summary>
/// Which messages of the thread's windows a person's device made. A key, button or wheel counts when the system says that a device made it, and the
/// hooks saw a device make it. That the message came out of the thread's own queue is the window's to know. One at a time on a thread.
/// </summary>
internal sealed unsafe class PersonsInput : IDisposable
{
    private readonly PointerMoved moved;
    private readonly InputWitness witness;
    private long ignored;

    /// <param name="moved">Told of every motion, and whether a person's device made it.</param>
    /// <exception cref="DesktopException">A person's input cannot be told from a program's.</exception>
    public PersonsInput(PointerMoved moved)
    {
        this.moved = moved;
        witness = new InputWitness(moved);
    }

    /// <summary>Where the pointer was seen last; pixels of the desktop.</summary>
    public (int X, int Y) Pointer => witness.Pointer;

    /// <summary>Keys, buttons and fingers of a person, down and up.</summary>
    public long Counted { get; private set; }

    /// <summary>What a person's devices, and no program, held when the key that counted last went down.</summary>
    public HeldModifiers Held { get; private set; }

    /// <summary>Keys, buttons and motions that were not a person's.</summary>
    public long Ignored => ignored + witness.Injected;

    /// <summary>Where the message that is being dispatched comes from, by the system's word.</summary>
    /// <param name="isTouch">Whether from a finger or pen.</param>
    public static bool IsFromDevice(out bool isTouch)
    {
        InputMessageSource source = default;
        bool isHardware = User32Message.InSendMessageEx(0) == 0 && User32Message.GetCurrentInputMessageSource(&source) != 0 && source.Origin == User32Message.OriginHardware;
        isTouch = isHardware && source.Device is User32Message.DeviceTouch or User32Message.DevicePen;
        return isHardware;
    }

    /// <summary>Input that was sent to a window beside the queue: nobody's.</summary>
    public void Ignore() => ignored++;

    /// <summary>
    /// A message of a motion. The hooks have told a device's motions, each by itself; messages join them. One that no device made was a program's, if it
    /// was a motion at all: Windows repeats the last one when windows change.
    /// </summary>
    /// <param name="x">Pixels of the desktop.</param>
    /// <param name="y">The same.</param>
    /// <param name="isHardware">By <see cref="IsFromDevice"/>.</param>
    public void Move(int x, int y, bool isHardware)
    {
        bool isKnown = witness.Pointer == (x, y);
        if (isHardware ? isKnown && witness.IsUncertain : !isKnown || witness.IsUncertain) moved(x, y, isHardware);
        witness.IsUncertain = false;
    }

    /// <summary>Whether a key, button or wheel is a person's; true once for each.</summary>
    /// <param name="isHardware">By <see cref="IsFromDevice"/>.</param>
    /// <param name="message">The message.</param>
    /// <param name="key">The virtual key; 0 for what is none.</param>
    public bool Counts(bool isHardware, in ThreadMessage message, uint key)
    {
        if (isHardware && witness.Confirms(message.Message, key, message.Time, out HeldModifiers with))
        {
            Held = with;
            Counted++;
            return true;
        }
        ignored++;
        // Of a device, and not seen: the hooks have been dropped. The next press counts again.
        if (isHardware) witness.Renew();
        return false;
    }

    /// <summary>Whether a finger or pen is a person's: nobody else moves it.</summary>
    /// <param name="isTouch">By <see cref="IsFromDevice"/>.</param>
    public bool CountsTouch(bool isTouch)
    {
        if (isTouch) Counted++;
        else ignored++;
        return isTouch;
    }

    public void Dispose() => witness.Dispose();
}
