namespace RemoteAccess.Picture;

/// <summary>
/// Where video plays: rectangles of at least 128×128 pixels whose natural content changed at least five times a second for half a second.
/// A rectangle stays while anything in it plays, and a second longer; it grows when the video proves larger. It may hold tiles that are
/// text in a frame: what the classifier says about a tile counts there. Allocates nothing for a frame. Not thread-safe.
/// </summary>
internal sealed class VideoAreas
{
    /// <summary>The least width and height, in pixels.</summary>
    public const int LeastSide = 128;

    /// <summary>The most rectangles told apart at a time.</summary>
    public const int MaxAreas = 8;

    private const int TileBlocks = TileClassifier.Side / BlockMap.Side;

    private readonly PixelRect[] areas = new PixelRect[MaxAreas];
    private readonly PixelRect[] seen = new PixelRect[MaxAreas];
    private VideoTile[] tiles = [];
    private bool[] visited = [];
    private int[] open = [];
    private PixelSize size;
    private int columns;
    private int rows;
    private int count;

    /// <summary>The rectangles, aligned to 8 pixels but for the picture's right and bottom; valid until the next call.</summary>
    public ReadOnlySpan<PixelRect> Areas => areas.AsSpan(0, count);

    /// <summary>Forgets everything: a new epoch, or another size.</summary>
    public void Reset(PixelSize size)
    {
        this.size = size;
        columns = (size.Width + TileClassifier.Side - 1) / TileClassifier.Side;
        rows = (size.Height + TileClassifier.Side - 1) / TileClassifier.Side;
        count = 0;
        int needed = columns * rows;
        if (tiles.Length < needed)
        {
            tiles = new VideoTile[needed];
            visited = new bool[needed];
            open = new int[needed];
        }
        else
        {
            Array.Clear(tiles);
        }
    }

    /// <summary>
    /// Takes in what the classifier said about a frame. Without frames it is called with every tile <see cref="TileKind.None"/> from time to
    /// time, so that areas end.
    /// </summary>
    public ReadOnlySpan<PixelRect> Update(ReadOnlySpan<TileKind> kinds, BlockClasses classes, long capturedMicroseconds)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(kinds.Length, columns * rows, nameof(kinds));
        if (classes.Size != size) throw new ArgumentException("The classes are of another size.", nameof(classes));
        bool any = false;
        for (int tile = 0; tile < kinds.Length; tile++)
        {
            if (kinds[tile] >= TileKind.NaturalLossless) Change(ref tiles[tile], classes, tile, capturedMicroseconds);
            else tiles[tile].Rest(capturedMicroseconds);
            any |= tiles[tile].IsVideo;
        }

        if (any) Follow(FindConnected());
        else count = 0;
        return Areas;
    }

    private void Change(ref VideoTile tile, BlockClasses classes, int index, long now)
    {
        int firstColumn = index % columns * TileBlocks, endColumn = Math.Min(firstColumn + TileBlocks, classes.Columns);
        int firstRow = index / columns * TileBlocks, endRow = Math.Min(firstRow + TileBlocks, classes.Rows);
        int left = endColumn, top = endRow, right = firstColumn, bottom = firstRow;
        for (int row = firstRow; row < endRow; row++)
        {
            ReadOnlySpan<BlockClass> marked = classes.Row(row)[firstColumn..endColumn];
            int first = marked.IndexOf(BlockClass.Natural);
            if (first < 0) continue;
            left = Math.Min(left, firstColumn + first);
            right = Math.Max(right, firstColumn + marked.LastIndexOf(BlockClass.Natural) + 1);
            top = Math.Min(top, row);
            bottom = row + 1;
        }

        if (left < right) tile.Change(now, left, top, right, bottom);
        else tile.Rest(now);
    }

    /// <summary>Bounds of neighbouring video tiles, if large enough and at least half filled; in <see cref="seen"/>.</summary>
    private int FindConnected()
    {
        int found = 0;
        Array.Clear(visited);
        for (int tile = 0; tile < columns * rows && found < MaxAreas; tile++)
        {
            if (visited[tile] || !tiles[tile].IsVideo) continue;
            PixelRect bounds = Flood(tile, out long filled);
            if (bounds.Width >= LeastSide && bounds.Height >= LeastSide && filled * 2 >= bounds.Area) seen[found++] = bounds;
        }

        return found;
    }

    private PixelRect Flood(int start, out long filled)
    {
        var bounds = default(PixelRect);
        filled = 0;
        int waiting = 0;
        open[waiting++] = start;
        visited[start] = true;
        while (waiting > 0)
        {
            int tile = open[--waiting];
            PixelRect part = Bounds(tiles[tile]);
            bounds = bounds.Union(part);
            filled += part.Area;
            int column = tile % columns, row = tile / columns;
            for (int y = Math.Max(row - 1, 0); y <= row + 1 && y < rows; y++)
            {
                for (int x = Math.Max(column - 1, 0); x <= column + 1 && x < columns; x++)
                {
                    int near = y * columns + x;
                    if (visited[near] || !tiles[near].IsVideo) continue;
                    visited[near] = true;
                    open[waiting++] = near;
                }
            }
        }

        return bounds;
    }

    private PixelRect Bounds(in VideoTile tile) =>
        new PixelRect(tile.Left * BlockMap.Side, tile.Top * BlockMap.Side, (tile.Right - tile.Left) * BlockMap.Side, (tile.Bottom - tile.Top) * BlockMap.Side)
            .Intersect(new PixelRect(0, 0, size.Width, size.Height));

    /// <summary>
    /// Keeps an area as it is while something seen lies in it, so that it does not flicker; lets it grow; and takes the seen bounds when
    /// they are less than half of it.
    /// </summary>
    private void Follow(int found)
    {
        for (int i = 0; i < found; i++)
        {
            for (int old = 0; old < count; old++)
            {
                if (areas[old].Intersect(seen[i]).IsEmpty) continue;
                if (seen[i].Area * 2 >= areas[old].Area) seen[i] = seen[i].Union(areas[old]);
                break;
            }
        }

        count = 0;
        for (int i = 0; i < found; i++)
        {
            bool covered = false;
            for (int kept = 0; kept < count && !covered; kept++) covered = areas[kept].Intersect(seen[i]) == seen[i];
            if (!covered) areas[count++] = seen[i];
        }
    }
}
