using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace RemoteAccess.Picture;

/// <summary>
/// Finds the blocks in which two pictures of the same size differ, looking only inside the capture's damage rectangles. Rows are walked
/// in memory order, one vector = one block's row.
/// </summary>
internal static class DamageScan
{
    private const int BlockBytes = BlockMap.Side * 4;

    /// <summary>Marks the differing blocks in <paramref name="map"/>, which must be reset to the pictures' size; returns whether there is one.</summary>
    public static bool Compare(ScreenFrame previous, ScreenFrame current, BlockMap map)
    {
        if (previous.Size != current.Size) throw new ArgumentException("The pictures differ in size.", nameof(current));
        bool any = false;
        var whole = new PixelRect(0, 0, current.Size.Width, current.Size.Height);
        foreach (PixelRect hint in current.Damage)
        {
            PixelRect area = hint.Intersect(whole);
            if (area.IsEmpty) continue;
            for (int y = area.Y; y < area.Bottom; y++)
                any |= CompareRow(previous, current, y, area.X / BlockMap.Side, (area.Right + BlockMap.Side - 1) / BlockMap.Side, map);
        }

        return any;
    }

    private static bool CompareRow(ScreenFrame previous, ScreenFrame current, int y, int firstColumn, int endColumn, BlockMap map)
    {
        int rowBytes = current.Size.Width * 4;
        ReadOnlySpan<byte> before = previous.Pixels.Slice(y * previous.Stride, rowBytes);
        ReadOnlySpan<byte> after = current.Pixels.Slice(y * current.Stride, rowBytes);
        int blockRow = y / BlockMap.Side;
        bool any = false;
        int wholeColumns = Math.Min(endColumn, rowBytes / BlockBytes);
        ref byte beforeStart = ref MemoryMarshal.GetReference(before);
        ref byte afterStart = ref MemoryMarshal.GetReference(after);
        int column = firstColumn;
        for (; column < wholeColumns; column++)
        {
            nuint offset = (nuint)(column * BlockBytes);
            if (Vector256.LoadUnsafe(ref beforeStart, offset) == Vector256.LoadUnsafe(ref afterStart, offset)) continue;
            map.Set(column, blockRow);
            any = true;
        }

        if (column < endColumn && !before[(column * BlockBytes)..].SequenceEqual(after[(column * BlockBytes)..]))
        {
            map.Set(column, blockRow);
            any = true;
        }

        return any;
    }
}
