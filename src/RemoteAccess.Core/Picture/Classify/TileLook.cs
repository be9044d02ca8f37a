namespace RemoteAccess.Picture;

/// <summary>What a tile looks like in one picture.</summary>
internal enum Look
{
    /// <summary>Letters, or nothing that says otherwise.</summary>
    Text,

    /// <summary>New and smooth as photos are, no square rough, no lines.</summary>
    Photo,

    /// <summary>A photo with lines, nearly all of it new, or a soft slope of colours: only how it changes tells it from text.</summary>
    Video,

    /// <summary>Too few pixels to tell.</summary>
    Little,
}

/// <summary>What was found in the squares of a tile so far.</summary>
internal struct TileLook
{
    private const int LeastPixels = 256;

    private int pixels, isNew, smooth;
    private bool hasLines, isRough;

    /// <summary>Whether it is text, whatever the other squares hold.</summary>
    public bool IsText { get; private set; }

    /// <summary>Whether lines in further squares change what the tile looks like.</summary>
    public readonly bool NeedsLines => !hasLines && !isRough;

    public void Add(SquareEvidence evidence)
    {
        if (evidence.IsRough)
        {
            IsText |= evidence.New * 2 < evidence.Pixels;
            isRough = true;
        }

        hasLines |= evidence.HasLines;
        pixels += evidence.Pixels;
        isNew += evidence.New;
        smooth += evidence.Smooth;
    }

    /// <summary>What all squares together look like.</summary>
    public readonly Look Look
    {
        get
        {
            if (IsText) return Look.Text;
            if (pixels < LeastPixels) return Look.Little;
            if (!isRough && isNew * 10 >= pixels * 3 && smooth * 10 >= isNew * 7) return hasLines ? Look.Video : Look.Photo;
            bool isSlope = !isRough && !hasLines && isNew * 32 >= pixels;
            return isSlope || isNew * 2 >= pixels ? Look.Video : Look.Text;
        }
    }
}
