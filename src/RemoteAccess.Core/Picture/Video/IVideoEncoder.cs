using System.Buffers;

namespace RemoteAccess.Picture;

/// <summary>
/// The agent's half of a video codec for one rectangle of the screen: the operating system's H.264 encoder, for instance. One caller at a time;
/// disposed when the rectangle ends or moves.
/// </summary>
public interface IVideoEncoder : IDisposable
{
    /// <summary>
    /// Encodes what <paramref name="area"/> of the frame shows into one access unit. The first call of an encoder must yield a picture that
    /// needs none before it; every unit is delivered, in order.
    /// </summary>
    /// <param name="frame">Lent for the call.</param>
    /// <param name="area">The same in all calls; whole blocks of 8×8, at least 128×128 pixels.</param>
    /// <param name="budgetBytes">What the link carries until the next picture; infinite while that is not known.</param>
    /// <param name="output">Takes at most 4 MiB a call.</param>
    void Encode(ScreenFrame frame, PixelRect area, double budgetBytes, IBufferWriter<byte> output);
}
