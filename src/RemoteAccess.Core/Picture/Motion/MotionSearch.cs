using System.Numerics;

namespace RemoteAccess.Picture;

/// <summary>
/// Finds the few vectors by which most of the damage moved. Anchors, 12 pixels at places that content alone decides, are looked up in the
/// frame before; each that is unique in both frames votes for a vector. A vote is a guess: <see cref="MotionMark"/> compares exactly. What scrolls or
/// is dragged mostly goes on as it went: nothing is searched while the vectors found last, or what is guessed from them, explain nearly as much as they did.
/// Allocates nothing for a frame. Not thread-safe.
/// </summary>
internal sealed class MotionSearch
{
    /// <summary>The most vectors of a frame.</summary>
    public const int MaxVectors = 4;

    // Fewer blocks cost less to send than a search; typing is below, a scrolled line above.
    private const int LeastBlocks = 16;

    // Fewer votes are chance.
    private const int LeastVotes = 6;

    // More are thinned out by their hashes, the same ones in both frames.
    private const int WantedAnchors = 4096;

    // Rows of blocks from one looked at to the next, to see whether the last vectors still hold.
    private const int SampleStep = 4;

    private readonly AnchorTable anchors = new();
    private readonly VectorVotes votes = new();
    private readonly SearchPause pause = new();
    private readonly MotionVector[] vectors = new MotionVector[MaxVectors];
    private readonly MotionVector[] told = new MotionVector[MaxVectors];
    private readonly MotionVector[] last = new MotionVector[MaxVectors];
    private (int X, int Y, ulong Places)[] surveyed = new (int, int, ulong)[1024];
    private int surveyedCount;
    private readonly VectorGuess guess = new();
    private MotionVector earlier;
    private int found;
    private int lastFound;
    private double lastShare;
    private int searched;
    private double novelty;

    /// <summary>
    /// At most <see cref="MaxVectors"/> vectors, the best first, none of them zero; valid until the next call. What the system says has
    /// moved is enough where it explains half of the damage, and nothing is searched; else it comes last, as far as the pixels say so too.
    /// </summary>
    public ReadOnlySpan<MotionVector> Find(ScreenFrame previous, ScreenFrame current, BlockMap damage, scoped ReadOnlySpan<ScreenMove> hints)
    {
        if (previous.Size != current.Size || damage.Size != current.Size) throw new ArgumentException("Pictures and map differ in size.", nameof(damage));
        found = searched = 0;
        int damaged = damage.Count(0, damage.Rows);
        foreach (ScreenMove hint in hints) Check(previous, current, damage, hint);
        if (damaged < LeastBlocks || IsTold(previous, current, damage) || pause.IsPaused(damaged)) return vectors.AsSpan(0, found);
        vectors.CopyTo(told, 0);
        int toldFound = found;
        found = 0;
        FindUntold(previous, current, damage, damaged);
        foreach (MotionVector hint in told.AsSpan(0, toldFound)) TryAdd(hint);
        return vectors.AsSpan(0, found);
    }

    private void FindUntold(ScreenFrame previous, ScreenFrame current, BlockMap damage, int damaged)
    {
        if (TryGoOn(previous, current, damage)) return;
        novelty = Search(previous, current, damage, damaged);
        while (found < MaxVectors && votes.TryTakeBest(LeastVotes, out MotionVector best)) TryAdd(best);
        Remember(vectors.AsSpan(0, found));
        lastShare = 0;
        if (found == 0) pause.Searched(damaged, novelty, 0);
        else searched = damaged;
    }

    /// <summary>
    /// Marks every damaged block of <paramref name="classes"/> that one of the vectors explains to the last bit; the others stay as they are.
    /// How many there were decides whether the next frames are searched.
    /// </summary>
    public void Mark(ScreenFrame previous, ScreenFrame current, BlockMap damage, ReadOnlySpan<MotionVector> vectors, BlockClasses classes)
    {
        int moved = MotionMark.Mark(previous, current, damage, vectors, classes);
        if (searched == 0) return;
        pause.Searched(searched, novelty, moved);
        lastShare = (double)moved / searched;
        searched = 0;
    }

