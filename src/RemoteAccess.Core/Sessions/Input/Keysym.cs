using System.Collections.Frozen;
using System.Text;

namespace RemoteAccess.Sessions;

/// <summary>
/// X11 keysyms, the field's common numbers for keys, and their names for people: <c>ctrl</c>, <c>enter</c>, <c>f5</c>, <c>a</c>.
/// </summary>
public static class Keysym
{
    /// <summary>Backspace.</summary>
    public const uint BackSpace = 0xFF08;
    /// <summary>Tab.</summary>
    public const uint Tab = 0xFF09;
    /// <summary>Return, Enter.</summary>
    public const uint Return = 0xFF0D;
    /// <summary>Escape.</summary>
    public const uint Escape = 0xFF1B;
    /// <summary>Home.</summary>
    public const uint Home = 0xFF50;
    /// <summary>Left arrow.</summary>
    public const uint Left = 0xFF51;
    /// <summary>Up arrow.</summary>
    public const uint Up = 0xFF52;
    /// <summary>Right arrow.</summary>
    public const uint Right = 0xFF53;
    /// <summary>Down arrow.</summary>
    public const uint Down = 0xFF54;
    /// <summary>Page up.</summary>
    public const uint PageUp = 0xFF55;
    /// <summary>Page down.</summary>
    public const uint PageDown = 0xFF56;
    /// <summary>End.</summary>
    public const uint End = 0xFF57;
    /// <summary>Insert.</summary>
    public const uint Insert = 0xFF63;
    /// <summary>Delete.</summary>
    public const uint Delete = 0xFFFF;
    /// <summary>Left shift.</summary>
    public const uint Shift = 0xFFE1;
    /// <summary>Left control.</summary>
    public const uint Control = 0xFFE3;
    /// <summary>Left alt.</summary>
    public const uint Alt = 0xFFE9;
    /// <summary>Alt Gr.</summary>
    public const uint AltGr = 0xFE03;
    /// <summary>Left super, the Windows or Command key.</summary>
    public const uint Super = 0xFFEB;
    /// <summary>F1; the others up to F24 follow.</summary>
    public const uint F1 = 0xFFBE;

    private static readonly FrozenDictionary<string, uint> Names = new Dictionary<string, uint>(StringComparer.OrdinalIgnoreCase)
    {
        ["backspace"] = BackSpace, ["tab"] = Tab, ["enter"] = Return, ["return"] = Return, ["esc"] = Escape, ["escape"] = Escape,
        ["space"] = ' ', ["plus"] = '+', ["home"] = Home, ["end"] = End, ["left"] = Left, ["up"] = Up, ["right"] = Right, ["down"] = Down,
        ["pageup"] = PageUp, ["pagedown"] = PageDown, ["insert"] = Insert, ["delete"] = Delete, ["del"] = Delete,
        ["shift"] = Shift, ["ctrl"] = Control, ["control"] = Control, ["alt"] = Alt, ["altgr"] = AltGr,
        ["super"] = Super, ["win"] = Super, ["cmd"] = Super, ["menu"] = 0xFF67, ["print"] = 0xFF61, ["pause"] = 0xFF13,
        ["capslock"] = 0xFFE5, ["numlock"] = 0xFF7F, ["scrolllock"] = 0xFF14,
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>The keysym that stands for a character: Latin-1 as itself, everything else as U+nnnn + 0x01000000.</summary>
    public static uint Of(Rune character) =>
        character.Value is >= 0x20 and <= 0x7E or >= 0xA0 and <= 0xFF ? (uint)character.Value : 0x0100_0000u + (uint)character.Value;

    /// <summary>Reads one key's name: a name from the list, <c>f1</c> to <c>f24</c>, or a single character.</summary>
    public static bool TryParse(string name, out uint keysym)
    {
        if (Names.TryGetValue(name, out keysym)) return true;
        if (name.Length is 2 or 3 && name[0] is ('f' or 'F') && int.TryParse(name.AsSpan(1), System.Globalization.NumberStyles.None, null, out int number) && number is >= 1 and <= 24)
        {
            keysym = F1 + (uint)number - 1;
            return true;
        }

        if (Rune.TryGetRuneAt(name.Length > 0 ? name : "\0", 0, out Rune character) && character.Utf16SequenceLength == name.Length && !Rune.IsControl(character))
        {
            keysym = Of(character);
            return true;
        }

        keysym = 0;
        return false;
    }

    /// <summary>Reads a chord such as <c>ctrl+alt+t</c> in the order the keys go down; a plus itself is written <c>plus</c>.</summary>
    public static bool TryParseChord(string chord, out uint[] keysyms)
    {
        string[] names = chord.Split('+');
        keysyms = new uint[names.Length];
        for (int i = 0; i < names.Length; i++)
            if (!TryParse(names[i].Trim(), out keysyms[i])) return false;
        return true;
    }
}
