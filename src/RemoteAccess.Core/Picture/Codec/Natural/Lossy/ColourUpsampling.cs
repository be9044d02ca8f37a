using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace RemoteAccess.Picture;

/// <summary>
/// Doubles a colour plane with a triangle, 3/4 of the nearer sample and 1/4 of the farther one: first downwards, then across.
/// Where the farther sample is in a macroblock that is not coded or not in the tile, the nearer one stands for it.
/// </summary>
internal sealed class ColourUpsampling(bool vectors)
{
    private const int Pitch = TilePlanes.Pitch;
    private const int Half = 8;
    private const int Columns = 4 * Half;

    /// <summary>Words from one row after the first step to the next: there is a sample on either side.</summary>
    private const int TallPitch = Columns + 16;

    private const int TallStart = 8;

    /// <summary>The 16 rows of a row of macroblocks after the first step.</summary>
    private readonly ushort[] tall = new ushort[2 * Half * TallPitch];
    private readonly byte[] doubled = new byte[Pitch];

    /// <summary>
    /// Writes the nearer sample where a coded macroblock looks for the farther one above and below. A macroblock that is not coded has a
    /// row for each of the two that look into it, so that they do not meet.
    /// </summary>
    public static void Border(Span<byte> plane, ushort macroblocks)
    {
        for (int macroblock = 0; macroblock < 16; macroblock++)
        {
            if ((macroblocks >> macroblock & 1) == 0) continue;
            (int column, int row) = (macroblock & 3, macroblock >> 2);
            int first = TilePlanes.Start + row * Half * Pitch + column * Half;
            if (row == 0 || (macroblocks >> (macroblock - 4) & 1) == 0) plane.Slice(first, Half).CopyTo(plane[(first - Pitch)..]);
            int last = first + (Half - 1) * Pitch;
            if (row == 3 || (macroblocks >> (macroblock + 4) & 1) == 0) plane.Slice(last, Half).CopyTo(plane[(last + Pitch)..]);
        }
    }

    /// <summary>
    /// The first step for a row of macroblocks of which some are coded (bit = column). All rows at once: a processor waits when it loads what it
    /// stored at another alignment just before.
    /// </summary>
    public void Heighten(ReadOnlySpan<byte> plane, int macroblockRow, int coded)
    {
        for (int y = 0; y < 2 * Half; y++)
        {
            int near = TilePlanes.Start + (macroblockRow * Half + (y >> 1)) * Pitch, far = (y & 1) == 0 ? near - Pitch : near + Pitch;
            ReadOnlySpan<byte> nearRow = plane.Slice(near, Columns), farRow = plane.Slice(far, Columns);
            Span<ushort> row = tall.AsSpan(y * TallPitch + TallStart - 1, Columns + 2);
            if (vectors) HeightenByVector(ref MemoryMarshal.GetReference(nearRow), ref MemoryMarshal.GetReference(farRow), ref row[1]);
            else for (int x = 0; x < Columns; x++) row[1 + x] = (ushort)(nearRow[x] * 3 + farRow[x]);

            // What Border did above and below, to the left and right.
            (row[0], row[^1]) = (row[1], row[^2]);
            if (coded == 15) continue;
            for (int column = 0; column < 3; column++)
            {
                int last = (column + 1) * Half;
                if ((coded >> (column + 1) & 1) == 0) row[last + 1] = row[last];
                else if ((coded >> column & 1) == 0) row[last] = row[last + 1];
            }
        }
    }

    /// <summary>A row, 0 to 15, of what <see cref="Heighten"/> took, right where macroblocks are coded; valid until the next call.</summary>
    public ReadOnlySpan<byte> Row(int y)
    {
        int start = y * TallPitch + TallStart;
        if (vectors) WidenByVector(ref tall[start], ref doubled[0]);
        else WidenOneByOne(tall.AsSpan(start - 1, Columns + 2));
        return doubled;
    }

    private static void HeightenByVector(ref byte near, ref byte far, ref ushort target)
    {
        for (nuint x = 0; x < Columns; x += 16)
        {
            Vector128<byte> nears = Vector128.LoadUnsafe(ref near, x), fars = Vector128.LoadUnsafe(ref far, x);
            Vector256<ushort> nearWords = Vector256.Create(Vector128.WidenLower(nears), Vector128.WidenUpper(nears));
            (nearWords + nearWords + nearWords + Vector256.Create(Vector128.WidenLower(fars), Vector128.WidenUpper(fars))).StoreUnsafe(ref target, x);
        }
    }

    private static void WidenByVector(ref ushort words, ref byte target)
    {
        for (nuint x = 0; x < Columns; x += 16)
        {
            Vector256<ushort> near = Vector256.LoadUnsafe(ref words, x);
            Vector256<ushort> three = near + near + near;
            Vector256<ushort> even = (three + Vector256.LoadUnsafe(ref Unsafe.Subtract(ref words, 1), x) + Vector256.Create((ushort)8)) >> 4;
            Vector256<ushort> odd = (three + Vector256.LoadUnsafe(ref words, x + 1) + Vector256.Create((ushort)7)) >> 4;
            // Bytes of two neighbours, the lower address first.
            (even | odd << 8).AsByte().StoreUnsafe(ref target, x * 2);
        }
    }

    private void WidenOneByOne(ReadOnlySpan<ushort> row)
    {
        for (int x = 0; x < Columns; x++)
        {
            int three = row[1 + x] * 3;
            doubled[2 * x] = (byte)((three + row[x] + 8) >> 4);
            doubled[2 * x + 1] = (byte)((three + row[2 + x] + 7) >> 4);
        }
    }
}
