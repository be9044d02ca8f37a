namespace RemoteAccess.Transport;

/// <summary>Message 6, technician to host, protected: the technician's confirmation.</summary>
internal ref struct PakeFinish
{
    public ReadOnlySpan<byte> ConfirmP;

    public static bool TryRead(ReadOnlySpan<byte> body, out PakeFinish finish)
    {
        finish = default;
        var reader = new BodyReader(body);
        return reader.TryBytes(Spake2PlusKeys.ConfirmationLength, out finish.ConfirmP) && reader.IsAtEnd;
    }

    public static byte[] Write(ReadOnlySpan<byte> confirmP)
    {
        byte[] message = HandshakeMessage.Begin(HandshakeType.PakeFinish, confirmP.Length, out BodyWriter body);
        body.Bytes(confirmP);
        return message;
    }
}
