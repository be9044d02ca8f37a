using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace RemoteAccess.Picture;

/// <summary>
/// The row above the one being coded: of each pixel the components (green, red − green, blue − green, the latter two plus 128, modulo 256) in the bytes
/// where a pixel has green, red and blue, and the magnitudes of their residuals, those of the row above it too. Each row takes its place, but for columns of blocks that are not coded.
/// </summary>
internal sealed class LosslessRows
{
    public const int Components = 3;

    /// <summary>Index of the first pixel: there is one in front of it, and vectors may reach past the end.</summary>
    public const int Start = 16;

    /// <summary>Of each array here: that, a tile's width, and what vectors may reach past it.</summary>
    public const int Length = Start + 64 + 16;

    /// <summary>Shuffles the green of four pixels to their red and blue, and 0 elsewhere.</summary>
    public static Vector128<byte> GreenForOthers => Vector128.Create((byte)1, 255, 1, 255, 5, 255, 5, 255, 9, 255, 9, 255, 13, 255, 13, 255);

    private int end;

    /// <summary>Components, blue's lowest.</summary>
    public uint[] Values { get; private set; } = new uint[Length];

    /// <summary>By component: green, red, blue.</summary>
    public byte[][] Magnitudes { get; } = [new byte[Length], new byte[Length], new byte[Length]];

    /// <summary>What the magnitudes were one row before.</summary>
    public byte[][] Older { get; } = [new byte[Length], new byte[Length], new byte[Length]];

    /// <summary>Before the first row, everything above is of one colour.</summary>
    /// <param name="colour">Of the picture: blue is lowest.</param>
    /// <param name="columns">Of blocks.</param>
    public void Begin(uint colour, int columns)
    {
        end = Start + columns * BlockMap.Side;
        Values.AsSpan().Fill(Split(colour));
        foreach (byte[] magnitudes in Magnitudes) magnitudes.AsSpan().Clear();
        foreach (byte[] magnitudes in Older) magnitudes.AsSpan().Clear();
    }

    /// <summary>To the left of the first pixel stands what is above it.</summary>
    public void BeginRow() => Values[Start - 1] = Values[Start];

    /// <summary>Takes over a row, for one that will be written anew.</summary>
    public uint[] Exchange(uint[] row)
    {
        uint[] before = Values;
        Values = row;
        return before;
    }

    /// <summary>A row's residuals of a component, folded (<see cref="ResidualToken"/>), become magnitudes; what is not coded keeps those above.</summary>
    public void Take(int component, byte[] folded, byte coded)
    {
        byte[] magnitudes = Magnitudes[component];
        magnitudes.CopyTo(Older[component].AsSpan());
        for (int column = 0; column * BlockMap.Side < end - Start; column++)
        {
            if ((coded >> column & 1) == 0) continue;
            // Eight bytes at once: half of each, rounded up.
            ulong eight = Unsafe.ReadUnaligned<ulong>(ref folded[column * BlockMap.Side]);
            Unsafe.WriteUnaligned(ref magnitudes[Start + column * BlockMap.Side], eight - (eight >> 1 & 0x7F7F_7F7F_7F7F_7F7F));
        }

        magnitudes[Start - 1] = magnitudes[Start];
        magnitudes[end] = magnitudes[end - 1];
    }

    /// <summary>Where in a pixel's 32 bits a component is: green, red, blue.</summary>
    public static int Shift(int component) => component switch { 0 => 8, 1 => 16, _ => 0 };

    /// <summary>The median of left, upper, and left + upper − upper left.</summary>
    public static int Median(uint left, uint upper, uint upperLeft)
    {
        uint high = Math.Max(left, upper), low = Math.Min(left, upper);
        return (int)(upperLeft >= high ? low : upperLeft <= low ? high : left + upper - upperLeft);
    }

    public static uint Split(uint pixel)
    {
        (uint b, uint g, uint r) = (pixel & 255, pixel >> 8 & 255, pixel >> 16 & 255);
        return ((r - g + 128) & 255) << 16 | g << 8 | ((b - g + 128) & 255);
    }

    public static uint Join(uint components)
    {
        (uint b, uint g, uint r) = (components & 255, components >> 8 & 255, components >> 16 & 255);
        return ((r + g + 128) & 255) << 16 | g << 8 | ((b + g + 128) & 255);
    }
}
