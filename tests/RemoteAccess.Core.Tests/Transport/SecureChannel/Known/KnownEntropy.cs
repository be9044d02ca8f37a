using RemoteAccess.Transport;

namespace RemoteAccess.Tests;

/// <summary>The fresh values of one side of the known-answer handshake.</summary>
internal sealed class KnownEntropy(byte[] random, byte[] ephemeral, byte[] pake) : HandshakeEntropy
{
    public static KnownEntropy Technician(KnownAnswer kat) => new(kat["random_T"], kat["eT_sk"], kat["x"]);

    public static KnownEntropy Host(KnownAnswer kat) => new(kat["random_H"], kat["eH_sk"], kat["y"]);

    public override void FillRandom(Span<byte> destination) => random.CopyTo(destination);

    public override void FillEphemeralScalar(Span<byte> scalar) => ephemeral.CopyTo(scalar);

    public override void FillPakeScalar(Span<byte> scalar) => pake.CopyTo(scalar);
}
