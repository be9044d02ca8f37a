using System.Security.Cryptography;

namespace RemoteAccess.Transport;

/// <summary>Where a handshake's fresh values come from; replaced only where known answers are checked.</summary>
internal abstract class HandshakeEntropy
{
    public static HandshakeEntropy System { get; } = new OperatingSystemEntropy();

    /// <summary>The greeting's random.</summary>
    public abstract void FillRandom(Span<byte> random);

    /// <summary>The ephemeral ECDH key, 1…n−1.</summary>
    public abstract void FillEphemeralScalar(Span<byte> scalar);

    /// <summary>SPAKE2+'s x or y, 1…n−1.</summary>
    public abstract void FillPakeScalar(Span<byte> scalar);

    private sealed class OperatingSystemEntropy : HandshakeEntropy
    {
        public override void FillRandom(Span<byte> random) => RandomNumberGenerator.Fill(random);

        public override void FillEphemeralScalar(Span<byte> scalar) => P256Scalar.FillRandom(scalar);

        public override void FillPakeScalar(Span<byte> scalar) => P256Scalar.FillRandom(scalar);
    }
}
