using RemoteAccess.Interop;

namespace RemoteAccess.Sessions;

/// <summary>Which keys and which real modifiers are Shift, AltGr and the ones that make chords (Control, Alt, Super).</summary>
internal sealed unsafe class ModifierKeys
{
    private const byte ShiftMask = 1, LockMask = 2;

    private readonly byte[] masks = new byte[256];
    private readonly byte shiftKey;
    private readonly byte level3Key;
    private readonly byte level3Mask;

    public ModifierKeys(XConnection connection, nint map, int first, int last)
    {
        ModifierKeymap* modifiers = LibX11Keyboard.XGetModifierMapping(connection.Display);
        connection.ThrowIfLost();
        if (modifiers != null)
        {
            for (int i = 0; i < 8 * modifiers->KeysPerModifier; i++) masks[modifiers->Keycodes[i]] |= (byte)(1 << (i / modifiers->KeysPerModifier));
            _ = LibX11Keyboard.XFreeModifiermap(modifiers);
        }
        masks[0] = 0;
        for (int keycode = last; keycode >= first; keycode--)
        {
            if (masks[keycode] == 0 || LibX11Keyboard.XkbTranslateKeyCode(map, (byte)keycode, 0, out _, out nuint keysym) == 0) continue;
            if (keysym is Keysyms.ShiftLeft or Keysyms.ShiftRight && (masks[keycode] & ShiftMask) != 0) shiftKey = (byte)keycode;
            if (keysym is Keysyms.IsoLevel3Shift or Keysyms.ModeSwitch) (level3Key, level3Mask) = ((byte)keycode, masks[keycode]);
        }
    }

    /// <summary>The real modifiers a key sets; 0 for an ordinary key.</summary>
    public byte MaskOfKey(byte keycode) => masks[keycode];

    public byte MaskOf(KeyLevel level) => (byte)((level.HasFlag(KeyLevel.Shift) ? ShiftMask : 0) | (level.HasFlag(KeyLevel.Level3) ? level3Mask : 0));

    /// <summary>The key that turns exactly this level on; 0 when the keyboard has none.</summary>
    public byte KeyOf(KeyLevel level) => level switch
    {
        KeyLevel.Shift => shiftKey,
        KeyLevel.Level3 => level3Key,
        _ => throw new ArgumentOutOfRangeException(nameof(level), level, "One modifier."),
    };

    public KeyLevel LevelOf(XkbState state) =>
        ((state.Modifiers & ShiftMask) != 0 ? KeyLevel.Shift : 0) | (level3Mask != 0 && (state.Modifiers & level3Mask) != 0 ? KeyLevel.Level3 : 0);

    /// <summary>Control, Alt, Super and the like: everything but Shift, CapsLock, AltGr and what is locked (NumLock).</summary>
    public bool IsChord(XkbState state) => (state.Modifiers & ~state.LockedModifiers & ~(ShiftMask | LockMask | level3Mask)) != 0;

    public static bool HasCapsLock(XkbState state) => (state.LockedModifiers & LockMask) != 0;

    public static byte CapsLockMask => LockMask;

}
