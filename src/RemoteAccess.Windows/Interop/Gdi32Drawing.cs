using System.Runtime.InteropServices;

namespace RemoteAccess.Interop;

/// <summary>gdi32: rectangles and letters.</summary>
internal static unsafe partial class Gdi32Drawing
{
    public const string File = "gdi32";
    public const uint FillWithBrush = 0x00F00021, BaseLine = 24;
    public const int BrushOfContext = 18, Transparent = 1;

    [LibraryImport(File)] public static partial nint CreateBitmap(int width, int height, uint planes, uint bits, void* pixels);
    [LibraryImport(File)] public static partial nint GetStockObject(int which);
    [LibraryImport(File)] public static partial uint SetDCBrushColor(nint context, uint colour);
    [LibraryImport(File)] public static partial int PatBlt(nint context, int x, int y, int width, int height, uint operation);
    [LibraryImport(File)] public static partial nint CreateFontIndirectW(FontDescription* description);
    [LibraryImport(File)] public static partial int GetTextMetricsW(nint context, TextMetric* metric);
    [LibraryImport(File)] public static partial int GetTextExtentPoint32W(nint context, char* text, int length, Point* size);
    [LibraryImport(File)] public static partial int TextOutW(nint context, int x, int y, char* text, int length);
    [LibraryImport(File)] public static partial uint SetTextColor(nint context, uint colour);
    [LibraryImport(File)] public static partial int SetBkMode(nint context, int mode);
    [LibraryImport(File)] public static partial uint SetTextAlign(nint context, uint align);

    /// <summary>0xRRGGBB as COLORREF, 0x00BBGGRR.</summary>
    public static uint Colour(uint rgb) => ((rgb & 0xff) << 16) | (rgb & 0xff00) | (rgb >> 16 & 0xff);
}

/// <summary>LOGFONTW.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct FontDescription
{
    public const int MaxFamily = 31;
    public int Height, Width, Escapement, Orientation, Weight;
    public byte IsItalic, IsUnderlined, IsStruck, CharacterSet, OutPrecision, ClipPrecision, Quality, Pitch;
    public fixed char Family[MaxFamily + 1];
}

/// <summary>TEXTMETRICW.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct TextMetric
{
    public int Height, Ascent, Descent, InternalLeading, ExternalLeading, AverageWidth, MaxWidth, Weight, Overhang, AspectX, AspectY;
    public char First, Last, Missing, Break;
    public byte IsItalic, IsUnderlined, IsStruck, Pitch, CharacterSet;
}
