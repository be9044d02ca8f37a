using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace RemoteAccess.Picture;

/// <summary>From brightness and colour to pixels: JFIF's matrix in whole numbers that all fit 16 bits.</summary>
internal static class PixelColour
{
    // 0.402, 0.344, 1 − 0.714 in 1/256; 1.772 in 1/128.
    private const short RedFromCr = 103, GreenFromCb = 88, GreenFromCr = 73, BlueFromCb = 227;

    public static void OneByOne(ReadOnlySpan<byte> luma, ReadOnlySpan<byte> cbs, ReadOnlySpan<byte> crs, Span<uint> pixels)
    {
        for (int at = 0; at < pixels.Length; at++)
        {
            (int y, int cb, int cr) = (luma[at], cbs[at] - 128, crs[at] - 128);
            int r = y + cr + ((cr * RedFromCr + 128) >> 8);
            int g = y - cr - ((cb * GreenFromCb - cr * GreenFromCr + 128) >> 8);
            int b = y + ((cb * BlueFromCb + 64) >> 7);
            pixels[at] = (uint)(Math.Clamp(r, 0, 255) << 16 | Math.Clamp(g, 0, 255) << 8 | Math.Clamp(b, 0, 255));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void SixteenByVector(ReadOnlySpan<byte> luma, ReadOnlySpan<byte> cbs, ReadOnlySpan<byte> crs, Span<uint> pixels)
    {
        Vector256<short> y = Words(luma), cb = Words(cbs) - Vector256.Create((short)128), cr = Words(crs) - Vector256.Create((short)128);
        Vector256<short> half = Vector256.Create((short)128);
        Vector256<short> r = y + cr + Vector256.ShiftRightArithmetic(cr * Vector256.Create(RedFromCr) + half, 8);
        Vector256<short> g = y - cr - Vector256.ShiftRightArithmetic(cb * Vector256.Create(GreenFromCb) - cr * Vector256.Create(GreenFromCr) + half, 8);
        Vector256<short> b = y + Vector256.ShiftRightArithmetic(cb * Vector256.Create(BlueFromCb) + Vector256.Create((short)64), 7);
        Vector256<ushort> red = Clamp(r), greenBlue = Clamp(g) << 8 | Clamp(b);
        ref uint target = ref MemoryMarshal.GetReference(pixels[..16]);
        (Vector256.WidenLower(greenBlue) | Vector256.WidenLower(red) << 16).StoreUnsafe(ref target);
        (Vector256.WidenUpper(greenBlue) | Vector256.WidenUpper(red) << 16).StoreUnsafe(ref target, 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<short> Words(ReadOnlySpan<byte> samples)
    {
        Vector128<byte> bytes = Vector128.LoadUnsafe(ref MemoryMarshal.GetReference(samples[..16]));
        return Vector256.Create(Vector128.WidenLower(bytes), Vector128.WidenUpper(bytes)).AsInt16();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<ushort> Clamp(Vector256<short> value) =>
        Vector256.Min(Vector256.Max(value, Vector256<short>.Zero), Vector256.Create((short)255)).AsUInt16();
}