    /// <summary>A hint is taken if a block of the rows looked at did move so.</summary>
    private void Check(ScreenFrame previous, ScreenFrame current, BlockMap damage, ScreenMove hint)
    {
        MotionVector vector = new((short)hint.Dx, (short)hint.Dy);
        if ((vector.Dx, vector.Dy) != (hint.Dx, hint.Dy) || found == MaxVectors) return;
        if (MotionMark.Explains(previous, current, damage, [vector], SampleStep, 1)) TryAdd(vector);
    }

    /// <summary>Whether the hints taken explain half of the damage.</summary>
    private bool IsTold(ScreenFrame previous, ScreenFrame current, BlockMap damage)
    {
        if (found == 0) return false;
        return MotionMark.Explains(previous, current, damage, vectors.AsSpan(0, found), SampleStep, (MotionMark.Damaged(damage, SampleStep) + 1) / 2);
    }

    /// <summary>
    /// Takes the vectors found last if they explained half of the damage then, and nine tenths of that share now; else one that a hand, or a screen that is
    /// drawn more or less often than it is looked at, may have made of them.
    /// </summary>
    private bool TryGoOn(ScreenFrame previous, ScreenFrame current, BlockMap damage)
    {
        if (lastShare < 0.5) return false;
        int least = (int)Math.Ceiling(MotionMark.Damaged(damage, SampleStep) * lastShare * 0.9);
        if (least == 0) return false;
        if (MotionMark.Explains(previous, current, damage, last.AsSpan(0, lastFound), SampleStep, least))
        {
            foreach (MotionVector vector in last.AsSpan(0, lastFound)) TryAdd(vector);
            return true;
        }

        MotionVector next = guess.Next(previous, current, damage, SampleStep, last[0], earlier, lastShare);
        if (next == default || !MotionMark.Explains(previous, current, damage, [next], SampleStep, least)) return false;
        Remember([next]);
        TryAdd(next);
        return true;
    }

    private void Remember(ReadOnlySpan<MotionVector> vectors)
    {
        if (lastFound > 0 && !vectors.IsEmpty && vectors[0] != last[0]) earlier = last[0];
        vectors.CopyTo(last);
        lastFound = vectors.Length;
    }

    private bool TryAdd(MotionVector vector)
    {
        if (vector == default || found == MaxVectors || vectors.AsSpan(0, found).Contains(vector)) return false;
        vectors[found++] = vector;
        return true;
    }

    /// <summary>
    /// Rows are sampled so that whatever the movement some meet: with a stride of s, the first s of s² rows of the current frame and every
    /// s-th of the previous one. A large damage has anchors to spare.
    /// </summary>
    private static int RowStride(int damagedBlocks) => damagedBlocks switch
    {
        >= 4096 => 8,
        >= 2048 => 4,
        >= 1024 => 2,
        _ => 1,
    };

    /// <summary>Votes for vectors; returns the share of the damage's pixels that are unlike their right neighbour.</summary>
    private double Search(ScreenFrame previous, ScreenFrame current, BlockMap damage, int damaged)
    {
        anchors.Clear();
        votes.Clear();
        int stride = RowStride(damaged);
        long candidates = Survey(current, damage, stride, out double share);
        if (candidates < LeastVotes) return share;
        uint thinning = BitOperations.RoundUpToPowerOf2((uint)((candidates + WantedAnchors - 1) / WantedAnchors)) - 1;
        AddCurrent(current, thinning);
        if (anchors.Count < LeastVotes) return share;
        MatchPrevious(previous, damage, stride, thinning);
        anchors.Vote(votes);
        return share;
    }

    private static bool IsSampled(int y, int stride) => y % (stride * stride) < stride;

