namespace RemoteAccess.Transport;

/// <summary>Message 5, host to technician, protected: the second half of SPAKE2+ and the host's confirmation.</summary>
internal ref struct PakeReply
{
    /// <summary>65 bytes, not yet checked to be a point.</summary>
    public ReadOnlySpan<byte> ShareV;
    public ReadOnlySpan<byte> ConfirmV;

    public static bool TryRead(ReadOnlySpan<byte> body, out PakeReply reply)
    {
        reply = default;
        var reader = new BodyReader(body);
        return reader.TryBytes(P256.PointLength, out reply.ShareV)
            && reader.TryBytes(Spake2PlusKeys.ConfirmationLength, out reply.ConfirmV)
            && reader.IsAtEnd;
    }

    public static byte[] Write(ReadOnlySpan<byte> shareV, ReadOnlySpan<byte> confirmV)
    {
        byte[] message = HandshakeMessage.Begin(HandshakeType.PakeReply, shareV.Length + confirmV.Length, out BodyWriter body);
        body.Bytes(shareV);
        body.Bytes(confirmV);
        return message;
    }
}
