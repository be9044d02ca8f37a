namespace RemoteAccess.Transport;

/// <summary>The host's refusal: code u8, retry_after u32 in seconds. Clear instead of HostHello, protected instead of PakeReply.</summary>
internal readonly record struct Reject(RefusalReason Reason, TimeSpan RetryAfter)
{
    private const int BodyLength = 5;

    // Longer waits are said to be this long; a day is more than any lockout.
    private const uint MaxRetrySeconds = 24 * 60 * 60;

    /// <summary>Reads a body. The code may be one that this version does not know; 0 is none.</summary>
    public static bool TryRead(ReadOnlySpan<byte> body, out Reject reject)
    {
        reject = default;
        var reader = new BodyReader(body);
        if (!reader.TryU8(out byte code) || code == 0 || !reader.TryU32(out uint seconds) || !reader.IsAtEnd) return false;
        reject = new Reject((RefusalReason)code, TimeSpan.FromSeconds(Math.Min(seconds, MaxRetrySeconds)));
        return true;
    }

    public byte[] Write()
    {
        byte[] message = HandshakeMessage.Begin(HandshakeType.Reject, BodyLength, out BodyWriter body);
        body.U8((byte)Reason);
        body.U32((uint)Math.Clamp(Math.Ceiling(RetryAfter.TotalSeconds), 0, MaxRetrySeconds));
        return message;
    }
}
