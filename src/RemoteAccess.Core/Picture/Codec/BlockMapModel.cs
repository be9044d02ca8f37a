namespace RemoteAccess.Picture;

/// <summary>
/// What encoder and decoder have learnt about block maps in this epoch (docs/picture.md, "Block map"): adaptive bits under
/// contexts of the left and upper neighbour, and the cache slot that would follow the last one.
/// </summary>
internal sealed class BlockMapModel
{
    public readonly uint[] AnyVector = new uint[1];
    public readonly uint[] Touched = new uint[3];
    public readonly uint[] Cached = new uint[3];
    public readonly uint[] NextSlot = new uint[1];
    public readonly uint[] Uniform = new uint[1];
    public readonly uint[] Skip = new uint[16];
    public readonly uint[] Copy = new uint[16];
    public readonly uint[] Vector = new uint[5 * 4];
    public readonly uint[] Natural = new uint[3];
    public readonly uint[] Lossy = new uint[3];
    public readonly uint[] Whole = new uint[1];
    public readonly uint[] NaturalBlock = new uint[3];

    public int ExpectedSlot { get; set; }

    public BlockMapModel() => Reset();

    public void Reset()
    {
        foreach (uint[] bits in (ReadOnlySpan<uint[]>)[AnyVector, Touched, Cached, NextSlot, Uniform, Skip, Copy, Vector, Natural, Lossy, Whole, NaturalBlock])
            Array.Fill(bits, AdaptiveBit.New);
        ExpectedSlot = 0;
    }

    /// <summary>A block's place among skipped 0, copied 1 and coded 2; 3 outside the picture.</summary>
    private static int Sort(BlockClass kind) => kind switch
    {
        BlockClass.Skip => 0,
        >= BlockClass.Copy0 and <= BlockClass.Copy3 => 1,
        _ => 2,
    };

    /// <summary>Context of a block's skip and copy bits.</summary>
    public static int Context(BlockClasses classes, int column, int row)
    {
        int left = column == 0 ? 3 : Sort(classes.Row(row)[column - 1]);
        int above = row == 0 ? 3 : Sort(classes.Row(row - 1)[column]);
        return left * 4 + above;
    }

    /// <summary>Context of a block's vector: its left neighbour's, else its upper one's, else none (4).</summary>
    public static int VectorContext(BlockClasses classes, int column, int row)
    {
        if (column > 0 && classes.Row(row)[column - 1] - BlockClass.Copy0 is >= 0 and <= 3 and var left) return left;
        if (row > 0 && classes.Row(row - 1)[column] - BlockClass.Copy0 is >= 0 and <= 3 and var above) return above;
        return 4;
    }

    /// <summary>Context of a coded block's coder: how many of its left and upper neighbour are natural.</summary>
    public static int NaturalContext(BlockClasses classes, int column, int row) =>
        Neighbours(column > 0 && classes.Row(row)[column - 1] == BlockClass.Natural, row > 0 && classes.Row(row - 1)[column] == BlockClass.Natural);

    /// <summary>How many of a tile's left and upper neighbours fulfil something: the context of its own bits.</summary>
    public static int Neighbours(bool left, bool above) => (left ? 1 : 0) + (above ? 1 : 0);
}
