namespace RemoteAccess.Picture;

/// <summary>How a block of the picture reaches the viewer.</summary>
internal enum BlockClass : byte
{
    /// <summary>It did not change.</summary>
    Skip = 0,

    /// <summary>It moved here by the frame's first vector.</summary>
    Copy0 = 1,

    /// <summary>It moved here by the frame's second vector.</summary>
    Copy1 = 2,

    /// <summary>It moved here by the frame's third vector.</summary>
    Copy2 = 3,

    /// <summary>It moved here by the frame's fourth vector.</summary>
    Copy3 = 4,

    /// <summary>Text and surfaces: the lossless context coder.</summary>
    Context = 5,

    /// <summary>Photos and video: the coders for natural pictures, lossless or not.</summary>
    Natural = 6,

    /// <summary>It belongs to a tile the viewer keeps.</summary>
    Cached = 7,
}

/// <summary>The class of each 8×8 block of a picture, row by row. Reused from frame to frame.</summary>
internal sealed class BlockClasses
{
    private BlockClass[] classes = [];

    /// <summary>The picture the classes cover.</summary>
    public PixelSize Size { get; private set; }

    /// <summary>Blocks across.</summary>
    public int Columns { get; private set; }

    /// <summary>Blocks down.</summary>
    public int Rows { get; private set; }

    /// <summary>Makes every block <see cref="BlockClass.Skip"/> and takes on the picture's size.</summary>
    public void Reset(PixelSize size)
    {
        Size = size;
        Columns = (size.Width + BlockMap.Side - 1) / BlockMap.Side;
        Rows = (size.Height + BlockMap.Side - 1) / BlockMap.Side;
        int needed = Columns * Rows;
        if (classes.Length < needed) classes = new BlockClass[needed];
        else Array.Clear(classes, 0, needed);
    }

    /// <summary>The block's class.</summary>
    public BlockClass this[int column, int row]
    {
        get => Row(row)[column];
        set => Row(row)[column] = value;
    }

    /// <summary>The classes of one row of blocks.</summary>
    public Span<BlockClass> Row(int row) => classes.AsSpan(row * Columns, Columns);

    /// <summary>Whether a block of rows <paramref name="first"/> to <paramref name="end"/> − 1 is not <see cref="BlockClass.Skip"/>.</summary>
    public bool IsAnyMarked(int first, int end) => classes.AsSpan(first * Columns, (end - first) * Columns).ContainsAnyExcept(BlockClass.Skip);

    /// <summary>Number of blocks of the class.</summary>
    public int Count(BlockClass wanted) => classes.AsSpan(0, Columns * Rows).Count(wanted);
}
