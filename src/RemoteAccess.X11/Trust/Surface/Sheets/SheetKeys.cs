namespace RemoteAccess.Trust;

/// <summary>Keysyms as what they mean on a sheet.</summary>
internal static class SheetKeys
{
    private const nuint Tab = 0xff09, BackTab = 0xfe20, Return = 0xff0d, Enter = 0xff8d, Escape = 0xff1b, Space = 0x20;
    private const nuint Home = 0xff50, Left = 0xff51, Up = 0xff52, Right = 0xff53, Down = 0xff54, PageUp = 0xff55, PageDown = 0xff56, End = 0xff57, BackSpace = 0xff08, Delete = 0xffff;

    public static SheetKey Of(nuint symbol, bool isShift) => symbol switch
    {
        Tab when !isShift => SheetKey.Next,
        Down => SheetKey.Next,
        Tab or BackTab or Up => SheetKey.Previous,
        Left => SheetKey.Left,
        Right => SheetKey.Right,
        Home => SheetKey.First,
        End => SheetKey.Last,
        Return or Enter or Space => SheetKey.Press,
        Escape => SheetKey.Back,
        PageUp => SheetKey.PageUp,
        PageDown => SheetKey.PageDown,
        BackSpace => SheetKey.EraseBack,
        Delete => SheetKey.EraseNext,
        _ => SheetKey.Other,
    };
}
