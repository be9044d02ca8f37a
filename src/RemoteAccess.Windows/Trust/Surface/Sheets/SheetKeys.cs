using RemoteAccess.Interop;
using RemoteAccess.Sessions;

namespace RemoteAccess.Trust;

/// <summary>Virtual keys as what they mean on a sheet.</summary>
internal static class SheetKeys
{
    public const uint Space = 0x20;
    private const uint BackSpace = 0x08, Tab = 0x09, Enter = 0x0D, Escape = 0x1B, PageUp = 0x21, PageDown = 0x22, End = 0x23, Home = 0x24, Left = 0x25, Up = 0x26, Right = 0x27, Down = 0x28, Delete = 0x2E, Insert = 0x2D, LetterV = 0x56;
    private const int Shift = 0x10;

    /// <summary>Ctrl+V, Shift+Insert: with what a person holds, not a program.</summary>
    public static bool IsPaste(uint key, HeldModifiers held) => (key, held) is (LetterV, HeldModifiers.Control) or (Insert, HeldModifiers.Shift);

    public static SheetKey Of(uint key) => key switch
    {
        Tab when User32Input.GetKeyState(Shift) < 0 => SheetKey.Previous,
        Tab or Down => SheetKey.Next,
        Up => SheetKey.Previous,
        Left => SheetKey.Left,
        Right => SheetKey.Right,
        Home => SheetKey.First,
        End => SheetKey.Last,
        Enter or Space => SheetKey.Press,
        Escape => SheetKey.Back,
        PageUp => SheetKey.PageUp,
        PageDown => SheetKey.PageDown,
        BackSpace => SheetKey.EraseBack,
        Delete => SheetKey.EraseNext,
        _ => SheetKey.Other,
    };
}
