using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace RemoteAccess.Picture;

/// <summary>What a row must have around the pixels that are coded.</summary>
internal static class ContextRow
{
    /// <summary>Pixels before the first that is coded.</summary>
    public const int Left = 3;

    /// <summary>Pixels after the last that is coded; they are read, but those after the third change nothing.</summary>
    public const int Right = 16;

    public static void Demand(ReadOnlySpan<uint> north2, ReadOnlySpan<uint> north, ReadOnlySpan<uint> row, int start, int end)
    {
        if (start < Left || end < start || row.Length - Right < end || north.Length < row.Length || north2.Length < row.Length)
            throw new ArgumentOutOfRangeException(nameof(start), $"Three pixels before {start} and {Right} after {end} must be readable in three rows of {row.Length}, {north.Length} and {north2.Length}.");
    }
}

/// <summary>
/// Goes through a run of pixels of one row; the same steps for both directions. Offsets stay between start - 3 and end + 10, which
/// <see cref="ContextRow.Demand"/> has checked; indices into the model are masked or shifted to the size of its arrays.
/// </summary>
internal ref struct ContextRow<TBits>(TBits bits, ContextModel model, ReadOnlySpan<uint> north2, ReadOnlySpan<uint> north, ReadOnlySpan<uint> row)
    where TBits : struct, IContextBits
{
    private const uint ConfidentFrom = 6;
    private const uint MaxConfidence = 15;
    private const int Ahead = 8;
    private const uint NewSlotCell = (1u << 24) | 49152;

    private readonly ReadOnlySpan<uint> north = north;
    private readonly ref uint aboveNorth = ref MemoryMarshal.GetReference(north2);
    private readonly ref uint above = ref MemoryMarshal.GetReference(north);
    private readonly ref uint current = ref MemoryMarshal.GetReference(row);
    private readonly ref uint cells = ref MemoryMarshal.GetArrayDataReference(model.Cells);
    private ref uint narrowSums;
    private ref uint wideSums;
    private ContextColours<TBits> colours = new(model);
    private ContextMixer<TBits> mixer = new(bits, model);
    private ContextRuns runs;

    public void Code(int start, int end)
    {
        ContextSums sums = model.Sums;
        sums.Reserve(end + ContextRow.Right);
        sums.Fill(ref aboveNorth, ref above, ref current, start, end, !TBits.Decodes);
        narrowSums = ref sums.Narrow;
        wideSums = ref sums.Wide;
        runs = default;
        runs.LastBreak = -1;
        if (!TBits.Decodes) FetchEarly(start, Ahead);
        for (int at = start; at < end;)
        {
            ref uint n = ref Unsafe.Add(ref above, at);
            uint west = Unsafe.Add(ref current, at - 1);
            if (n == west && Unsafe.Add(ref n, -1) == west && Unsafe.Add(ref n, 1) == west) at = CodeRun(at, end, west);
            else CodePixel(at++, west);
        }
    }

    /// <summary>A stretch with nothing but its own colour around; returns the first pixel after what was coded.</summary>
    private int CodeRun(int at, int end, uint west)
    {
        int limit = north[(at + 1)..(end + 1)].IndexOfAnyExcept(west);
        limit = limit < 0 ? end - at : limit;
        Span<uint> target = MemoryMarshal.CreateSpan(ref Unsafe.Add(ref current, at), limit);
        int length = 0;
        if (!TBits.Decodes)
        {
            length = target.IndexOfAnyExcept(west);
            if (length < 0) length = limit;
            FetchEarly(at + length, Ahead);
        }
        else
        {
            // After the whole run, which most are, all that stands to the left is the run's colour.
            Prefetch(ref Unsafe.Add(ref cells, Narrow(ContextSums.NarrowHash(Unsafe.Add(ref narrowSums, at + limit), west, west))));
            Prefetch(ref Unsafe.Add(ref cells, Wide(ContextSums.WideHash(Unsafe.Add(ref wideSums, at + limit), west, west, west))));
        }

        length = runs.Code(ref mixer, at, limit, length, Unsafe.Add(ref aboveNorth, at) == west);
        if (TBits.Decodes) target[..length].Fill(west);
        if (length == limit) return at + limit;

        at += length;
        CodeBreak(at, west, length);
        return at + 1;
    }

    /// <summary>The pixel that ends a run early: any colour but the run's.</summary>
    private void CodeBreak(int at, uint west, int length)
    {
        ref uint pixel = ref Unsafe.Add(ref current, at);
        ref uint nn = ref Unsafe.Add(ref aboveNorth, at);
        uint value = TBits.Decodes ? 0 : pixel;
        ref uint remembered = ref colours.BreakColour(west, runs.LastColour);
        uint guess = remembered;
        colours.Exclude(west);
        bool coded = false;
        if (guess != west)
        {
            coded = mixer.CodePlain(ContextModel.Break, value == guess ? 1 : 0) != 0;
            if (coded) value = guess;
            else colours.Exclude(guess);
        }

        if (!coded)
        {
            uint around = ContextColours.Hash(ContextColours.Hash(nn, Unsafe.Add(ref nn, 1)), Unsafe.Add(ref nn, -1));
            value = colours.Code(ref mixer, value, new ContextNeighbours(west, west, west, west), kind: 1, pattern: 0,
                ContextColours.Hash((uint)length, runs.History), runs.History, around);
        }

        colours.Clear();
        remembered = value;
        runs.Broke(at, value);
        pixel = value;
    }

    /// <summary>A pixel with different colours around it. Most are what both slots have been sure of; the others are <see cref="CodeUnsure"/>'s.</summary>
    private void CodePixel(int at, uint west)
    {
        ref uint pixel = ref Unsafe.Add(ref current, at);
        uint narrowHash = Unsafe.Add(ref narrowSums, at), hash = Unsafe.Add(ref wideSums, at);
        if (TBits.Decodes)
        {
            uint westWest = Unsafe.Add(ref pixel, -2);
            narrowHash = ContextSums.NarrowHash(narrowHash, west, westWest);
            hash = ContextSums.WideHash(hash, west, westWest, Unsafe.Add(ref pixel, -3));
        }
        else
        {
            FetchEarly(at + Ahead, 1);
        }

        ref uint wide = ref Unsafe.Add(ref cells, Wide(hash));
        ref uint narrow = ref Unsafe.Add(ref cells, Narrow(narrowHash));
        uint wideCell = Unsafe.Add(ref wide, 1), narrowCell = Unsafe.Add(ref narrow, 1), guess = narrow;
        if (wide != (guess | hash << 24) || wideCell < ConfidentFrom << 24 || narrowCell < 1 << 24)
        {
            CodeUnsure(at, west, ref wide, ref narrow, hash, isAsked: false);
            return;
        }

        int joint = (int)((wideCell >> 24) * 16 + (narrowCell >> 24)) * 2 + 1;
        if (mixer.CodePlain(ContextModel.Confident + joint, TBits.Decodes ? 0 : pixel == guess ? 1 : 0) == 0)
        {
            CodeUnsure(at, west, ref wide, ref narrow, hash, isAsked: true);
            return;
        }

        if (wideCell < MaxConfidence << 24) Unsafe.Add(ref wide, 1) = wideCell + (1 << 24);
        if (narrowCell < MaxConfidence << 24) Unsafe.Add(ref narrow, 1) = narrowCell + (1 << 24);
        if (guess != west) runs.Saw(guess);
        if (TBits.Decodes) pixel = guess;
    }

    /// <summary>What the slots are not sure of, or have been <paramref name="isAsked"/> for in vain.</summary>
    private void CodeUnsure(int at, uint west, ref uint wideColour, ref uint narrowColour, uint hash, bool isAsked)
    {
        ref uint pixel = ref Unsafe.Add(ref current, at);
        ref uint n = ref Unsafe.Add(ref above, at);
        uint north = n, northWest = Unsafe.Add(ref n, -1), northEast = Unsafe.Add(ref n, 1);
        ref uint wideCell = ref Unsafe.Add(ref wideColour, 1);
        ref uint narrowCell = ref Unsafe.Add(ref narrowColour, 1);
        uint tag = hash << 24;
        int wideConfidence = (int)(wideCell >> 24);
        int narrowConfidence = (int)(narrowCell >> 24);
        bool hasWide = wideConfidence > 0 && ((wideColour ^ tag) >> 24) == 0;
        uint wideGuess = wideColour & 0xFFFFFF;
        uint narrowGuess = narrowColour;
        uint value = TBits.Decodes ? 0 : pixel;
        int pattern = Pattern(west, north, northWest, northEast, Unsafe.Add(ref pixel, -2), Unsafe.Add(ref aboveNorth, at));

        bool hit = false;
        int kind;
        if (hasWide)
        {
            int agree = narrowConfidence > 0 && narrowGuess == wideGuess ? 1 : 0;
            if (!isAsked)
            {
                int joint = (wideConfidence * 16 + narrowConfidence) * 2 + agree;
                hit = mixer.Code(ContextModel.JointSets + wideConfidence * 2 + agree, ContextModel.Joint + joint, Cell(ref wideCell), value == wideGuess ? 1 : 0) != 0;
            }

            if (hit)
            {
                value = wideGuess;
            }
            else
            {
                colours.Exclude(wideGuess);
                if (narrowConfidence > 0 && agree == 0)
                {
                    hit = mixer.CodePlain(ContextModel.Second + narrowConfidence * 16 + wideConfidence, value == narrowGuess ? 1 : 0) != 0;
                    if (hit) value = narrowGuess;
                    else colours.Exclude(narrowGuess);
                }
            }

            kind = 2;
        }
        else if (narrowConfidence > 0)
        {
            int cell = ContextModel.Alone + narrowConfidence * 32 + pattern;
            hit = mixer.Code(ContextModel.AloneSets + narrowConfidence, cell, Cell(ref narrowCell), value == narrowGuess ? 1 : 0) != 0;
            if (hit) value = narrowGuess;
            else colours.Exclude(narrowGuess);
            kind = 3;
        }
        else
        {
            kind = 8 + pattern;
        }

        if (!hit)
        {
            value = colours.Code(ref mixer, value, new ContextNeighbours(west, north, northEast, northWest), kind, pattern,
                ContextColours.Hash(ContextColours.Hash(0, west), north), ContextColours.Hash(ContextColours.Hash(0, north), northEast), ContextColours.Hash(runs.History, 7));
        }

        colours.Clear();
        if (hasWide) Confirm(ref wideColour, ref wideCell, value | tag, wideGuess == value);
        else (wideColour, wideCell) = (value | tag, NewSlotCell);
        if (narrowConfidence > 0) Confirm(ref narrowColour, ref narrowCell, value, narrowGuess == value);
        else (narrowColour, narrowCell) = (value, NewSlotCell);
        if (value != west) runs.Saw(value);
        if (TBits.Decodes) pixel = value;
    }

    /// <summary>Where a slot's cell stands.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly int Cell(ref uint cell) => (int)(Unsafe.ByteOffset(ref cells, ref cell) / sizeof(uint));

    /// <summary>Raises the confidence of a slot that was right; one that was wrong loses three quarters, or below 4 its colour.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Confirm(ref uint colour, ref uint cell, uint value, bool right)
    {
        uint confidence = cell >> 24;
        if (right)
        {
            if (confidence < MaxConfidence) cell += 1u << 24;
        }
        else if (confidence >= 4)
        {
            cell = (cell & 0xFFFFFF) | (confidence >> 2 << 24);
        }
        else
        {
            colour = value;
            cell = (cell & 0xFFFFFF) | (1u << 24);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Narrow(uint hash) => ContextModel.NarrowSlots + (int)(hash >> (32 - ContextModel.SlotBits)) * 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Wide(uint hash) => ContextModel.WideSlots + (int)(hash >> (32 - ContextModel.SlotBits)) * 2;

    /// <summary>Of an encoder, which knows the row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly void FetchEarly(int at, int count)
    {
        for (int i = at; i < at + count; i++)
        {
            Prefetch(ref Unsafe.Add(ref cells, Narrow(Unsafe.Add(ref narrowSums, i))));
            Prefetch(ref Unsafe.Add(ref cells, Wide(Unsafe.Add(ref wideSums, i))));
        }
    }

    /// <summary>The slots stand anywhere in two megabytes; an encoder knows early where.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe void Prefetch(ref uint cell)
    {
        if (Sse.IsSupported) Sse.Prefetch0(Unsafe.AsPointer(ref cell));
    }

    private static int Pattern(uint west, uint north, uint northWest, uint northEast, uint westWest, uint north2) =>
        (west == north ? 1 : 0) | (north == northEast ? 2 : 0) | (north == northWest ? 4 : 0) | (west == westWest ? 8 : 0) | (north2 == north ? 16 : 0);
}
