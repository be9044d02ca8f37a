using System.Runtime.Intrinsics;

namespace RemoteAccess.Picture;

/// <summary>
/// Doubles colour planes with a triangle, 3/4 of the nearer sample and 1/4 of the farther one: first downwards, then across.
/// Where the farther sample is in a macroblock that is not coded or not in the tile, the nearer one stands for it.
/// </summary>
internal sealed class ColourUpsampling(bool vectors)
{
    private const int Pitch = TilePlanes.Pitch;
    private const int Half = 8;
    private const int Columns = 4 * Half;

    private readonly byte[][] doubled = [new byte[Pitch * Pitch], new byte[Pitch * Pitch]];
    private readonly ushort[][] tall = [new ushort[Pitch * Columns + 2 * Half], new ushort[Pitch * Columns + 2 * Half]];
    private readonly byte[][] sources = [[], []];
    private ushort coded;

    public byte[] Cb => doubled[0];

    public byte[] Cr => doubled[1];

    /// <summary>Doubles the height of all coded macroblocks; <see cref="Macroblock"/> may follow for each.</summary>
    public void Begin(byte[] cb, byte[] cr, ushort macroblocks)
    {
        (sources[0], sources[1], coded) = (cb, cr, macroblocks);
        for (int plane = 0; plane < 2; plane++)
            for (int macroblock = 0; macroblock < 16; macroblock++)
                if (IsCoded(macroblock & 3, macroblock >> 2)) Heighten(sources[plane], tall[plane], macroblock & 3, macroblock >> 2);
    }

    public void Macroblock(int column, int row)
    {
        bool left = IsCoded(column - 1, row), right = IsCoded(column + 1, row);
        for (int plane = 0; plane < 2; plane++)
            for (int y = row * 2 * Half; y < (row + 1) * 2 * Half; y++)
            {
                // One plane row is kept eight words behind its start, so that its left neighbour can be loaded.
                ref ushort words = ref tall[plane][Half + y * Columns + column * Half];
                ref byte target = ref doubled[plane][y * Pitch + column * 2 * Half];
                if (vectors) WidenByVector(ref words, left, right, ref target);
                else WidenOneByOne(tall[plane], Half + y * Columns + column * Half, left, right, doubled[plane].AsSpan(y * Pitch + column * 2 * Half, 2 * Half));
            }
    }

    private bool IsCoded(int column, int row) => column is >= 0 and < 4 && row is >= 0 and < 4 && (coded >> (row * 4 + column) & 1) != 0;

    private void Heighten(byte[] source, ushort[] target, int column, int row)
    {
        int first = row * Half * Pitch + column * Half;
        for (int y = 0; y < Half; y++)
        {
            int near = first + y * Pitch;
            int above = y > 0 || IsCoded(column, row - 1) ? near - Pitch : near;
            int below = y < Half - 1 || IsCoded(column, row + 1) ? near + Pitch : near;
            int to = Half + (row * Half + y) * 2 * Columns + column * Half;
            if (vectors)
            {
                Vector128<ushort> three = Words(ref source[near]) * Vector128.Create((ushort)3);
                (three + Words(ref source[above])).StoreUnsafe(ref target[to]);
                (three + Words(ref source[below])).StoreUnsafe(ref target[to + Columns]);
                continue;
            }

            for (int x = 0; x < Half; x++)
            {
                target[to + x] = (ushort)(source[near + x] * 3 + source[above + x]);
                target[to + Columns + x] = (ushort)(source[near + x] * 3 + source[below + x]);
            }
        }
    }

    private static void WidenByVector(ref ushort words, bool left, bool right, ref byte target)
    {
        Vector128<ushort> near = Vector128.LoadUnsafe(ref words);
        Vector128<ushort> before = Vector128.LoadUnsafe(ref System.Runtime.CompilerServices.Unsafe.Subtract(ref words, 1));
        Vector128<ushort> after = Vector128.LoadUnsafe(ref words, 1);
        if (!left) before = before.WithElement(0, near[0]);
        if (!right) after = after.WithElement(7, near[7]);
        Vector128<ushort> three = near * Vector128.Create((ushort)3);
        Vector128<ushort> even = (three + before + Vector128.Create((ushort)8)) >> 4, odd = (three + after + Vector128.Create((ushort)7)) >> 4;
        // Bytes of two neighbours, lower address first.
        (even | odd << 8).AsByte().StoreUnsafe(ref target);
    }

    private static void WidenOneByOne(ushort[] words, int at, bool left, bool right, Span<byte> target)
    {
        for (int x = 0; x < Half; x++)
        {
            int before = x > 0 || left ? words[at + x - 1] : words[at], after = x < Half - 1 || right ? words[at + x + 1] : words[at + x];
            target[2 * x] = (byte)((words[at + x] * 3 + before + 8) >> 4);
            target[2 * x + 1] = (byte)((words[at + x] * 3 + after + 7) >> 4);
        }
    }

    private static Vector128<ushort> Words(ref byte samples) =>
        Vector128.WidenLower(Vector128.CreateScalar(System.Runtime.CompilerServices.Unsafe.ReadUnaligned<ulong>(ref samples)).AsByte());
}
