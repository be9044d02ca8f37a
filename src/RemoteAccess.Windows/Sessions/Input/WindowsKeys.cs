namespace RemoteAccess.Sessions;

/// <summary>
/// Which key of Windows a keysym that is no character is (keysymdef.h, XF86keysym.h; winuser.h), and which character one that is stands for.
/// Keys that switch the computer off or put it to sleep are in no table.
/// </summary>
internal static class WindowsKeys
{
    private const uint UnicodeBase = 0x01000000;

    /// <summary>The key; null for characters and for what Windows has no key for.</summary>
    public static KeyCode? Of(uint keysym) => keysym switch
    {
        >= 0xffbe and <= 0xffd5 => new((ushort)(0x70 + keysym - 0xffbe), false),
        >= 0xffb0 and <= 0xffb9 => new((ushort)(0x60 + keysym - 0xffb0), false),
        _ => Editing(keysym) ?? Modifier(keysym) ?? Pad(keysym) ?? Language(keysym) ?? Media(keysym),
    };

    /// <summary>The character a keysym stands for; 0 when it stands for none.</summary>
    public static int CharacterOf(uint keysym) => keysym switch
    {
        (>= 0x20 and <= 0x7e) or (>= 0xa0 and <= 0xff) => (int)keysym,
        0x20ac => 0x20ac,
        (>= (UnicodeBase | 0x20) and <= (UnicodeBase | 0x7e)) or (>= (UnicodeBase | 0xa0) and <= (UnicodeBase | 0xd7ff))
            or (>= (UnicodeBase | 0xe000) and <= (UnicodeBase | 0x10ffff)) => (int)(keysym & ~UnicodeBase),
        _ => 0,
    };

    private static KeyCode? Editing(uint keysym) => keysym switch
    {
        0xff08 => new(KeyCode.Back, false),
        0xff09 or 0xfe20 => new(KeyCode.Tab, false),
        0xff0b => new(0x0C, false),
        0xff0d => new(KeyCode.Return, false),
        0xff13 => new(KeyCode.Pause, false),
        0xff14 => new(0x91, false),
        0xff1b => new(KeyCode.Escape, false),
        0xff50 => new(0x24, true),
        0xff51 => new(0x25, true),
        0xff52 => new(0x26, true),
        0xff53 => new(0x27, true),
        0xff54 => new(0x28, true),
        0xff55 => new(0x21, true),
        0xff56 => new(0x22, true),
        0xff57 => new(0x23, true),
        0xff60 => new(0x29, false),
        0xff61 => new(0x2C, true),
        0xff62 => new(0x2B, false),
        0xff63 => new(0x2D, true),
        0xff67 => new(0x5D, true),
        0xff6a => new(0x2F, false),
        0xff6b => new(0x03, true),
        0xffff => new(KeyCode.Delete, true),
        _ => null,
    };

    private static KeyCode? Modifier(uint keysym) => keysym switch
    {
        0xffe1 => new(KeyCode.LeftShift, false),
        0xffe2 => new(KeyCode.RightShift, false),
        0xffe3 => new(KeyCode.LeftControl, false),
        0xffe4 => new(KeyCode.RightControl, true),
        0xffe5 => new(KeyCode.CapsLock, false),
        0xffe9 => new(KeyCode.LeftAlt, false),
        0xffea or 0xfe03 or 0xff7e => new(KeyCode.RightAlt, true),
        // Browsers call the Windows key Meta.
        0xffe7 or 0xffeb => new(KeyCode.LeftWindows, true),
        0xffe8 or 0xffec => new(KeyCode.RightWindows, true),
        0xff7f => new(0x90, true),
        _ => null,
    };

    private static KeyCode? Pad(uint keysym) => keysym switch
    {
        0xff80 => new(0x20, false),
        0xff89 => new(KeyCode.Tab, false),
        0xff8d => new(KeyCode.Return, true),
        0xff95 => new(0x24, false),
        0xff96 => new(0x25, false),
        0xff97 => new(0x26, false),
        0xff98 => new(0x27, false),
        0xff99 => new(0x28, false),
        0xff9a => new(0x21, false),
        0xff9b => new(0x22, false),
        0xff9c => new(0x23, false),
        0xff9d => new(0x0C, false),
        0xff9e => new(0x2D, false),
        0xff9f => new(KeyCode.Delete, false),
        0xffaa => new(0x6A, false),
        0xffab => new(0x6B, false),
        0xffac => new(0x6C, false),
        0xffad => new(0x6D, false),
        0xffae => new(0x6E, false),
        0xffaf => new(0x6F, true),
        _ => null,
    };

    private static KeyCode? Language(uint keysym) => keysym switch
    {
        0xff21 or 0xff2a or 0xff34 => new(0x19, false),
        0xff22 => new(0x1D, false),
        0xff23 => new(0x1C, false),
        0xff27 or 0xff2d or 0xff31 => new(0x15, false),
        _ => null,
    };

    private static KeyCode? Media(uint keysym) => keysym switch
    {
        0x1008ff11 => new(0xAE, true),
        0x1008ff12 => new(0xAD, true),
        0x1008ff13 => new(0xAF, true),
        0x1008ff14 => new(0xB3, true),
        0x1008ff15 => new(0xB2, true),
        0x1008ff16 => new(0xB1, true),
        0x1008ff17 => new(0xB0, true),
        0x1008ff18 => new(0xAC, true),
        0x1008ff19 => new(0xB4, true),
        0x1008ff1b => new(0xAA, true),
        0x1008ff26 => new(0xA6, true),
        0x1008ff27 => new(0xA7, true),
        _ => null,
    };
}
