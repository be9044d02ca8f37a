namespace RemoteAccess.Picture;

/// <summary>The colours of the virtual desktop, 0xRRGGBB.</summary>
internal static class Palette
{
    public const uint Text = 0x1F2933, DimText = 0x66788A, White = 0xFFFFFF;
    public const uint Accent = 0x2F6FB0, AccentDark = 0x245A91, AccentPale = 0xD9E8F7;
    public const uint Frame = 0x8296AA, TitleActive = 0xE3ECF5, TitleIdle = 0xF0F2F4, Client = 0xF7F9FB;
    public const uint FieldBorder = 0xB9C6D3, ScrollMark = 0xC2CDD8;
    public const uint Button = 0xE4EAF0, ButtonDown = 0xC9D6E3, ButtonEdge = 0xA9B8C7;
    public const uint LampOff = 0xAAB4BE, LampOn = 0xF5B829, LampGlow = 0xFFF0C2;
    public const uint Bar = 0x182A3C, BarItem = 0x27405A, BarActive = 0x35577A, BarText = 0xEAF1F8, BarDim = 0x9FB4C8;
    public const uint SkyTop = 0x1C4468, SkyLow = 0xF3D6B0, Sun = 0xFFF1D6, Blank = 0x24384A;
    public const uint FarHill = 0x7796A3, MiddleHill = 0x48707F, NearHill = 0x264C5E;
}
