namespace RemoteAccess.Picture;

/// <summary>How a tile's natural content changes over time, and which of its blocks.</summary>
internal struct VideoTile
{
    private SustainedChange change;

    /// <summary>Whether it is video now.</summary>
    public readonly bool IsVideo => change.IsSustained;

    /// <summary>The changed blocks' bounds since the run began, in blocks of the picture, right and bottom exclusive.</summary>
    public int Left { get; private set; }

    /// <inheritdoc cref="Left"/>
    public int Top { get; private set; }

    /// <inheritdoc cref="Left"/>
    public int Right { get; private set; }

    /// <inheritdoc cref="Left"/>
    public int Bottom { get; private set; }

    /// <summary>A frame in which the tile's natural content changed within these blocks.</summary>
    public void Change(long now, int left, int top, int right, int bottom)
    {
        if (change.Change(now)) (Left, Top, Right, Bottom) = (left, top, right, bottom);
        Left = Math.Min(Left, left);
        Top = Math.Min(Top, top);
        Right = Math.Max(Right, right);
        Bottom = Math.Max(Bottom, bottom);
    }

    /// <summary>A frame in which it did not.</summary>
    public void Rest(long now) => change.Rest(now);
}
