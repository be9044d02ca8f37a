using RemoteAccess.Interop;

namespace RemoteAccess.Sessions;

/// <summary>Where a character is on a keyboard layout.</summary>
/// <param name="Key">Virtual-key code.</param>
/// <param name="NeedsShift">Whether it needs Shift.</param>
/// <param name="NeedsOthers">Whether it needs AltGr or something rarer.</param>
internal readonly record struct KeyPlace(ushort Key, bool NeedsShift, bool NeedsOthers);

/// <summary>The seam to the keyboard layout of the window that gets the keys.</summary>
internal interface IKeyboardLayout
{
    /// <summary>Whether CapsLock is on.</summary>
    bool IsCapsLockOn { get; }

    /// <summary>The key that types a character; null when none does.</summary>
    KeyPlace? Find(int character);

    /// <summary>The key's scan code, without its prefix.</summary>
    ushort ScanCodeOf(ushort key);
}

/// <summary>The layout of the thread whose window is in front; this thread's own when there is none.</summary>
internal sealed unsafe class ForegroundLayout : IKeyboardLayout
{
    private const ushort FirstPadDigit = 0x60;

    private static ReadOnlySpan<byte> PadScanCodes => [0x52, 0x4f, 0x50, 0x51, 0x4b, 0x4c, 0x4d, 0x47, 0x48, 0x49];

    public bool IsCapsLockOn => (User32Input.GetKeyState(KeyCode.CapsLock) & 1) != 0;

    private static nint Layout
    {
        get
        {
            nint window = User32Input.GetForegroundWindow();
            return User32Input.GetKeyboardLayout(window == 0 ? 0 : User32Input.GetWindowThreadProcessId(window, null));
        }
    }

    public KeyPlace? Find(int character)
    {
        if (character is <= 0 or > char.MaxValue) return null;
        short found = User32Input.VkKeyScanExW((ushort)character, Layout);
        return found == -1 ? null : new KeyPlace((ushort)(found & 0xff), (found & 0x100) != 0, (found & 0x7e00) != 0);
    }

    public ushort ScanCodeOf(ushort key)
    {
        uint code = User32Input.MapVirtualKeyExW(key, User32Input.KeyToScanCode, Layout);
        // Layouts list the pad's keys by what they are without NumLock, and some give no code for the digits.
        return code == 0 && key is >= FirstPadDigit and < FirstPadDigit + 10 ? PadScanCodes[key - FirstPadDigit] : (ushort)code;
    }
}
