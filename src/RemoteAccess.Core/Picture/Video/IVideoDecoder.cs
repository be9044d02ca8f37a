namespace RemoteAccess.Picture;

/// <summary>The viewer's half of a video codec for one rectangle of the screen. One caller at a time; disposed when the rectangle ends or moves.</summary>
public interface IVideoDecoder : IDisposable
{
    /// <summary>Decodes one access unit. What it throws ends the picture as malformed, except <see cref="OutOfMemoryException"/>.</summary>
    /// <param name="unit">From the computer, and as little to be trusted as any byte from a network.</param>
    /// <param name="pixels">Width × height × 4 bytes, rows without slack, B, G, R, 0; all of it must be written.</param>
    void Decode(ReadOnlySpan<byte> unit, Span<byte> pixels);
}
