using System.Numerics;
using System.Runtime.Intrinsics;

namespace RemoteAccess.Picture;

/// <summary>
/// How something goes on that moved before: as it did, as it did before that, twice as far or half as far (a screen is drawn more or less often than it is
/// looked at), each a pixel longer or shorter, as a hand drags; and what went straight up, down or aside goes on so, faster or slower, as pages are
/// scrolled. Some places of the damage say which. Allocates nothing for a frame.
/// </summary>
internal sealed class VectorGuess
{
    /// <summary>Groups of eight blocks that are looked at.</summary>
    private const int Places = 32;

    /// <summary>How much faster or slower a page scrolls from one frame to the next, in pixels.</summary>
    private const int Change = 32;

    // Few places say less of the damage than all of it; whoever asked looks more closely.
    private const double Trust = 0.7;

    private readonly (int Row, int Group)[] places = new (int, int)[Places];
    private int count;
    private int blocks;

    /// <summary>The likeliest vector; none (0, 0) when too few of the places would move by it.</summary>
    /// <param name="previous">The frame sent before.</param>
    /// <param name="current">The frame to be sent.</param>
    /// <param name="damage">Where they differ.</param>
    /// <param name="step">Places are in each step-th row of blocks.</param>
    /// <param name="last">How it moved.</param>
    /// <param name="before">How it moved before that; none (0, 0) when that is not known.</param>
    /// <param name="share">How much of the damage that explained.</param>
    public MotionVector Next(ScreenFrame previous, ScreenFrame current, BlockMap damage, int step, MotionVector last, MotionVector before, double share)
    {
        Choose(damage, step);
        var pair = new FramePair(previous, current);
        MotionVector best = default;
        int most = (int)(blocks * share * Trust);
        ReadOnlySpan<MotionVector> bases = [last, before, Of(last.Dx * 2, last.Dy * 2), Of(last.Dx / 2, last.Dy / 2)];
        foreach (MotionVector from in bases)
        {
            if (from == default) continue;
            for (int i = 0; i < 9; i++) Try(pair, damage, Of(from.Dx + i % 3 - 1, from.Dy + i / 3 - 1), last, ref best, ref most);
        }

        if (best != default || (last.Dx != 0 && last.Dy != 0)) return best;
        for (int i = -Change; i <= Change; i++)
            Try(pair, damage, last.Dx == 0 ? Of(0, last.Dy + i) : Of(last.Dx + i, 0), last, ref best, ref most);
        return best;
    }

    private void Try(in FramePair pair, BlockMap damage, MotionVector vector, MotionVector last, ref MotionVector best, ref int most)
    {
        // The last one itself was found wanting.
        if (vector == default || vector == last) return;
        int moved = Vector256.IsHardwareAccelerated ? Moved<BlockComparison256>(pair, damage, vector, most) : Moved<BlockComparison128>(pair, damage, vector, most);
        if (moved > most) (best, most) = (vector, moved);
    }

    /// <summary>Places with damage, spread over it.</summary>
    private void Choose(BlockMap damage, int step)
    {
        int groups = 0;
        for (int row = 0; row < damage.Rows; row += step)
            foreach (byte packed in damage.Row(row)) groups += packed != 0 ? 1 : 0;
        int apart = Math.Max(1, (groups + Places - 1) / Places), next = apart / 2;
        count = blocks = groups = 0;
        for (int row = 0; row < damage.Rows; row += step)
        {
            ReadOnlySpan<byte> packed = damage.Row(row);
            for (int group = 0; group < packed.Length; group++)
            {
                if (packed[group] == 0 || groups++ != next) continue;
                // Not the same distance each time, which could be the same column in each row.
                next += apart < 3 ? apart : apart + count % 5 - 2;
                if (count == Places) return;
                places[count++] = (row, group);
                blocks += BitOperations.PopCount(packed[group]);
            }
        }
    }

    /// <summary>How many damaged blocks of the places moved so; less than that when it cannot be more than <paramref name="most"/>.</summary>
    private int Moved<TComparison>(in FramePair pair, BlockMap damage, MotionVector vector, int most)
        where TComparison : struct, IBlockComparison
    {
        int moved = 0, left = blocks;
        for (int i = 0; i < count && moved + left > most; i++)
        {
            (int row, int group) = places[i];
            int open = damage.Row(row)[group];
            left -= BitOperations.PopCount((uint)open);
            moved += BitOperations.PopCount((uint)pair.Moved<TComparison>(vector, group, row, open));
        }

        return moved;
    }

    /// <summary>None when it does not fit a vector.</summary>
    private static MotionVector Of(int dx, int dy) => (short)dx == dx && (short)dy == dy ? new MotionVector((short)dx, (short)dy) : default;
}
