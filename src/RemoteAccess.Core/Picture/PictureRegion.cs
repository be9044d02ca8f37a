namespace RemoteAccess.Picture;

/// <summary>The part of the desktop that a viewer asked for, as whole 8×8 blocks inside the picture. Both sides compute it alike.</summary>
internal readonly record struct PictureRegion(int FirstColumn, int FirstRow, int EndColumn, int EndRow)
{
    /// <summary>The blocks that <paramref name="wanted"/> touches; all of them when it is null or misses the picture.</summary>
    public static PictureRegion Of(PixelSize size, PixelRect? wanted)
    {
        var whole = new PixelRect(0, 0, size.Width, size.Height);
        PixelRect area = wanted?.Intersect(whole) ?? whole;
        if (area.IsEmpty) area = whole;
        return new PictureRegion(area.X / BlockMap.Side, area.Y / BlockMap.Side, TileGrid.BlocksAcross(area.Right), TileGrid.BlocksAcross(area.Bottom));
    }

    public bool Contains(int column, int row) => column >= FirstColumn && column < EndColumn && row >= FirstRow && row < EndRow;

    /// <summary>Whether an area of whole blocks lies inside.</summary>
    public bool Contains(PixelRect area) => Contains(area.X / BlockMap.Side, area.Y / BlockMap.Side)
        && TileGrid.BlocksAcross(area.Right) <= EndColumn && TileGrid.BlocksAcross(area.Bottom) <= EndRow;

    /// <summary>The pixels of these blocks.</summary>
    public PixelRect Pixels(PixelSize size)
    {
        int x = FirstColumn * BlockMap.Side, y = FirstRow * BlockMap.Side;
        return new PixelRect(x, y, Math.Min(EndColumn * BlockMap.Side, size.Width) - x, Math.Min(EndRow * BlockMap.Side, size.Height) - y);
    }

    /// <summary>Whether a block of it is inexact.</summary>
    public bool IsExact(InexactBlocks inexact)
    {
        if (inexact.Count == 0) return true;
        for (int row = FirstRow; row < EndRow; row++)
            if (inexact.CountInRow(row) > 0 && inexact.Row(row)[FirstColumn..EndColumn].Contains(true)) return false;
        return true;
    }
}
