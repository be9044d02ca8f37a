using System.Buffers.Binary;
using RemoteAccess.Interop;

namespace RemoteAccess.Picture;

/// <summary>Reads the pointer's pictures of Desktop Duplication (DXGI_OUTDUPL_POINTER_SHAPE_TYPE). Pure.</summary>
internal static class PointerPicture
{
    public const int Monochrome = 1, Colour = 2, MaskedColour = 4;
    private const int MaxSide = 2 * CursorPixels.MaxSide;

    /// <summary>The shape; null when nothing of it can be seen, or it is no picture.</summary>
    public static CursorShape? Decode(PointerShapeInfo info, ReadOnlySpan<byte> bytes)
    {
        int height = info.Kind == Monochrome ? info.Height / 2 : info.Height;
        int rowBytes = info.Kind == Monochrome ? (info.Width + 7) / 8 : info.Width * 4;
        if (info.Width is < 1 or > MaxSide || height is < 1 or > MaxSide || info.Pitch < rowBytes || (long)info.Pitch * info.Height > bytes.Length) return null;
        uint[] pixels = new uint[info.Width * height];
        bool[] isMasked = new bool[pixels.Length];
        for (int y = 0, at = 0; y < height; y++)
        {
            ReadOnlySpan<byte> row = bytes.Slice(y * info.Pitch, rowBytes);
            for (int x = 0; x < info.Width; x++, at++)
            {
                if (info.Kind == Monochrome)
                {
                    isMasked[at] = IsSet(row, x);
                    pixels[at] = IsSet(bytes.Slice((y + height) * info.Pitch, rowBytes), x) ? 0xffffffu : 0;
                }
                else
                {
                    pixels[at] = BinaryPrimitives.ReadUInt32LittleEndian(row[(x * 4)..]);
                    isMasked[at] = pixels[at] >> 24 != 0;
                }
            }
        }
        if (info.Kind == Colour) CursorPixels.Premultiply(pixels);
        else CursorPixels.Combine(pixels, isMasked, info.Width);
        return CursorPixels.ToShape(pixels, new PixelSize(info.Width, height), info.HotSpot.X, info.HotSpot.Y);
    }

    private static bool IsSet(ReadOnlySpan<byte> row, int x) => (row[x >> 3] & (0x80 >> (x & 7))) != 0;
}
