namespace RemoteAccess.Transport;

/// <summary>Message 1, technician to host, clear. Spans point into the message.</summary>
internal ref struct ClientHello
{
    public const int RandomLength = 32;
    private const int MaxSuites = 8;
    private const int KemKeyLength = 1184;

    public ushort Version;
    public ReadOnlySpan<byte> Random;
    /// <summary>u16 each.</summary>
    public ReadOnlySpan<byte> Suites;
    /// <summary>65 bytes, not yet checked to be a point.</summary>
    public ReadOnlySpan<byte> Ephemeral;
    public ReadOnlySpan<byte> KemKey;
    public ReadOnlySpan<byte> Extensions;

    /// <summary>Reads a body; false when it is not well-formed. Version, suites and point are for the caller to judge.</summary>
    public static bool TryRead(ReadOnlySpan<byte> body, out ClientHello hello)
    {
        hello = default;
        var reader = new BodyReader(body);
        return reader.TryU16(out hello.Version)
            && reader.TryBytes(RandomLength, out hello.Random)
            && reader.TryU8(out byte count) && count is >= 1 and <= MaxSuites
            && reader.TryBytes(2 * count, out hello.Suites)
            && reader.TryVector16(out hello.Ephemeral) && hello.Ephemeral.Length == P256.PointLength
            && reader.TryVector16(out hello.KemKey) && hello.KemKey.Length is 0 or KemKeyLength
            && HelloExtensions.TryReadBlock(ref reader, out hello.Extensions);
    }

    public readonly bool Offers(ushort suite)
    {
        var reader = new BodyReader(Suites);
        while (reader.TryU16(out ushort offered))
        {
            if (offered == suite) return true;
        }

        return false;
    }

    /// <summary>The whole message, offering suite 1 and nothing else.</summary>
    public static byte[] Write(ReadOnlySpan<byte> random, ReadOnlySpan<byte> ephemeral)
    {
        const int Suite = 2, Empty = 2;
        byte[] message = HandshakeMessage.Begin(
            HandshakeType.ClientHello, 2 + RandomLength + 1 + Suite + 2 + P256.PointLength + Empty + Empty, out BodyWriter body);
        body.U16(CipherSuite.ProtocolVersion);
        body.Bytes(random);
        body.U8(1);
        body.U16(CipherSuite.P256);
        body.U16(ephemeral.Length);
        body.Bytes(ephemeral);
        body.U16(0);
        body.U16(0);
        return message;
    }
}
