namespace RemoteAccess.Picture;

/// <summary>
/// The order in which the tile cache forgets, the same on both sides: slots from the most to the least recently used, as a linked list
/// in arrays. A new epoch forgets all; slots are then taken from 0 upwards.
/// </summary>
internal sealed class TileSlots
{
    private int[] newer = [];
    private int[] older = [];
    private int newest;
    private int oldest;

    /// <summary>Slots in all, a power of two.</summary>
    public int Capacity { get; private set; }

    /// <summary>Slots that hold a tile: 0 to this − 1.</summary>
    public int Used { get; private set; }

    public void Reset(int capacity)
    {
        if (newer.Length < capacity) (newer, older) = (new int[capacity], new int[capacity]);
        Capacity = capacity;
        Used = 0;
        newest = oldest = -1;
    }

    /// <summary>The slot for a new tile, most recent from now on: a free one, else the least recently used.</summary>
    public int Take()
    {
        int slot;
        if (Used < Capacity)
        {
            slot = Used++;
        }
        else
        {
            slot = oldest;
            Unlink(slot);
        }

        LinkNewest(slot);
        return slot;
    }

    /// <summary>Makes a used slot the most recent.</summary>
    public void Touch(int slot)
    {
        if (slot == newest) return;
        Unlink(slot);
        LinkNewest(slot);
    }

    private void LinkNewest(int slot)
    {
        newer[slot] = -1;
        older[slot] = newest;
        if (newest >= 0) newer[newest] = slot;
        newest = slot;
        if (oldest < 0) oldest = slot;
    }

    private void Unlink(int slot)
    {
        if (newer[slot] >= 0) older[newer[slot]] = older[slot];
        else newest = older[slot];
        if (older[slot] >= 0) newer[older[slot]] = newer[slot];
        else oldest = newer[slot];
    }
}
