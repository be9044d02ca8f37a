using System.Text;
using RemoteAccess.Picture;

namespace RemoteAccess.Sessions;

/// <summary>What a key press means to the window that takes the keyboard; nothing, if both are null.</summary>
internal readonly record struct KeyPress(Rune? Character, EditKey? Edit);

/// <summary>The virtual desktop's keyboard: which keys are down, and what a keysym means together with them.</summary>
internal sealed class Keyboard
{
    private const uint ShiftLeft = 0xFFE1, ShiftRight = 0xFFE2, EuroSign = 0x20AC, UnicodeFlag = 0x0100_0000;

    // Control, Meta, Alt, Super and Hyper: with one of them down a key is a shortcut and types nothing.
    private static readonly uint[] ShortcutKeys = [0xFFE3, 0xFFE4, 0xFFE7, 0xFFE8, 0xFFE9, 0xFFEA, 0xFFEB, 0xFFEC, 0xFFED, 0xFFEE];

    private readonly HashSet<uint> pressed = [];

    /// <summary>The keysyms of keys that are down, ascending.</summary>
    public uint[] Pressed => [.. pressed.Order()];

    public KeyPress Press(uint keysym)
    {
        pressed.Add(keysym);
        if (Array.Exists(ShortcutKeys, pressed.Contains)) return default;
        KeyPress press = Meaning(keysym);
        if (press.Character is { } character && (pressed.Contains(ShiftLeft) || pressed.Contains(ShiftRight)))
            return press with { Character = Rune.ToUpperInvariant(character) };
        return press;
    }

    public void Release(uint keysym) => pressed.Remove(keysym);

    public void ReleaseAll() => pressed.Clear();

    /// <summary>A character that is typed as text, whatever keys it takes.</summary>
    public static KeyPress Typed(Rune character) => character.Value switch
    {
        '\n' or '\r' => new KeyPress(new Rune('\n'), null),
        '\t' => new KeyPress(character, null),
        '\b' => new KeyPress(null, EditKey.BackSpace),
        0x7F => new KeyPress(null, EditKey.Delete),
        < 0x20 or (> 0x7F and < 0xA0) => default,
        _ => new KeyPress(character, null),
    };

    // Keysyms as in X11's keysymdef.h: Latin-1 by its own number, Unicode with a flag, function keys from 0xFF00.
    private static KeyPress Meaning(uint keysym) => keysym switch
    {
        (>= 0x20 and <= 0x7E) or (>= 0xA0 and <= 0xFF) or EuroSign => Typed(new Rune(keysym)),
        >= UnicodeFlag when Rune.TryCreate(keysym - UnicodeFlag, out Rune character) => Typed(character),
        >= 0xFFB0 and <= 0xFFB9 => Typed(new Rune('0' + (keysym - 0xFFB0))),
        >= 0xFFAA and <= 0xFFAF => Typed(new Rune('*' + (keysym - 0xFFAA))),
        0xFF09 => Typed(new Rune('\t')),
        0xFF0D or 0xFF8D => Typed(new Rune('\n')),
        0xFF08 => new KeyPress(null, EditKey.BackSpace),
        0xFFFF => new KeyPress(null, EditKey.Delete),
        0xFF50 => new KeyPress(null, EditKey.Home),
        0xFF51 => new KeyPress(null, EditKey.Left),
        0xFF52 => new KeyPress(null, EditKey.Up),
        0xFF53 => new KeyPress(null, EditKey.Right),
        0xFF54 => new KeyPress(null, EditKey.Down),
        0xFF55 => new KeyPress(null, EditKey.PageUp),
        0xFF56 => new KeyPress(null, EditKey.PageDown),
        0xFF57 => new KeyPress(null, EditKey.End),
        _ => default,
    };
}
