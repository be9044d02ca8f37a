using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace RemoteAccess.Picture;

/// <summary>What a row must have around the pixels that are coded.</summary>
internal static class ContextRow
{
    /// <summary>Pixels before the first that is coded.</summary>
    public const int Left = 3;

    /// <summary>Pixels after the last that is coded; they are read, but those after the second change nothing.</summary>
    public const int Right = 16;

    public static void Demand(ReadOnlySpan<uint> north2, ReadOnlySpan<uint> north, ReadOnlySpan<uint> row, int start, int end)
    {
        if (start < Left || end < start || row.Length - Right < end || north.Length < row.Length || north2.Length < row.Length)
            throw new ArgumentOutOfRangeException(nameof(start), $"Three pixels before {start} and {Right} after {end} must be readable in three rows of {row.Length}, {north.Length} and {north2.Length}.");
    }
}

/// <summary>
/// Goes through a run of pixels of one row; the same steps for both directions: a flat run, four pixels as they were seen before, or one pixel.
/// Offsets stay between start - 3 and end + 2, which <see cref="ContextRow.Demand"/> has checked; indices into the model are masked or shifted
/// to the size of its arrays.
/// </summary>
internal ref struct ContextRow<TBits>(TBits bits, ContextModel model, ReadOnlySpan<uint> north2, ReadOnlySpan<uint> north, ReadOnlySpan<uint> row)
    where TBits : struct, IContextBits
{
    private const int ShortestRun = 4;

    private readonly ReadOnlySpan<uint> north = north;
    private readonly ref uint above = ref MemoryMarshal.GetReference(north);
    private readonly ref uint aboveNorth = ref MemoryMarshal.GetReference(north2);
    private readonly ref uint current = ref MemoryMarshal.GetReference(row);
    private readonly ref uint narrows = ref MemoryMarshal.GetArrayDataReference(model.Narrows);
    private readonly ContextColours<TBits> colours = new(bits, model);
    private readonly ContextCells<TBits> cells = new(bits, model);
    private readonly ContextRuns runs = new(model);
    private ContextQuads quads = new(model);
    private uint history;
    private int foreseen;
    private uint foreseenHash;

    public void Code(int start, int end)
    {
        for (int at = start; at < end;)
        {
            ref uint n = ref Unsafe.Add(ref above, at);
            uint west = Unsafe.Add(ref current, at - 1);
            if (n == west && Unsafe.Add(ref n, -1) == west && Unsafe.Add(ref n, 1) == west)
            {
                int limit = Limit(at, end, west);
                if (limit >= ShortestRun || at + limit == end)
                {
                    at = CodeRun(at, limit, end, west);
                    continue;
                }
            }

            at = at + ContextQuads.Count <= end ? CodeQuad(at, end, west) : CodePixel(at, west, ContextColours.None);
        }

        quads.Learn(ref current, end);
    }

    /// <summary>How many pixels from here on have the colour above them and to the right.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly int Limit(int at, int end, uint west)
    {
        ref uint n = ref Unsafe.Add(ref above, at);
        for (int limit = 1; limit < ShortestRun && at + limit < end; limit++)
            if (Unsafe.Add(ref n, limit + 1) != west) return limit;
        int first = at + ShortestRun;
        if (first >= end) return end - at;
        int more = north[(first + 1)..(end + 1)].IndexOfAnyExcept(west);
        return more < 0 ? end - at : ShortestRun + more;
    }

    /// <summary>A stretch with nothing but its own colour around; returns the first pixel after what was coded.</summary>
    private int CodeRun(int at, int limit, int end, uint west)
    {
        Span<uint> target = MemoryMarshal.CreateSpan(ref Unsafe.Add(ref current, at), limit);
        int length = 0;
        if (!TBits.Decodes)
        {
            length = target.IndexOfAnyExcept(west);
            if (length < 0) length = limit;
            Foresee(at + length + 1, end);
        }

        length = runs.Code(cells, limit, length, Unsafe.Add(ref aboveNorth, at) == west, history);
        if (TBits.Decodes) target[..length].Fill(west);
        if (length == limit) return at + limit;
        CodeBreak(at + length, west);
        return at + length + 1;
    }

    /// <summary>The pixel that ends a run early: any colour but the run's.</summary>
    private void CodeBreak(int at, uint west)
    {
        ref uint pixel = ref Unsafe.Add(ref current, at);
        uint value = TBits.Decodes ? 0 : pixel;
        value = colours.Code(cells, value, new ContextNeighbours(west, west, west, west), kind: 1, pattern: 0, ContextColours.Hash(1, history), history, west, ContextColours.None);
        if (TBits.Decodes) pixel = value;
        SawColour(value);
    }

    /// <summary>Four pixels as a slot has them, or those that are right and the first that is not, or where no slot has them one.</summary>
    private int CodeQuad(int at, int end, uint west)
    {
        quads.Learn(ref current, at);
        ref uint pixel = ref Unsafe.Add(ref current, at);
        uint hash = at == foreseen ? foreseenHash : ContextSums.Quad(ref aboveNorth, ref above, ref current, at);
        if (!TBits.Decodes) Foresee(at + ContextQuads.Count, end);
        ref uint slot = ref quads.Slot(hash);
        uint confidence = ContextQuads.Confidence(ref slot, hash);
        if (confidence == 0)
        {
            quads.Await(at, hash);
            return CodePixel(at, west, ContextColours.None);
        }

        Vector128<uint> guess = ContextQuads.Colours(ref slot);
        int right = TBits.Decodes ? 0 : ContextQuads.CountEqual(Vector128.LoadUnsafe(ref pixel), guess);
        if (cells.Code(ContextModel.Quad + (int)confidence * ContextModel.Patterns + Pattern(at, west), right == ContextQuads.Count ? 1 : 0) != 0)
        {
            if (confidence < ContextModel.MaxConfidence) Unsafe.Add(ref slot, 1) += 1 << 24;
            Saw(Unsafe.Add(ref slot, 2) >> 24);
            if (TBits.Decodes) guess.StoreUnsafe(ref pixel);
            return at + ContextQuads.Count;
        }

        quads.Await(at, hash);
        if (!TBits.Decodes)
        {
            NearCache.Fetch(ref Narrow(ContextSums.Narrow(ref aboveNorth, ref above, ref current, at + right)));
            Foresee(at + right + 1, end);
        }

        right = cells.CodeTree(ContextModel.QuadRight + (int)(hash >> (32 - ContextModel.RightBits)) * 4, 2, right);
        for (int i = 0; i < right; i++)
        {
            uint value = Unsafe.Add(ref slot, i) & 0xFFFFFF;
            if (TBits.Decodes) Unsafe.Add(ref pixel, i) = value;
            if (value != Unsafe.Add(ref pixel, i - 1)) SawColour(value);
        }

        return CodePixel(at + right, Unsafe.Add(ref pixel, right - 1), Unsafe.Add(ref slot, right) & 0xFFFFFF);
    }

    /// <summary>One pixel that is not of the colour excluded: as the six nearest were followed last, or any other colour.</summary>
    private int CodePixel(int at, uint west, uint excluded)
    {
        ref uint pixel = ref Unsafe.Add(ref current, at);
        ref uint n = ref Unsafe.Add(ref above, at);
        uint north = n, northWest = Unsafe.Add(ref n, -1);
        uint value = TBits.Decodes ? 0 : pixel;
        uint hash = ContextSums.Narrow(ref aboveNorth, ref above, ref current, at), tag = hash << 28;
        ref uint slot = ref Narrow(hash);
        uint held = slot >> 24 & 15, confidence = (slot ^ tag) >> 28 == 0 ? held : 0, guess = slot & 0xFFFFFF;
        int pattern = Pattern(at, west);
        int asked = excluded == ContextColours.None ? 0 : 1;
        bool hit = false;
        uint excludedToo = ContextColours.None;
        if (confidence > 0 && guess != excluded)
        {
            hit = cells.Code(ContextModel.Narrow + (asked * 16 + (int)confidence) * ContextModel.Patterns + pattern, value == guess ? 1 : 0) != 0;
            excludedToo = guess;
            asked++;
        }

        if (hit)
        {
            value = guess;
        }
        else
        {
            value = colours.Code(cells, value, new ContextNeighbours(west, north, northWest, Unsafe.Add(ref n, 1)), asked == 0 ? 0 : asked + 1, pattern,
                ContextColours.Hash(ContextColours.Hash(0, west), north), history, excluded, excludedToo);
        }

        if (confidence > 0 && guess == value) slot += confidence < ContextModel.MaxConfidence ? 1u << 24 : 0;
        else if (ContextModel.Keeps(held, confidence, out uint left)) slot = (slot & 0xF0FFFFFF) | left << 24;
        else slot = tag | 1 << 24 | value;
        if (value != west) SawColour(value);
        if (TBits.Decodes) pixel = value;
        return at + 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly ref uint Narrow(uint hash) => ref Unsafe.Add(ref narrows, (int)(hash >> (32 - ContextModel.NarrowBits)));

    /// <summary>
    /// Four pixels are likely coded from here on next: their slot, mostly in no near cache, is fetched meanwhile. For an encoder, which has the pixels in
    /// between. Two steps ahead is no better than one.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Foresee(int at, int end)
    {
        if (at + ContextQuads.Count > end) return;
        foreseen = at;
        foreseenHash = ContextSums.Quad(ref aboveNorth, ref above, ref current, at);
        NearCache.Fetch(ref quads.Slot(foreseenHash));
    }

    private void SawColour(uint colour) => Saw(ContextColours.Hash(77, colour) >> 24);

    /// <summary>The history is a byte of each of the last two steps that were no run.</summary>
    private void Saw(uint hash) => history = (history << 8 | hash) & 0xFFFF;

    /// <summary>Which neighbours are equal: each of N, NE and NEE with the one before it, N and NE with the one above, W with N, and W with WW.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly int Pattern(int at, uint west)
    {
        ref uint n = ref Unsafe.Add(ref above, at);
        Vector128<uint> beside = Vector128.LoadUnsafe(ref n);
        uint along = Vector128.Equals(beside, Vector128.LoadUnsafe(ref Unsafe.Add(ref n, -1))).ExtractMostSignificantBits();
        uint down = Vector128.Equals(beside, Vector128.LoadUnsafe(ref Unsafe.Add(ref aboveNorth, at))).ExtractMostSignificantBits();
        return (int)(along & 7 | (down & 3) << 3) | (west == n ? 32 : 0) | (west == Unsafe.Add(ref current, at - 2) ? 64 : 0);
    }
}
