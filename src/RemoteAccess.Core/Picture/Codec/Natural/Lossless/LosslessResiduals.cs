using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace RemoteAccess.Picture;

/// <summary>From a row of pixels to its folded residuals by component. Not thread-safe.</summary>
internal sealed class LosslessResiduals(bool vectors)
{
    private const int Start = LosslessRows.Start;

    private readonly byte[][] folded = [new byte[64], new byte[64], new byte[64]];
    private uint[] row = new uint[LosslessRows.Length];

    /// <summary>The folded residuals of the row taken last: green, red or blue.</summary>
    public byte[] Folded(int component) => folded[component];

    /// <summary>Takes a row's pixels, 64 of which those beyond the last column mean nothing; its components become those above the next.</summary>
    public void Take(LosslessRows rows, ReadOnlySpan<uint> pixels, byte coded)
    {
        rows.BeginRow();
        Span<uint> current = row.AsSpan(Start, 64);
        ReadOnlySpan<uint> above = rows.Values.AsSpan(Start, 64);
        if (vectors) SplitByVector(pixels, current);
        else for (int x = 0; x < 64; x++) current[x] = LosslessRows.Split(pixels[x]);
        for (int column = 0; column < BlockMap.Side; column++)
            if ((coded >> column & 1) == 0) above.Slice(column * BlockMap.Side, BlockMap.Side).CopyTo(current[(column * BlockMap.Side)..]);
        row[Start - 1] = above[0];
        if (vectors) FoldByVector(rows.Values);
        else Fold(rows.Values);
        row = rows.Exchange(row);
    }

    private static void SplitByVector(ReadOnlySpan<uint> pixels, Span<uint> current)
    {
        ref uint source = ref MemoryMarshal.GetReference(pixels[..64]), target = ref MemoryMarshal.GetReference(current[..64]);
        Vector128<byte> centre = Vector128.Create(0x00800080u).AsByte(), used = Vector128.Create(0x00FFFFFFu).AsByte();
        for (nuint x = 0; x < 64; x += 4)
        {
            Vector128<byte> pixel = Vector128.LoadUnsafe(ref source, x).AsByte();
            ((pixel - Vector128.Shuffle(pixel, LosslessRows.GreenForOthers) + centre) & used).AsUInt32().StoreUnsafe(ref target, x);
        }
    }

    private void Fold(uint[] above)
    {
        for (int x = 0; x < 64; x++)
        {
            int at = Start + x;
            bool flips = false;
            for (int component = 0; component < LosslessRows.Components; component++)
            {
                int shift = LosslessRows.Shift(component);
                int residual = (sbyte)((row[at] >> shift) - LosslessRows.Median(row[at - 1] >> shift & 255, above[at] >> shift & 255, above[at - 1] >> shift & 255));
                if (component == 0) flips = residual < 0;
                else if (flips) residual = (sbyte)-residual;
                folded[component][x] = (byte)(residual << 1 ^ residual >> 31);
            }
        }
    }

    private void FoldByVector(uint[] above)
    {
        ref uint here = ref MemoryMarshal.GetArrayDataReference(row), before = ref MemoryMarshal.GetArrayDataReference(above);
        ref byte green = ref folded[0][0], red = ref folded[1][0], blue = ref folded[2][0];
        for (nuint x = 0; x < 64; x += 16)
        {
            Vector128<uint> a = Fold(ref here, ref before, Start + x), b = Fold(ref here, ref before, Start + x + 4);
            Vector128<uint> c = Fold(ref here, ref before, Start + x + 8), d = Fold(ref here, ref before, Start + x + 12);
            Lowest(a >> 8, b >> 8, c >> 8, d >> 8).StoreUnsafe(ref green, x);
            Lowest(a >> 16, b >> 16, c >> 16, d >> 16).StoreUnsafe(ref red, x);
            Lowest(a, b, c, d).StoreUnsafe(ref blue, x);
        }
    }

    private static Vector128<uint> Fold(ref uint row, ref uint above, nuint at)
    {
        Vector128<byte> left = Vector128.LoadUnsafe(ref row, at - 1).AsByte(), upper = Vector128.LoadUnsafe(ref above, at).AsByte(), corner = Vector128.LoadUnsafe(ref above, at - 1).AsByte();
        Vector128<byte> high = Vector128.Max(left, upper), low = Vector128.Min(left, upper);
        Vector128<byte> median = high - Vector128.Min(Vector128.SubtractSaturate(corner, low), high - low);
        Vector128<byte> residual = Vector128.LoadUnsafe(ref row, at).AsByte() - median;
        Vector128<byte> flips = Vector128.Shuffle(Vector128.LessThan(residual.AsSByte(), Vector128<sbyte>.Zero).AsByte(), LosslessRows.GreenForOthers);
        residual = (residual ^ flips) - flips;
        return ((residual + residual) ^ Vector128.LessThan(residual.AsSByte(), Vector128<sbyte>.Zero).AsByte()).AsUInt32();
    }

    /// <summary>The lowest byte of each.</summary>
    private static Vector128<byte> Lowest(Vector128<uint> a, Vector128<uint> b, Vector128<uint> c, Vector128<uint> d)
    {
        Vector128<uint> byteMask = Vector128.Create(255u);
        return Vector128.Narrow(Vector128.Narrow(a & byteMask, b & byteMask), Vector128.Narrow(c & byteMask, d & byteMask));
    }
}
