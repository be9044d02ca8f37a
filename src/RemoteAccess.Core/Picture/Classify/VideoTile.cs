namespace RemoteAccess.Picture;

/// <summary>How a tile's natural content changes over time, and which of its blocks.</summary>
internal struct VideoTile
{
    // 5 changes a second are 200 ms apart; a capture may come late.
    private const long MaxGapMicroseconds = 250_000;

    /// <summary>How long it must go on to be video.</summary>
    private const long LeastRunMicroseconds = 500_000;

    /// <summary>How long it may stand still and be video yet.</summary>
    private const long MaxPauseMicroseconds = 1_000_000;

    private long runStart;
    private long lastChange;
    private bool runs;

    /// <summary>Whether it is video now.</summary>
    public bool IsVideo { get; private set; }

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
        bool continues = runs && now - lastChange <= (IsVideo ? MaxPauseMicroseconds : MaxGapMicroseconds);
        if (!continues)
        {
            this = new VideoTile { runs = true, runStart = now, Left = left, Top = top, Right = right, Bottom = bottom };
        }

        Left = Math.Min(Left, left);
        Top = Math.Min(Top, top);
        Right = Math.Max(Right, right);
        Bottom = Math.Max(Bottom, bottom);
        lastChange = now;
        IsVideo |= now - runStart >= LeastRunMicroseconds;
    }

    /// <summary>A frame in which it did not.</summary>
    public void Rest(long now)
    {
        if (runs && now - lastChange > MaxPauseMicroseconds) this = default;
    }
}
