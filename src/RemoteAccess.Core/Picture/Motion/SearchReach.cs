namespace RemoteAccess.Picture;

/// <summary>The squares of 64 pixels that hold damage or touch one that does: what moved into the damage came, nearly always, from there.</summary>
internal sealed class SearchReach
{
    /// <summary>Pixels along a square's side.</summary>
    public const int Side = BlockRows * BlockMap.Side;

    private const int BlockRows = 8;

    private byte[] reached = [];
    private int columns;

    /// <summary>Takes on a frame's damage.</summary>
    public void Reset(BlockMap damage)
    {
        columns = damage.RowBytes;
        int rows = (damage.Rows + BlockRows - 1) / BlockRows;
        if (reached.Length < columns * rows) reached = new byte[columns * rows];
        else Array.Clear(reached, 0, columns * rows);
        for (int blockRow = 0; blockRow < damage.Rows; blockRow++)
        {
            ReadOnlySpan<byte> packed = damage.Row(blockRow);
            int row = blockRow / BlockRows;
            for (int column = 0; column < columns; column++)
            {
                if (packed[column] == 0) continue;
                int first = Math.Max(column - 1, 0), length = Math.Min(column + 2, columns) - first;
                for (int near = Math.Max(row - 1, 0); near <= row + 1 && near < rows; near++) reached.AsSpan(near * columns + first, length).Fill(1);
            }
        }
    }

    /// <summary>For each 64 pixels of the row whether they are reached.</summary>
    public ReadOnlySpan<byte> Row(int y) => reached.AsSpan(y / Side * columns, columns);
}
