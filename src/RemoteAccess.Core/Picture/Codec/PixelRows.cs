using System.Runtime.InteropServices;

namespace RemoteAccess.Picture;

/// <summary>
/// The three rows that the context coder looks at: the one being coded and two above. Pixels outside the picture and those of inexact blocks
/// read as 0, so that both sides see the same. Pixel x stands at index <see cref="Margin"/> + x.
/// </summary>
internal sealed class PixelRows
{
    /// <summary>Entries before the first pixel; as many, at least, follow the last.</summary>
    public const int Margin = 32;

    /// <summary>No context looks further than this beside the run being coded.</summary>
    private const int Reach = 3;

    private uint[] row = [];
    private uint[] north = [];
    private uint[] north2 = [];

    public Span<uint> Row => row;

    public ReadOnlySpan<uint> North => north;

    public ReadOnlySpan<uint> North2 => north2;

    public void Reset(int width)
    {
        int needed = width + 2 * Margin;
        if (row.Length < needed) (row, north, north2) = (new uint[needed], new uint[needed], new uint[needed]);
        foreach (uint[] each in (ReadOnlySpan<uint[]>)[row, north, north2])
        {
            each.AsSpan(0, Margin).Clear();
            each.AsSpan(Margin + width).Clear();
        }
    }

    /// <summary>
    /// Makes <paramref name="y"/> the row being coded. The first row of a row of blocks reads the two above it, the others follow each other.
    /// Only the columns of blocks named, and what their contexts reach, are filled.
    /// </summary>
    public void Load(ReadOnlySpan<byte> pixels, int stride, PixelSize size, int y, int firstColumn, int endColumn, InexactBlocks inexact)
    {
        int first = Math.Max(firstColumn * BlockMap.Side - Reach, 0), end = Math.Min(endColumn * BlockMap.Side + Reach, size.Width);
        if (y % BlockMap.Side == 0)
        {
            Fill(north2, pixels, stride, y - 2, first, end, inexact);
            Fill(north, pixels, stride, y - 1, first, end, inexact);
        }
        else
        {
            (north2, north, row) = (north, row, north2);
        }

        Fill(row, pixels, stride, y, first, end, inexact);
    }

    private static void Fill(uint[] target, ReadOnlySpan<byte> pixels, int stride, int y, int first, int end, InexactBlocks inexact)
    {
        Span<uint> filled = target.AsSpan(Margin + first, end - first);
        if (y < 0)
        {
            filled.Clear();
            return;
        }

        MemoryMarshal.Cast<byte, uint>(pixels.Slice(y * stride + first * 4, (end - first) * 4)).CopyTo(filled);
        int blockRow = y / BlockMap.Side;
        if (inexact.CountInRow(blockRow) == 0) return;
        ReadOnlySpan<bool> states = inexact.Row(blockRow);
        for (int column = first / BlockMap.Side; column * BlockMap.Side < end; column++)
        {
            if (!states[column]) continue;
            int from = Math.Max(column * BlockMap.Side, first), to = Math.Min((column + 1) * BlockMap.Side, end);
            target.AsSpan(Margin + from, to - from).Clear();
        }
    }
}
