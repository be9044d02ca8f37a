using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace RemoteAccess.Picture;

/// <summary>
/// Finds the blocks in which two pictures of the same size differ, looking only inside the capture's damage rectangles, widened to whole
/// blocks. Rows are walked in memory order, eight blocks at a step; each is read once, and not at all in blocks that were found to differ
/// in a row above.
/// </summary>
internal static class DamageScan
{
    private const int BlockBytes = BlockMap.Side * 4;

    // A picture is at most 65535 pixels wide: 8192 blocks, 1024 bytes of the map.
    private const int MaxRowBytes = 1024;

    /// <summary>Marks the differing blocks in <paramref name="map"/>, which must be reset to the pictures' size; returns whether there is one.</summary>
    public static bool Compare(ScreenFrame previous, ScreenFrame current, BlockMap map)
    {
        if (Vector512.IsHardwareAccelerated) return Compare<BlockComparison512>(previous, current, map);
        if (Vector256.IsHardwareAccelerated) return Compare<BlockComparison256>(previous, current, map);
        return Vector128.IsHardwareAccelerated ? Compare<BlockComparison128>(previous, current, map) : Compare<BlockComparisonScalar>(previous, current, map);
    }

    /// <summary>The same, on a named path.</summary>
    public static bool Compare<TComparison>(ScreenFrame previous, ScreenFrame current, BlockMap map)
        where TComparison : struct, IBlockComparison
    {
        if (previous.Size != current.Size) throw new ArgumentException("The pictures differ in size.", nameof(current));
        if (map.Size != current.Size) throw new ArgumentException("The map is not of the pictures' size.", nameof(map));
        if (map.RowBytes > MaxRowBytes) throw new ArgumentException("The pictures are too wide.", nameof(current));

        // First the map says where to look, then what was found there.
        var whole = new PixelRect(0, 0, current.Size.Width, current.Size.Height);
        foreach (PixelRect hint in current.Damage) map.SetAround(hint.Intersect(whole));

        Span<byte> wanted = stackalloc byte[MaxRowBytes];
        wanted = wanted[..map.RowBytes];
        bool any = false;
        for (int row = 0; row < map.Rows; row++)
        {
            Span<byte> found = map.Row(row);
            if (!found.ContainsAnyExcept((byte)0)) continue;
            found.CopyTo(wanted);
            found.Clear();
            int end = Math.Min((row + 1) * BlockMap.Side, current.Size.Height);
            int first = wanted.IndexOfAnyExcept((byte)0), past = wanted.LastIndexOfAnyExcept((byte)0) + 1;
            int y = row * BlockMap.Side;
            // Mostly nothing differs, or what does begins in the first row of pixels: equal rows are passed over at the speed of memory.
            if (!wanted[first..past].Contains((byte)0)) while (y < end && AreEqual(previous, current, y, first, past)) y++;
            for (; y < end; y++) CompareRow<TComparison>(previous, current, y, wanted, found);
            any |= found.ContainsAnyExcept((byte)0);
        }

        return any;
    }

    /// <summary>Whether a row's pixels are the same in all groups from the first to before <paramref name="past"/>.</summary>
    private static bool AreEqual(ScreenFrame previous, ScreenFrame current, int y, int first, int past)
    {
        int from = first * IBlockComparison.Bytes, length = Math.Min(past * IBlockComparison.Bytes, current.Size.Width * 4) - from;
        return previous.Pixels.Slice(y * previous.Stride + from, length).SequenceEqual(current.Pixels.Slice(y * current.Stride + from, length));
    }

    private static void CompareRow<TComparison>(ScreenFrame previous, ScreenFrame current, int y, ReadOnlySpan<byte> wanted, Span<byte> found)
        where TComparison : struct, IBlockComparison
    {
        int rowBytes = current.Size.Width * 4;
        ReadOnlySpan<byte> before = previous.Pixels.Slice(y * previous.Stride, rowBytes);
        ReadOnlySpan<byte> after = current.Pixels.Slice(y * current.Stride, rowBytes);
        ref byte beforeStart = ref MemoryMarshal.GetReference(before);
        ref byte afterStart = ref MemoryMarshal.GetReference(after);
        int whole = rowBytes / IBlockComparison.Bytes;
        for (int group = 0; group < whole; group++)
        {
            int open = wanted[group] & ~found[group];
            if (open == 0) continue;
            nuint offset = (nuint)(group * IBlockComparison.Bytes);
            int differing = TComparison.Differing(ref Unsafe.AddByteOffset(ref beforeStart, offset), ref Unsafe.AddByteOffset(ref afterStart, offset));
            if (differing != 0) found[group] |= (byte)(differing & open);
        }

        if (whole == wanted.Length) return;
        int rest = whole * IBlockComparison.Bytes;
        for (int bit = 1; rest < rowBytes; bit <<= 1, rest += BlockBytes)
        {
            if ((wanted[whole] & ~found[whole] & bit) == 0) continue;
            int length = Math.Min(BlockBytes, rowBytes - rest);
            if (!before.Slice(rest, length).SequenceEqual(after.Slice(rest, length))) found[whole] |= (byte)bit;
        }
    }
}
