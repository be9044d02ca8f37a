using System.Text;
using RemoteAccess.Interop;
using RemoteAccess.Sessions;

namespace RemoteAccess.Trust;

/// <summary>
/// What keys write, by the keyboard's layout, with dead keys: an accent joins the letter after it. Without an input method, so neither Chinese, Japanese nor Korean, and no Compose key. On the thread of
/// its connection.
/// </summary>
internal sealed class KeyLetters
{
    private const int ControlHeld = 4, AltHeld = 8;
    private const uint FirstDead = 0xfe50;

    /// <summary>The combining marks of dead_grave, dead_acute and so on, in the order of their keysyms.</summary>
    private const string Marks = "\u0300\u0301\u0302\u0303\u0304\u0306\u0307\u0308\u030a\u030b\u030c\u0327\u0328";

    private char? pending;

    /// <returns>What is written, which may be nothing yet; null when the key writes nothing and means something else.</returns>
    public string? Read(XConnection connection, DeviceEvent key)
    {
        if ((key.Modifiers & (ControlHeld | AltHeld)) != 0) return null;
        uint state = (uint)(key.Modifiers & 0xff) | ((uint)(key.Group & 3) << 13);
        return LibX11Keyboard.XkbLookupKeySym(connection.Display, (byte)key.Detail, state, out _, out nuint symbol) == 0 ? null : Read((uint)symbol);
    }

    /// <inheritdoc cref="Read(XConnection, DeviceEvent)"/>
    public string? Read(uint symbol)
    {
        if (symbol >= FirstDead && symbol - FirstDead < Marks.Length)
        {
            // Twice the same is the accent itself, as on every desktop.
            char mark = Marks[(int)(symbol - FirstDead)];
            if (pending != mark)
            {
                pending = mark;
                return "";
            }
            pending = null;
            return Spacing(mark);
        }
        if (Keysyms.IsModifier(symbol)) return null;
        char? accent = pending;
        pending = null;
        if (Keysyms.CharacterOf(symbol) is not { } letter) return null;
        string text = letter.ToString();
        if (accent is not { } joined) return text;
        return text == " " ? Spacing(joined) : $"{text}{joined}".Normalize(NormalizationForm.FormC);
    }

    private static string Spacing(char mark) => mark switch
    {
        '\u0300' => "`",
        '\u0301' => "´",
        '\u0302' => "^",
        '\u0303' => "~",
        '\u0308' => "¨",
        '\u0327' => "¸",
        _ => $" {mark}".Normalize(NormalizationForm.FormC),
    };
}
