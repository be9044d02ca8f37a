namespace RemoteAccess.Transport;

/// <summary>The envelope of a handshake message: type u8, length u24, body. Exactly one fills a frame.</summary>
internal static class HandshakeMessage
{
    public const int HeaderLength = 4;

    /// <summary>A message with room for its body, which <paramref name="body"/> writes.</summary>
    public static byte[] Begin(HandshakeType type, int bodyLength, out BodyWriter body)
    {
        byte[] message = new byte[HeaderLength + bodyLength];
        body = new BodyWriter(message);
        body.U8((byte)type);
        body.U24(bodyLength);
        return message;
    }

    /// <summary>Splits a frame's content; false when it is not exactly one message.</summary>
    public static bool TryRead(ReadOnlySpan<byte> message, out HandshakeType type, out ReadOnlySpan<byte> body)
    {
        type = default;
        body = default;
        var reader = new BodyReader(message);
        if (!reader.TryU8(out byte rawType) || !reader.TryU24(out int length)) return false;
        type = (HandshakeType)rawType;
        return reader.TryBytes(length, out body) && reader.IsAtEnd;
    }
}
