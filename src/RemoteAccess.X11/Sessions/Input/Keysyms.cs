using System.Text;
using RemoteAccess.Interop;

namespace RemoteAccess.Sessions;

/// <summary>What a keysym is, by the ranges of X11's protocol appendix A and keysymdef.h.</summary>
internal static class Keysyms
{
    public const uint ShiftLeft = 0xffe1, ShiftRight = 0xffe2, IsoLevel3Shift = 0xfe03, ModeSwitch = 0xff7e;
    private const uint UnicodeBase = 0x01000000;

    /// <summary>Keysyms 0x6c0 to 0x6ff: Russian letters in the order of KOI8-R.</summary>
    private const string Koi8 = "юабцдефгхийклмнопярстужвьызшэщчъЮАБЦДЕФГХИЙКЛМНОПЯРСТУЖВЬЫЗШЭЩЧЪ";

    /// <summary>Keysyms 0x1a1 to 0x1ff: ISO 8859-2.</summary>
    private const string Latin2 = "Ą˘Ł¤ĽŚ§¨ŠŞŤŹ\u00adŽŻ°ą˛ł´ľśˇ¸šşťź˝žżŔÁÂĂÄĹĆÇČÉĘËĚÍÎĎĐŃŇÓÔŐÖ×ŘŮÚŰÜÝŢßŕáâăäĺćçčéęëěíîďđńňóôőö÷řůúűüýţ˙";

    /// <summary>The keysym that types a character; 0 for a control character that no key stands for.</summary>
    public static uint Of(Rune character) => (uint)character.Value switch
    {
        '\n' or '\r' => 0xff0d,
        '\t' => 0xff09,
        '\b' => 0xff08,
        0x1b => 0xff1b,
        0x7f => 0xffff,
        < 0x20 or (> 0x7f and < 0xa0) => 0,
        <= 0xff => (uint)character.Value,
        _ => UnicodeBase | (uint)character.Value,
    };

    /// <summary>Another keysym for the same character that keyboards use; 0 when there is none worth looking for.</summary>
    public static uint LegacyOf(uint keysym) => keysym switch
    {
        UnicodeBase | 0x20ac => 0x20ac,
        // Russian letters: KOI8-R order, keysyms 0x6c0 to 0x6ff.
        UnicodeBase | 0x451 => 0x6a3,
        UnicodeBase | 0x401 => 0x6b3,
        >= (UnicodeBase | 0x410) and <= (UnicodeBase | 0x44f) => Cyrillic(keysym & 0xffff),
        // Greek letters without accent lie in Unicode's order, but for the final sigma.
        >= (UnicodeBase | 0x391) and <= (UnicodeBase | 0x3a1) => 0x7c1 + ((keysym & 0xffff) - 0x391),
        >= (UnicodeBase | 0x3b1) and <= (UnicodeBase | 0x3c1) => 0x7e1 + ((keysym & 0xffff) - 0x3b1),
        _ => 0,
    };

    /// <summary>The character that a keysym stands for; null for one that stands for none, or for one of an old character set that none of the surface's languages needs.</summary>
    public static Rune? CharacterOf(uint keysym) => keysym switch
    {
        (>= 0x20 and <= 0x7e) or (>= 0xa0 and <= 0xff) => new Rune(keysym),
        >= 0x1a1 and <= 0x1ff => new Rune(Latin2[(int)keysym - 0x1a1]),
        0x6a3 => new Rune('ё'),
        0x6b3 => new Rune('Ё'),
        >= 0x6c0 and <= 0x6ff => new Rune(Koi8[(int)keysym - 0x6c0]),
        >= 0x7c1 and <= 0x7d1 => new Rune(0x391 + (keysym - 0x7c1)),
        >= 0x7e1 and <= 0x7f1 => new Rune(0x3b1 + (keysym - 0x7e1)),
        0x13bc => new Rune('Œ'),
        0x13bd => new Rune('œ'),
        0x13be => new Rune('Ÿ'),
        0x20ac => new Rune('€'),
        0xaa9 => new Rune('—'),
        0xaaa => new Rune('–'),
        0xaae => new Rune('…'),
        >= 0xad0 and <= 0xad3 => new Rune("‘’“”"[(int)keysym - 0xad0]),
        0xafd => new Rune('‚'),
        0xafe => new Rune('„'),
        0xff80 => new Rune(' '),
        (>= 0xffaa and <= 0xffaf) or (>= 0xffb0 and <= 0xffb9) => new Rune('*' + (keysym - 0xffaa)),
        0xffbd => new Rune('='),
        > UnicodeBase when Rune.IsValid((int)(keysym - UnicodeBase)) => new Rune(keysym - UnicodeBase),
        _ => null,
    };

    /// <summary>Keys that act on what other keys mean; no modifier is ever pressed or released for them.</summary>
    public static bool IsModifier(uint keysym) => keysym is (>= 0xffe1 and <= 0xffee) or (>= 0xfe01 and <= 0xfe13) or ModeSwitch or 0xff7f;

    /// <summary>Whether the keysym stands for a character, so that Shift and AltGr are part of finding its key and not a chord with it.</summary>
    public static bool IsCharacter(uint keysym) =>
        keysym is (>= 0x20 and <= 0x7e) or (>= 0xa0 and <= 0x20ff) or (>= UnicodeBase and <= (UnicodeBase | 0x10ffff)) or (>= 0xff80 and <= 0xffb9 and not 0xff8d);

    /// <summary>
    /// Whether a keycode may be given this keysym. Not the ones that act on the X server itself (Terminate_Server, the XFree86 range with its
    /// switch of consoles) nor modifiers.
    /// </summary>
    public static bool MayBeMapped(uint keysym) => (IsCharacter(keysym) || keysym is >= 0xff08 and <= 0xffff) && !IsModifier(keysym);

    /// <summary>Lower and upper case of a keysym; both the keysym itself when it has no case.</summary>
    public static (uint Lower, uint Upper) Cases(uint keysym)
    {
        LibX11Keyboard.XConvertCase(keysym, out nuint lower, out nuint upper);
        return ((uint)lower, (uint)upper);
    }

    private static uint Cyrillic(uint codePoint) => 0x6c0 + (uint)Koi8.IndexOf((char)codePoint, StringComparison.Ordinal);
}
