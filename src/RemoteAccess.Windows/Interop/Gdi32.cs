using System.Runtime.InteropServices;

namespace RemoteAccess.Interop;

/// <summary>gdi32: bitmaps whose bits lie in memory of this process. Names and types as in wingdi.h.</summary>
internal static unsafe partial class Gdi32
{
    public const string File = "gdi32";

    public const uint SourceCopy = 0x00CC0020, RgbColours = 0;

    [LibraryImport(File)] public static partial nint CreateCompatibleDC(nint context);
    [LibraryImport(File)] public static partial int DeleteDC(nint context);
    [LibraryImport(File)] public static partial nint CreateDIBSection(nint context, BitmapHeader* header, uint usage, void** bits, nint section, uint offset);
    [LibraryImport(File)] public static partial nint SelectObject(nint context, nint item);
    [LibraryImport(File)] public static partial int DeleteObject(nint item);
    [LibraryImport(File, SetLastError = true)] public static partial int BitBlt(nint target, int x, int y, int width, int height, nint source, int sourceX, int sourceY, uint operation);
    [LibraryImport(File)] public static partial int GdiFlush();
    [LibraryImport(File)] public static partial int GetObjectW(nint item, int size, void* description);
    [LibraryImport(File)] public static partial int GetDIBits(nint context, nint bitmap, uint start, uint lines, void* bits, BitmapHeader* header, uint usage);
}

/// <summary>BITMAPINFOHEADER: 32 bits a pixel without a palette. A negative height puts the first row first.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct BitmapHeader
{
    public uint Size;
    public int Width, Height;
    public ushort Planes, BitCount;
    public uint Compression, ImageSize;
    public int XPixelsPerMetre, YPixelsPerMetre;
    public uint ColoursUsed, ColoursImportant;

    /// <summary>What GetDIBits may write behind a header: three masks.</summary>
    public uint Mask0, Mask1, Mask2;

    public static BitmapHeader TopDown(PixelSize size) => new() { Size = 40, Width = size.Width, Height = -size.Height, Planes = 1, BitCount = 32 };
}

/// <summary>BITMAP.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct BitmapDescription
{
    public int Type, Width, Height, WidthBytes;
    public ushort Planes, BitsPixel;
    public nint Bits;
}
