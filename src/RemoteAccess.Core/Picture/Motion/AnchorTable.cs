using System.Runtime.CompilerServices;

namespace RemoteAccess.Picture;

/// <summary>
/// Anchors of the current frame by hash, and beside them where the previous frame has the same hash. Open addressing; a full table takes
/// no more. Only what stands exactly once in each frame tells a movement.
/// </summary>
internal sealed class AnchorTable
{
    private const int Bits = 13;
    private const int PresentBits = 16;
    private const int MaxEntries = (1 << Bits) / 4 * 3;

    private readonly Entry[] entries = new Entry[1 << Bits];
    private readonly int[] used = new int[MaxEntries];
    // A bit for each upper half of a hash that is in the table: most anchors of the previous frame are not, and need not look there.
    private readonly ulong[] present = new ulong[1 << (PresentBits - 6)];
    private int count;

    private struct Entry
    {
        public uint Hash;
        public ushort X, Y, BeforeX, BeforeY;
        public byte Times, BeforeTimes;
    }

    /// <summary>Different hashes in the table.</summary>
    public int Count => count;

    public void Clear()
    {
        foreach (int slot in used.AsSpan(0, count)) entries[slot] = default;
        count = 0;
        present.AsSpan().Clear();
    }

    /// <summary>An anchor of the current frame.</summary>
    public void Add(uint hash, int x, int y)
    {
        int slot = Slot(hash);
        ref Entry entry = ref entries[slot];
        if (entry.Times == 0)
        {
            if (count == MaxEntries) return;
            used[count++] = slot;
            present[hash >> (32 - PresentBits + 6)] |= 1UL << (int)(hash >> (32 - PresentBits));
            entry.Hash = hash;
            entry.X = (ushort)x;
            entry.Y = (ushort)y;
        }

        if (entry.Times < 2) entry.Times++;
    }

    /// <summary>An anchor of the previous frame.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Match(uint hash, int x, int y)
    {
        if ((present[hash >> (32 - PresentBits + 6)] & 1UL << (int)(hash >> (32 - PresentBits))) == 0) return;
        ref Entry entry = ref entries[Slot(hash)];
        if (entry.Times != 1 || entry.BeforeTimes > 1) return;
        entry.BeforeX = (ushort)x;
        entry.BeforeY = (ushort)y;
        entry.BeforeTimes++;
    }

    /// <summary>Casts one vote for the movement of each anchor that is unique in both frames.</summary>
    public void Vote(VectorVotes votes)
    {
        foreach (int slot in used.AsSpan(0, count))
        {
            ref Entry entry = ref entries[slot];
            if (entry.Times == 1 && entry.BeforeTimes == 1) votes.Add(entry.BeforeX - entry.X, entry.BeforeY - entry.Y);
        }
    }

    private int Slot(uint hash)
    {
        int slot = (int)(hash >> (32 - Bits));
        while (entries[slot].Times != 0 && entries[slot].Hash != hash) slot = (slot + 1) & ((1 << Bits) - 1);
        return slot;
    }
}
