using System.Security.Cryptography;

namespace RemoteAccess.Transport;

/// <summary>Message 3, host to technician, protected: who the computer is, signed over both greetings.</summary>
internal ref struct HostAuth
{
    public ReadOnlySpan<byte> HostKey;
    public ReadOnlySpan<byte> Signature;

    public static bool TryRead(ReadOnlySpan<byte> body, out HostAuth auth)
    {
        auth = default;
        var reader = new BodyReader(body);
        return reader.TryBytes(P256.PointLength, out auth.HostKey)
            && reader.TryBytes(P256.SignatureLength, out auth.Signature)
            && reader.IsAtEnd;
    }

    /// <summary>Whether the key in the message signed the greetings.</summary>
    public readonly bool IsSigned(ReadOnlySpan<byte> greetingsHash) => P256.Verify(HostKey, Statement(greetingsHash, HostKey), Signature);

    /// <summary>The whole message, signed.</summary>
    public static byte[] Write(ISigningKey hostKey, ReadOnlySpan<byte> greetingsHash)
    {
        byte[] message = HandshakeMessage.Begin(HandshakeType.HostAuth, P256.PointLength + P256.SignatureLength, out BodyWriter body);
        body.Bytes(hostKey.PublicKey);
        hostKey.Sign(Statement(greetingsHash, hostKey.PublicKey), body.Take(P256.SignatureLength));
        return message;
    }

    private static byte[] Statement(ReadOnlySpan<byte> greetingsHash, ReadOnlySpan<byte> hostKey) =>
        SignedStatement.Over(SignedStatement.HostAuth, [.. greetingsHash, .. SHA256.HashData(hostKey)]);
}
