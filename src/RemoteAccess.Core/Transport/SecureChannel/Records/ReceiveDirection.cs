using System.Security.Cryptography;

namespace RemoteAccess.Transport;

/// <summary>
/// The receiving half of a channel's keys: opens records and follows the peer's key changes. Not thread-safe. Allocates only when the key
/// changes, or once when a record is larger than any before.
/// </summary>
internal sealed class ReceiveDirection : IDisposable
{
    private const int UsualInner = RecordBody.Prefix + IRecordChannel.MaxContent + RecordBody.MaxPadding;

    private readonly PinnedSecret trafficSecret;
    private readonly RekeyLimits limits;
    private readonly TokenBucket earlyChanges;
    private RecordCipher cipher;
    private byte[] inner = GC.AllocateUninitializedArray<byte>(UsualInner, pinned: true);
    private long bytes;

    public ReceiveDirection(PinnedSecret trafficSecret, RekeyLimits limits, TimeProvider time)
    {
        this.trafficSecret = new PinnedSecret(trafficSecret.Span);
        this.limits = limits;
        cipher = new RecordCipher(this.trafficSecret, limits.MaxRecords);
        earlyChanges = new TokenBucket(limits.EarlyChanges, limits.EarlyChangeInterval, time);
    }

    /// <summary>Opens one frame; the content is valid until the next call.</summary>
    /// <exception cref="ChannelException">The record does not verify, has no legal inside, or exceeds a limit.</exception>
    public RecordType Open(in Frame frame, out ReadOnlyMemory<byte> content)
    {
        if (frame.Header.Kind != FrameKind.Protected) throw new ChannelException(ChannelError.OutOfOrder, "The peer sent a clear frame after the handshake.");
        int length = frame.Header.Length - RecordCipher.TagLength;
        if (length > inner.Length) Grow();
        cipher.Open(frame, inner.AsSpan(0, length));
        if (!RecordBody.TryRead(inner.AsSpan(0, length), out RecordType type, out Range range))
        {
            throw new ChannelException(ChannelError.Malformed, "A record's inside is not of this protocol: unknown type or wrong padding.");
        }

        content = inner.AsMemory(0, length)[range];
        if (type == RecordType.KeyUpdate) ChangeKey(content.Span);
        else bytes += FrameHeader.Size + frame.Header.Length;
        return type;
    }

    public void Dispose()
    {
        cipher.Dispose();
        trafficSecret.Dispose();
        CryptographicOperations.ZeroMemory(inner);
    }

    private void ChangeKey(ReadOnlySpan<byte> content)
    {
        if (!content.SequenceEqual(RecordBody.KeyUpdate)) throw new ChannelException(ChannelError.Malformed, "A KeyUpdate has content that is not of this protocol.");
        bool wasDue = cipher.Sequence > limits.Records || bytes >= limits.Bytes;
        if (!wasDue && !earlyChanges.TryTake()) throw new ChannelException(ChannelError.LimitExceeded, "The peer changes keys faster than it may.");
        cipher.Dispose();
        KeySchedule.Update(trafficSecret);
        cipher = new RecordCipher(trafficSecret, limits.MaxRecords);
        bytes = 0;
    }

    // The frame has arrived whole, so its length is no longer only announced.
    private void Grow()
    {
        CryptographicOperations.ZeroMemory(inner);
        inner = GC.AllocateUninitializedArray<byte>(FrameHeader.MaxProtected - RecordCipher.TagLength, pinned: true);
    }
}
