namespace RemoteAccess.Picture;

/// <summary>Counts votes for vectors. A full table takes no further vectors; those with many votes came early.</summary>
internal sealed class VectorVotes
{
    private const int Bits = 12;
    private const int MaxVectors = (1 << Bits) / 4 * 3;

    private readonly Tally[] tallies = new Tally[1 << Bits];
    private readonly int[] used = new int[MaxVectors];
    private int count;

    private struct Tally
    {
        public MotionVector Vector;
        public int Votes;
    }

    public void Clear()
    {
        foreach (int slot in used.AsSpan(0, count)) tallies[slot] = default;
        count = 0;
    }

    /// <summary>One vote; standing still and what does not fit a vector have none.</summary>
    public void Add(int dx, int dy)
    {
        if ((dx | dy) == 0 || (short)dx != dx || (short)dy != dy) return;
        var vector = new MotionVector((short)dx, (short)dy);
        int slot = (int)((uint)(dx * 0x9E3779B1 + dy * 0x85EBCA77) * 0xC2B2AE3D >> (32 - Bits));
        while (tallies[slot].Votes != 0 && tallies[slot].Vector != vector) slot = (slot + 1) & ((1 << Bits) - 1);
        if (tallies[slot].Votes == 0)
        {
            if (count == MaxVectors) return;
            used[count++] = slot;
            tallies[slot].Vector = vector;
        }

        tallies[slot].Votes++;
    }

    /// <summary>Takes out the vector with the most votes, the one first voted for among equals; false when none has as many as <paramref name="least"/>.</summary>
    public bool TryTakeBest(int least, out MotionVector vector)
    {
        int best = -1;
        foreach (int slot in used.AsSpan(0, count))
        {
            if (tallies[slot].Votes >= least && (best < 0 || tallies[slot].Votes > tallies[best].Votes)) best = slot;
        }

        vector = best < 0 ? default : tallies[best].Vector;
        if (best < 0) return false;
        tallies[best].Votes = 1;
        return true;
    }
}
