namespace RemoteAccess.Picture;

/// <summary>The squares of 64 pixels that hold damage or touch one that does: what moved into the damage came, nearly always, from there.</summary>
internal sealed class SearchReach
{
    /// <summary>Pixels along a square's side.</summary>
    public const int Side = BlockRows * BlockMap.Side;

    private const int BlockRows = 8;

    private byte[] damaged = [];
    private byte[] reached = [];
    private int columns;

    /// <summary>Takes on a frame's damage.</summary>
    public void Reset(BlockMap damage)
    {
        columns = damage.RowBytes;
        int rows = (damage.Rows + BlockRows - 1) / BlockRows;
        if (reached.Length < columns * rows) (damaged, reached) = (new byte[columns * rows], new byte[columns * rows]);
        else Array.Clear(damaged, 0, columns * rows);
        for (int blockRow = 0; blockRow < damage.Rows; blockRow++)
        {
            ReadOnlySpan<byte> packed = damage.Row(blockRow);
            Span<byte> squares = damaged.AsSpan(blockRow / BlockRows * columns, columns);
            for (int column = 0; column < squares.Length; column++) squares[column] |= packed[column];
        }

        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < columns; column++)
            {
                byte any = 0;
                for (int y = Math.Max(row - 1, 0); y <= row + 1 && y < rows; y++)
                    for (int x = Math.Max(column - 1, 0); x <= column + 1 && x < columns; x++) any |= damaged[y * columns + x];
                reached[row * columns + column] = any;
            }
        }
    }

    /// <summary>For each 64 pixels of the row whether they are reached: not 0.</summary>
    public ReadOnlySpan<byte> Row(int y) => reached.AsSpan(y / Side * columns, columns);
}
