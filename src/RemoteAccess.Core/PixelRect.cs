namespace RemoteAccess;

/// <summary>A rectangle in physical pixels of the whole desktop, origin top left, right and bottom exclusive.</summary>
/// <param name="X">Left edge; negative left of the origin.</param>
/// <param name="Y">Top edge; negative above the origin.</param>
/// <param name="Width">Pixels across, 0 or more.</param>
/// <param name="Height">Pixels down, 0 or more.</param>
public readonly record struct PixelRect(int X, int Y, int Width, int Height)
{
    /// <summary>First column right of the rectangle.</summary>
    public int Right => X + Width;

    /// <summary>First row below the rectangle.</summary>
    public int Bottom => Y + Height;

    /// <summary>Number of pixels; 64-bit, so it cannot overflow.</summary>
    public long Area => IsEmpty ? 0 : (long)Width * Height;

    /// <summary>True when it holds no pixel.</summary>
    public bool IsEmpty => Width <= 0 || Height <= 0;

    /// <summary>The part both rectangles share; empty when they do not meet.</summary>
    public PixelRect Intersect(PixelRect other)
    {
        int x = Math.Max(X, other.X), y = Math.Max(Y, other.Y);
        int width = Math.Min(Right, other.Right) - x, height = Math.Min(Bottom, other.Bottom) - y;
        return width > 0 && height > 0 ? new PixelRect(x, y, width, height) : default;
    }

    /// <summary>The smallest rectangle that holds both; an empty one adds nothing.</summary>
    public PixelRect Union(PixelRect other)
    {
        if (IsEmpty) return other;
        if (other.IsEmpty) return this;
        int x = Math.Min(X, other.X), y = Math.Min(Y, other.Y);
        return new PixelRect(x, y, Math.Max(Right, other.Right) - x, Math.Max(Bottom, other.Bottom) - y);
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Width}x{Height}+{X}+{Y}";
}
