namespace RemoteAccess.Transport;

/// <summary>Message 2, host to technician, clear. Spans point into the message.</summary>
internal ref struct HostHello
{
    private const int KemCiphertextLength = 1088;

    public ushort Version;
    public ReadOnlySpan<byte> Random;
    public ushort Suite;
    /// <summary>65 bytes, not yet checked to be a point.</summary>
    public ReadOnlySpan<byte> Ephemeral;
    public ReadOnlySpan<byte> KemCiphertext;
    public ReadOnlySpan<byte> Extensions;

    /// <summary>Reads a body; false when it is not well-formed. Version, suite and point are for the caller to judge.</summary>
    public static bool TryRead(ReadOnlySpan<byte> body, out HostHello hello)
    {
        hello = default;
        var reader = new BodyReader(body);
        return reader.TryU16(out hello.Version)
            && reader.TryBytes(ClientHello.RandomLength, out hello.Random)
            && reader.TryU16(out hello.Suite)
            && reader.TryVector16(out hello.Ephemeral) && hello.Ephemeral.Length == P256.PointLength
            && reader.TryVector16(out hello.KemCiphertext) && hello.KemCiphertext.Length is 0 or KemCiphertextLength
            && HelloExtensions.TryReadBlock(ref reader, out hello.Extensions);
    }

    /// <summary>The whole message, choosing suite 1, without extensions.</summary>
    public static byte[] Write(ReadOnlySpan<byte> random, ReadOnlySpan<byte> ephemeral)
    {
        const int Suite = 2, Empty = 2;
        byte[] message = HandshakeMessage.Begin(
            HandshakeType.HostHello, 2 + ClientHello.RandomLength + Suite + 2 + P256.PointLength + Empty + Empty, out BodyWriter body);
        body.U16(CipherSuite.ProtocolVersion);
        body.Bytes(random);
        body.U16(CipherSuite.P256);
        body.U16(ephemeral.Length);
        body.Bytes(ephemeral);
        body.U16(0);
        body.U16(0);
        return message;
    }
}
