namespace RemoteAccess.Picture;

/// <summary>Walks the runs of context-coded blocks in one row of blocks, from left to right, as pixel columns.</summary>
internal ref struct BlockRuns(ReadOnlySpan<BlockClass> blocks, int first, int width)
{
    private readonly ReadOnlySpan<BlockClass> blocks = blocks;
    private int next = first;

    public bool TryNext(out int from, out int to)
    {
        while (next < blocks.Length && blocks[next] != BlockClass.Context) next++;
        from = next * BlockMap.Side;
        while (next < blocks.Length && blocks[next] == BlockClass.Context) next++;
        to = Math.Min(next * BlockMap.Side, width);
        return from < to;
    }
}
