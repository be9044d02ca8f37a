using System.Runtime.InteropServices;

namespace RemoteAccess.Interop;

/// <summary>gdi32: bitmaps, rectangles and letters.</summary>
internal static unsafe partial class Gdi32Drawing
{
    public const string File = "gdi32.dll";
    public const uint CopySource = 0x00CC0020, FillWithBrush = 0x00F00021, BaseLine = 24;
    public const int BrushOfContext = 18, Transparent = 1;

    [LibraryImport(File)] public static partial nint CreateCompatibleDC(nint context);
    [LibraryImport(File)] public static partial int DeleteDC(nint context);
    [LibraryImport(File)] public static partial nint CreateDIBSection(nint context, CanvasHeader* header, uint usage, void** pixels, nint section, uint offset);
    [LibraryImport(File)] public static partial nint SelectObject(nint context, nint thing);
    [LibraryImport(File)] public static partial int DeleteObject(nint thing);
    [LibraryImport(File)] public static partial nint GetStockObject(int which);
    [LibraryImport(File)] public static partial uint SetDCBrushColor(nint context, uint colour);
    [LibraryImport(File)] public static partial int PatBlt(nint context, int x, int y, int width, int height, uint operation);
    [LibraryImport(File)] public static partial int BitBlt(nint to, int x, int y, int width, int height, nint from, int fromX, int fromY, uint operation);
    [LibraryImport(File)] public static partial int GdiFlush();
    [LibraryImport(File)] public static partial nint CreateFontIndirectW(FontDescription* description);
    [LibraryImport(File)] public static partial int GetTextMetricsW(nint context, TextMetric* metric);
    [LibraryImport(File)] public static partial int GetTextExtentPoint32W(nint context, char* text, int length, WindowPoint* size);
    [LibraryImport(File)] public static partial int TextOutW(nint context, int x, int y, char* text, int length);
    [LibraryImport(File)] public static partial uint SetTextColor(nint context, uint colour);
    [LibraryImport(File)] public static partial int SetBkMode(nint context, int mode);
    [LibraryImport(File)] public static partial uint SetTextAlign(nint context, uint align);

    /// <summary>0xRRGGBB as COLORREF, 0x00BBGGRR.</summary>
    public static uint Colour(uint rgb) => ((rgb & 0xff) << 16) | (rgb & 0xff00) | (rgb >> 16 & 0xff);
}

/// <summary>BITMAPINFOHEADER.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct CanvasHeader
{
    public int Size, Width, Height;
    public ushort Planes, BitCount;
    public uint Compression, ImageSize;
    public int PixelsPerMetreX, PixelsPerMetreY;
    public uint UsedColours, ImportantColours;
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
