namespace RemoteAccess.Picture;

/// <summary>One character's picture: up to 16 columns, and one word for each row of the cell with its leftmost column in bit 0.</summary>
internal sealed record Glyph(int Width, ushort[] Rows)
{
    /// <summary>Rows of a cell.</summary>
    public const int CellHeight = 16;

    /// <summary>The empty picture of a blank.</summary>
    public static Glyph Blank(int width) => new(width, new ushort[CellHeight]);
}
