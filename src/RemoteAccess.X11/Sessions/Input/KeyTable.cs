using RemoteAccess.Interop;

namespace RemoteAccess.Sessions;

/// <summary>Shift and AltGr, the two modifiers that choose what a key types.</summary>
[Flags]
internal enum KeyLevel
{
    None = 0,
    Shift = 1,
    Level3 = 2,
}

/// <summary>
/// Which key yields which keysym, at each combination of Shift and AltGr, under one group and one set of locks (CapsLock, NumLock).
/// Built from XKB's own translation, so that what a client makes of a keycode and what stands here are one rule.
/// </summary>
internal sealed class KeyTable
{
    private const int Levels = 4;
    private const byte LockModifier = 2;

    private readonly Dictionary<uint, byte[]> keycodes = [];

    /// <param name="map">An XKB description from XkbGetMap.</param>
    /// <param name="state">Its group and locked modifiers are what the table is for.</param>
    /// <param name="modifiers">Which real modifiers Shift and AltGr are.</param>
    /// <param name="first">First keycode.</param>
    /// <param name="last">Last keycode.</param>
    /// <param name="leaveOut">Keycodes that belong to nobody.</param>
    public KeyTable(nint map, XkbState state, ModifierKeys modifiers, int first, int last, IReadOnlyCollection<byte> leaveOut)
    {
        uint locks = (uint)(state.LockedModifiers & ~modifiers.MaskOf(KeyLevel.Shift | KeyLevel.Level3));
        for (int level = 0; level < Levels; level++)
        {
            if (level >= (int)KeyLevel.Level3 && modifiers.KeyOf(KeyLevel.Level3) == 0) break;
            uint active = locks | modifiers.MaskOf((KeyLevel)level);
            for (int keycode = first; keycode <= last; keycode++)
            {
                if (leaveOut.Contains((byte)keycode)) continue;
                uint keysym = Translate(map, (byte)keycode, active, state.Group);
                if (keysym == 0) continue;
                if (!keycodes.TryGetValue(keysym, out byte[]? codes)) keycodes[keysym] = codes = new byte[Levels];
                if (codes[level] == 0) codes[level] = (byte)keycode;
            }
        }
    }

    /// <summary>The key for a keysym whose level is nearest to the one that is active. False when there is none.</summary>
    public bool TryFind(uint keysym, KeyLevel active, out byte keycode, out KeyLevel needed)
    {
        (keycode, needed) = (0, active);
        if (!keycodes.TryGetValue(keysym, out byte[]? codes)) return false;
        int best = int.MaxValue;
        for (int level = 0; level < Levels; level++)
        {
            int distance = int.PopCount(level ^ (int)active);
            if (codes[level] == 0 || distance >= best) continue;
            (best, keycode, needed) = (distance, codes[level], (KeyLevel)level);
        }
        return true;
    }

    /// <summary>As Xlib does: the key type's level; then, if CapsLock is on and the type does not look at it, capitals.</summary>
    private static uint Translate(nint map, byte keycode, uint active, byte group)
    {
        if (LibX11Keyboard.XkbTranslateKeyCode(map, keycode, active | ((uint)group << 13), out uint consumed, out nuint keysym) == 0) return 0;
        bool capitals = (active & ~consumed & LockModifier) != 0;
        return capitals ? Keysyms.Cases((uint)keysym).Upper : (uint)keysym;
    }
}
