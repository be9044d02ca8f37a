using System.Runtime.InteropServices;
using RemoteAccess.Interop;

namespace RemoteAccess.Sessions;

/// <summary>A motion of the pointer. Pixels of the desktop.</summary>
internal delegate void PointerMoved(int x, int y, bool isPhysical);

/// <summary>
/// Sees each key, button and motion of the desktop before any window does, through low-level hooks, and whether a program injected it. Tells motions
/// one by one, where messages join them; remembers what a person's devices pressed, so that a message that claims to come from a device can be held
/// against it. For one window at a time on a thread that reads its messages; disposed there.
/// </summary>
internal sealed unsafe class InputWitness : IDisposable
{
    private const int Remembered = 64;
    /// <summary>LLKHF_INJECTED | LLKHF_LOWER_IL_INJECTED, and the same of the mouse.</summary>
    private const uint KeyInjected = 0x10 | 0x02, MouseInjected = 0x01 | 0x02;

    [ThreadStatic] private static InputWitness? ofThisThread;

    private readonly PointerMoved moved;
    private readonly (uint Message, uint Key, uint Time)[] seen = new (uint, uint, uint)[Remembered];
    private readonly HeldModifiers[] heldThen = new HeldModifiers[Remembered];
    private HeldModifiers held;
    private int next;
    private nint keyboard, mouse;
    private Point last;

    /// <exception cref="DesktopException">The system lets nobody look.</exception>
    public InputWitness(PointerMoved moved)
    {
        this.moved = moved;
        ofThisThread = this;
        Renew();
    }

    /// <summary>Keys, buttons and motions that programs injected.</summary>
    public long Injected { get; private set; }

    /// <summary>Where the last event that was seen brought the pointer. Pixels of the desktop.</summary>
    public (int X, int Y) Pointer => (last.X, last.Y);

    /// <summary>
    /// Whether it was there already when a device's motion to <see cref="Pointer"/> was seen, so that a program may have set it. In Wine that is often
    /// so after a rest. The message of the motion, which names its origin, decides.
    /// </summary>
    public bool IsUncertain { get; set; }

    /// <summary>Windows drops a hook in silence that was slow once too often.</summary>
    public void Renew()
    {
        Unhook();
        fixed (Point* place = &last) _ = User32Screen.GetCursorPos(place);
        moved(last.X, last.Y, isPhysical: false);
        nint module = Kernel32Module.GetModuleHandleW(0);
        keyboard = User32Message.SetWindowsHookExW(User32Message.KeyboardHook, &OnKey, module, 0);
        mouse = User32Message.SetWindowsHookExW(User32Message.MouseHook, &OnMouse, module, 0);
        if (keyboard == 0 || mouse == 0)
            throw new DesktopException(DesktopError.MissingExtension, "A person's input cannot be told from a program's: the system gives no low-level hooks.");
    }

    /// <summary>Whether a person's device made this message; true once for each.</summary>
    /// <param name="message">The message.</param>
    /// <param name="key">The virtual key; 0 for a button.</param>
    /// <param name="time">When, by the message.</param>
    /// <param name="with">What a person's devices held then.</param>
    public bool Confirms(uint message, uint key, uint time, out HeldModifiers with)
    {
        int at = Array.IndexOf(seen, (message, key, time));
        with = at >= 0 ? heldThen[at] : HeldModifiers.None;
        if (at >= 0) seen[at] = default;
        return at >= 0;
    }

    public void Dispose()
    {
        Unhook();
        ofThisThread = null;
    }

    private static bool Same(Point a, Point b) => a.X == b.X && a.Y == b.Y;

    private void Unhook()
    {
        if (keyboard != 0) _ = User32Message.UnhookWindowsHookEx(keyboard);
        if (mouse != 0) _ = User32Message.UnhookWindowsHookEx(mouse);
        keyboard = mouse = 0;
    }

    private void Remember(uint message, uint key, uint time)
    {
        (seen[next], heldThen[next]) = ((message, key, time), held);
        next = (next + 1) % Remembered;
    }

    private void See(uint message, HookedMouse* mouse)
    {
        bool isPhysical = (mouse->Flags & MouseInjected) == 0 && mouse->Tag != InputSink.Tag;
        bool isPress = isPhysical && message != User32Message.MouseMove;
        if (!isPhysical) Injected++;
        // The pointer is still where it was before this event. Elsewhere than the last event brought it, a program has set it.
        Point now = last;
        _ = User32Screen.GetCursorPos(&now);
        bool isThere = Same(now, mouse->Pointer);
        if (!Same(now, last) && !isThere) moved(now.X, now.Y, isPhysical: false);
        if (!Same(last, mouse->Pointer))
        {
            isPhysical &= message == User32Message.MouseMove;
            IsUncertain = isPhysical && isThere;
            if (!IsUncertain) moved(mouse->Pointer.X, mouse->Pointer.Y, isPhysical);
        }
        last = mouse->Pointer;
        if (isPress) Remember(message, 0, mouse->Time);
    }

    private void See(uint message, HookedKey* key)
    {
        if ((key->Flags & KeyInjected) != 0 || key->Tag == InputSink.Tag)
        {
            Injected++;
            return;
        }
        HeldModifiers modifier = ModifierOf(key->Key);
        held = message is User32Message.KeyDown or User32Message.SystemKeyDown ? held | modifier : held & ~modifier;
        Remember(message, key->Key, key->Time);
    }

    /// <summary>Either side's, or the one that stands for both.</summary>
    private static HeldModifiers ModifierOf(uint key) => key switch
    {
        0x10 or 0xA0 or 0xA1 => HeldModifiers.Shift,
        0x11 or 0xA2 or 0xA3 => HeldModifiers.Control,
        0x12 or 0xA4 or 0xA5 => HeldModifiers.Alt,
        _ => HeldModifiers.None,
    };

    [UnmanagedCallersOnly]
    private static nint OnKey(int code, nuint message, nint data)
    {
        if (code == 0) ofThisThread?.See((uint)message, (HookedKey*)data);
        return User32Message.CallNextHookEx(0, code, message, data);
    }

    [UnmanagedCallersOnly]
    private static nint OnMouse(int code, nuint message, nint data)
    {
        if (code == 0) ofThisThread?.See((uint)message, (HookedMouse*)data);
        return User32Message.CallNextHookEx(0, code, message, data);
    }
}
