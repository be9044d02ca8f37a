namespace RemoteAccess;

/// <summary>A width and a height in physical pixels.</summary>
/// <param name="Width">Pixels across, 0 or more.</param>
/// <param name="Height">Pixels down, 0 or more.</param>
public readonly record struct PixelSize(int Width, int Height)
{
    /// <summary>Number of pixels; 64-bit, so it cannot overflow.</summary>
    public long Area => (long)Width * Height;

    /// <inheritdoc/>
    public override string ToString() => $"{Width}x{Height}";
}
