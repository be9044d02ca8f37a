namespace RemoteAccess.Picture;

/// <summary>How the picture on the monitor is turned against the one in its texture; numbers of DXGI_MODE_ROTATION.</summary>
internal enum OutputRotation
{
    /// <summary>Not at all.</summary>
    None = 1,
    /// <summary>By 90 degrees clockwise.</summary>
    Quarter = 2,
    /// <summary>By 180 degrees.</summary>
    Half = 3,
    /// <summary>By 270 degrees clockwise.</summary>
    ThreeQuarters = 4,
}

/// <summary>Where an output's texture lies on the desktop, and how. Pure.</summary>
/// <param name="Area">On the frame.</param>
/// <param name="Rotation">The texture is as the monitor scans it out; the area as the person sees it.</param>
internal readonly record struct OutputPlace(PixelRect Area, OutputRotation Rotation)
{
    /// <summary>Width and height of the texture.</summary>
    public PixelSize Texture => IsUpright ? new PixelSize(Area.Width, Area.Height) : new PixelSize(Area.Height, Area.Width);

    private bool IsUpright => Rotation is not (OutputRotation.Quarter or OutputRotation.ThreeQuarters);

    /// <summary>A rectangle of the texture, on the frame.</summary>
    public PixelRect ToFrame(PixelRect texture) => Turn(texture).Intersect(Area);

    /// <summary>A move within the texture, on the frame.</summary>
    public ScreenMove ToFrame(ScreenMove texture)
    {
        PixelRect area = Turn(texture.Area), from = Turn(texture.Area with { X = texture.Area.X + texture.Dx, Y = texture.Area.Y + texture.Dy });
        return new ScreenMove(area.Intersect(Area), from.X - area.X, from.Y - area.Y);
    }

    private PixelRect Turn(PixelRect texture)
    {
        PixelRect local = Rotation switch
        {
            OutputRotation.Quarter => new(Area.Width - texture.Bottom, texture.X, texture.Height, texture.Width),
            OutputRotation.Half => new(Area.Width - texture.Right, Area.Height - texture.Bottom, texture.Width, texture.Height),
            OutputRotation.ThreeQuarters => new(texture.Y, Area.Height - texture.Right, texture.Height, texture.Width),
            _ => texture,
        };
        return local with { X = local.X + Area.X, Y = local.Y + Area.Y };
    }

    /// <summary>Copies what of the frame's rectangle lies on this output, turned upright, the fourth byte cleared.</summary>
    /// <param name="texture">The output's picture.</param>
    /// <param name="wanted">A rectangle of the frame.</param>
    /// <param name="frame">The frame, rows without slack.</param>
    /// <param name="frameWidth">Its width.</param>
    public void Copy(PixelView texture, PixelRect wanted, Span<uint> frame, int frameWidth)
    {
        wanted = wanted.Intersect(Area);
        for (int y = wanted.Y; y < wanted.Bottom; y++)
        {
            Span<uint> row = frame.Slice((y * frameWidth) + wanted.X, wanted.Width);
            CopyRow(texture, wanted.X - Area.X, y - Area.Y, row);
            UnusedByte.Clear(row);
        }
    }

    private void CopyRow(PixelView texture, int x, int y, Span<uint> row)
    {
        switch (Rotation)
        {
            case OutputRotation.Quarter:
                for (int i = 0; i < row.Length; i++) row[i] = texture.Row(Area.Width - 1 - (x + i))[y];
                break;
            case OutputRotation.Half:
                ReadOnlySpan<uint> from = texture.Row(Area.Height - 1 - y);
                for (int i = 0; i < row.Length; i++) row[i] = from[Area.Width - 1 - (x + i)];
                break;
            case OutputRotation.ThreeQuarters:
                for (int i = 0; i < row.Length; i++) row[i] = texture.Row(x + i)[Area.Height - 1 - y];
                break;
            default:
                texture.Row(y).Slice(x, row.Length).CopyTo(row);
                break;
        }
    }
}

/// <summary>Pixels in memory of somebody else, good as long as that is mapped.</summary>
internal readonly unsafe struct PixelView(void* first, int pitch, PixelSize size)
{
    /// <summary>One row.</summary>
    public ReadOnlySpan<uint> Row(int y) => (uint)y < (uint)size.Height
        ? new ReadOnlySpan<uint>((byte*)first + ((nint)y * pitch), size.Width)
        : throw new ArgumentOutOfRangeException(nameof(y));
}