    /// <summary>How many anchors the damage could have, and the share of its pixels that are unlike their right neighbour.</summary>
    private long Survey(ScreenFrame current, BlockMap damage, int stride, out double novelty)
    {
        long pixels = 0, flatPixels = 0, candidates = 0;
        surveyedCount = 0;
        for (int blockRow = 0; blockRow < damage.Rows; blockRow++)
        {
            ReadOnlySpan<byte> damagedBlocks = Trimmed(damage.Row(blockRow), out int first);
            if (damagedBlocks.IsEmpty) continue;
            int end = Math.Min((blockRow + 1) * BlockMap.Side, current.Size.Height);
            for (int y = blockRow * BlockMap.Side; y < end; y++)
            {
                if (!IsSampled(y, stride)) continue;
                ReadOnlySpan<byte> row = current.Pixels.Slice(y * current.Stride, current.Size.Width * 4);
                for (int i = 0; i < damagedBlocks.Length; i++)
                {
                    if (damagedBlocks[i] == 0) continue;
                    ulong inside = Widen(damagedBlocks[i]);
                    int from = (first + i) * AnchorRow.Group;
                    ulong places = AnchorRow.Candidates(row, from, out ulong flat) & inside;
                    pixels += BitOperations.PopCount(inside);
                    flatPixels += BitOperations.PopCount(flat & inside);
                    if (places == 0) continue;
                    candidates += BitOperations.PopCount(places);
                    if (surveyedCount == surveyed.Length) Array.Resize(ref surveyed, surveyedCount * 2);
                    surveyed[surveyedCount++] = (from, y, places);
                }
            }
        }

        novelty = pixels == 0 ? 0 : (double)(pixels - flatPixels) / pixels;
        return candidates;
    }

    /// <summary>The anchors that the survey saw, in its order.</summary>
    private void AddCurrent(ScreenFrame current, uint thinning)
    {
        foreach ((int from, int y, ulong places) in surveyed.AsSpan(0, surveyedCount))
        {
            ReadOnlySpan<byte> row = current.Pixels.Slice(y * current.Stride, current.Size.Width * 4);
            for (ulong candidates = places; candidates != 0; candidates &= candidates - 1)
            {
                int x = from + BitOperations.TrailingZeroCount(candidates);
                uint hash = AnchorRow.Hash(row, x);
                if ((hash & thinning) == 0) anchors.Add(hash, x, y);
            }
        }
    }

    /// <summary>What moved into the damage came, nearly always, from damage: where it was, something else is now. Looked at are the groups of pixels that hold some, and those beside them.</summary>
    private void MatchPrevious(ScreenFrame previous, BlockMap damage, int stride, uint thinning)
    {
        for (int blockRow = 0; blockRow < damage.Rows; blockRow++)
        {
            ReadOnlySpan<byte> damaged = damage.Row(blockRow);
            if (!damaged.ContainsAnyExcept((byte)0)) continue;
            int top = blockRow * BlockMap.Side, end = Math.Min(top + BlockMap.Side, previous.Size.Height);
            // Every stride divides the rows of a block.
            for (int y = top; y < end; y += stride)
            {
                ReadOnlySpan<byte> row = previous.Pixels.Slice(y * previous.Stride, previous.Size.Width * 4);
                for (int i = 0; i < damaged.Length; i++)
                {
                    if ((damaged[i] | damaged[Math.Max(i - 1, 0)] | damaged[Math.Min(i + 1, damaged.Length - 1)]) == 0) continue;
                    int from = i * AnchorRow.Group;
                    for (ulong candidates = AnchorRow.Candidates(row, from, out _); candidates != 0; candidates &= candidates - 1)
                    {
                        int x = from + BitOperations.TrailingZeroCount(candidates);
                        uint hash = AnchorRow.Hash(row, x);
                        if ((hash & thinning) == 0) anchors.Match(hash, x, y);
                    }
                }
            }
        }
    }

    /// <summary>From the first byte that is set to the last one.</summary>
    private static ReadOnlySpan<byte> Trimmed(ReadOnlySpan<byte> marks, out int first)
    {
        first = marks.IndexOfAnyExcept((byte)0);
        return first < 0 ? default : marks[first..(marks.LastIndexOfAnyExcept((byte)0) + 1)];
    }

    /// <summary>Eight pixels for each block's bit.</summary>
    private static ulong Widen(byte blocks)
    {
        ulong bits = blocks * 0x0101010101010101UL & 0x8040201008040201UL;
        return ((bits + 0x7F7F7F7F7F7F7F7FUL | bits) & 0x8080808080808080UL) / 0x80 * 0xFF;
    }
}
