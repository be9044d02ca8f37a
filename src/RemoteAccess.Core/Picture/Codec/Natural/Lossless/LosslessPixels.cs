using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace RemoteAccess.Picture;

/// <summary>From a row's folded residuals by component to its pixels. Not thread-safe.</summary>
internal sealed class LosslessPixels(bool vectors)
{
    private const int Start = LosslessRows.Start;

    private readonly byte[][] folded = [new byte[64], new byte[64], new byte[64]];
    private readonly uint[] residuals = new uint[64];

    /// <summary>Where the folded residuals of green, red or blue are put.</summary>
    public byte[] Folded(int component) => folded[component];

    /// <summary>Writes the coded blocks' columns of a row of 64 pixels; what of them is beyond the tile's width means nothing. Its components become those above the next.</summary>
    public void Give(LosslessRows rows, Span<uint> pixels, byte coded)
    {
        rows.BeginRow();
        if (vectors) UnfoldByVector();
        else Unfold();
        for (int column = 0, next; column < BlockMap.Side; column = next)
        {
            next = column + 1;
            if ((coded >> column & 1) == 0) continue;
            while (next < BlockMap.Side && (coded >> next & 1) != 0) next++;
            int from = column * BlockMap.Side, to = next * BlockMap.Side;
            if (vectors)
            {
                AddByVector(rows.Values, from, to);
                JoinByVector(rows.Values, pixels, from, to);
            }
            else
            {
                Add(rows.Values, from, to);
                for (int x = from; x < to; x++) pixels[x] = LosslessRows.Join(rows.Values[Start + x]);
            }
        }
    }

    private void Unfold()
    {
        for (int x = 0; x < 64; x++)
        {
            residuals[x] = 0;
            int flips = -(folded[0][x] & 1);
            for (int component = 0; component < LosslessRows.Components; component++)
            {
                int value = folded[component][x], residual = value >> 1 ^ -(value & 1);
                if (component > 0) residual = (residual ^ flips) - flips;
                residuals[x] |= (uint)(byte)residual << LosslessRows.Shift(component);
            }
        }
    }

    private void UnfoldByVector()
    {
        ref uint target = ref residuals[0];
        for (int x = 0; x < 64; x += 16)
        {
            Vector128<byte> green = Unfold(folded[0], x), flips = Vector128.LessThan(green.AsSByte(), Vector128<sbyte>.Zero).AsByte();
            (Vector128<ushort> greenLow, Vector128<ushort> greenHigh) = Vector128.Widen(green);
            (Vector128<ushort> redLow, Vector128<ushort> redHigh) = Vector128.Widen((Unfold(folded[1], x) ^ flips) - flips);
            (Vector128<ushort> blueLow, Vector128<ushort> blueHigh) = Vector128.Widen((Unfold(folded[2], x) ^ flips) - flips);
            Store(blueLow | greenLow << 8, redLow, ref target, (nuint)x);
            Store(blueHigh | greenHigh << 8, redHigh, ref target, (nuint)x + 8);
        }
    }

    private static void Store(Vector128<ushort> greenBlue, Vector128<ushort> red, ref uint target, nuint x)
    {
        (Vector128<uint> low, Vector128<uint> high) = Vector128.Widen(greenBlue);
        (Vector128<uint> redLow, Vector128<uint> redHigh) = Vector128.Widen(red);
        (low | redLow << 16).StoreUnsafe(ref target, x);
        (high | redHigh << 16).StoreUnsafe(ref target, x + 4);
    }

    private static Vector128<byte> Unfold(byte[] values, int x)
    {
        Vector128<byte> value = Vector128.Create(values.AsSpan(x, 16));
        return (value >> 1) ^ (Vector128<byte>.Zero - (value & Vector128<byte>.One));
    }

    private void Add(uint[] values, int from, int to)
    {
        uint left = values[Start + from - 1], corner = left;
        for (int x = from; x < to; x++)
        {
            uint upper = values[Start + x], value = 0;
            for (int component = 0; component < LosslessRows.Components; component++)
            {
                int shift = LosslessRows.Shift(component);
                value |= ((uint)LosslessRows.Median(left >> shift & 255, upper >> shift & 255, corner >> shift & 255) + (residuals[x] >> shift) & 255) << shift;
            }

            values[Start + x] = left = value;
            corner = upper;
        }
    }

    /// <summary>Each pixel waits for the one before: its three components are lanes of one vector.</summary>
    private void AddByVector(uint[] values, int from, int to)
    {
        ref uint value = ref values[Start + from], residual = ref residuals[from];
        Vector128<byte> left = Vector128.CreateScalarUnsafe(values[Start + from - 1]).AsByte(), corner = left;
        for (int x = 0; x < to - from; x++)
        {
            Vector128<byte> upper = Vector128.CreateScalarUnsafe(Unsafe.Add(ref value, x)).AsByte();
            Vector128<byte> high = Vector128.Max(left, upper), low = Vector128.Min(left, upper);
            Vector128<byte> highest = high + Vector128.CreateScalarUnsafe(Unsafe.Add(ref residual, x)).AsByte();
            left = highest - Vector128.Min(Vector128.SubtractSaturate(corner, low), high - low);
            corner = upper;
            Unsafe.Add(ref value, x) = left.AsUInt32().ToScalar();
        }
    }

    private static void JoinByVector(uint[] values, Span<uint> pixels, int from, int to)
    {
        ref uint source = ref values[Start], target = ref MemoryMarshal.GetReference(pixels[..64]);
        Vector128<byte> centre = Vector128.Create(0x00800080u).AsByte();
        for (nuint x = (nuint)from; x < (nuint)to; x += 4)
        {
            Vector128<byte> value = Vector128.LoadUnsafe(ref source, x).AsByte();
            (value + Vector128.Shuffle(value, LosslessRows.GreenForOthers) + centre).AsUInt32().StoreUnsafe(ref target, x);
        }
    }
}
