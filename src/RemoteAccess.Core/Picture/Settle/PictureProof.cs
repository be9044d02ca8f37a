using System.Security.Cryptography;

namespace RemoteAccess.Picture;

/// <summary>SHA-256 of a region's pixels, row by row, four bytes each: what both sides exchange to prove that the viewer's picture is the computer's.</summary>
internal sealed class PictureProof : IDisposable
{
    /// <summary>Bytes of a proof.</summary>
    public const int Length = 32;

    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    /// <summary>Writes the proof of <paramref name="area"/> into the first 32 bytes of <paramref name="proof"/>.</summary>
    public void Compute(ReadOnlySpan<byte> pixels, int stride, PixelRect area, Span<byte> proof)
    {
        for (int y = area.Y; y < area.Bottom; y++) hash.AppendData(pixels.Slice(y * stride + area.X * 4, area.Width * 4));
        hash.GetHashAndReset(proof);
    }

    public void Dispose() => hash.Dispose();
}
