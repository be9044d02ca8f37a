using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace RemoteAccess.Transport;

/// <summary>A whole frame, lent until the next read.</summary>
internal readonly record struct Frame(FrameHeader Header, ReadOnlySequence<byte> Payload);

/// <summary>
/// Cuts the untrusted byte stream into frames. A length is checked before its bytes are waited for, and nothing is allocated for it: the
/// bytes stay in the link's pipe until the frame is whole. One reader at a time.
/// </summary>
internal sealed class FrameReader(PipeReader pipe)
{
    private const int Unlimited = int.MaxValue;

    private SequencePosition next;
    private bool isLent;
    private int budget = Unlimited;
    private long bytesReceived;

    /// <summary>Bytes of all frames read so far, with their headers. Readable from any thread.</summary>
    public long BytesReceived => Volatile.Read(ref bytesReceived);

    /// <summary>True after bytes that are no frame, or more of them than allowed: such a peer gets no reply.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>Allows frames of so many bytes more, headers included.</summary>
    public void LimitTo(int bytes) => budget = bytes;

    public void Unlimit() => budget = Unlimited;

    /// <summary>Takes the next frame if it has arrived whole. Does not wait, does not allocate.</summary>
    /// <exception cref="ChannelException">As <see cref="ReadAsync"/>.</exception>
    public bool TryRead(out Frame frame)
    {
        frame = default;
        try
        {
            Release();
            if (!pipe.TryRead(out ReadResult result)) return false;
            if (TryTake(result.Buffer, out frame)) return true;
            pipe.AdvanceTo(result.Buffer.Start, result.Buffer.End);
            return result.IsCompleted || result.IsCanceled ? throw Cut() : false;
        }
        catch (Exception fault) when (IsLinkFault(fault))
        {
            throw Failed(fault);
        }
    }

    /// <summary>Waits for the next frame.</summary>
    /// <exception cref="ChannelException">
    /// Malformed or LimitExceeded: no frame. Truncated: the stream ended, at a frame's border or inside one.
    /// </exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<Frame> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            Release();
            while (true)
            {
                ReadResult result = await pipe.ReadAsync(cancellationToken).ConfigureAwait(false);
                if (TryTake(result.Buffer, out Frame frame)) return frame;
                pipe.AdvanceTo(result.Buffer.Start, result.Buffer.End);
                if (result.IsCompleted || result.IsCanceled) throw Cut();
            }
        }
        catch (Exception fault) when (IsLinkFault(fault))
        {
            throw Failed(fault);
        }
    }

    /// <summary>True when bytes have arrived beyond the frame that was read last. Does not wait.</summary>
    public bool HasArrived()
    {
        try
        {
            Release();
            if (!pipe.TryRead(out ReadResult result)) return false;
            pipe.AdvanceTo(result.Buffer.Start);
            return !result.Buffer.IsEmpty;
        }
        catch (Exception fault) when (IsLinkFault(fault))
        {
            throw Failed(fault);
        }
    }

    /// <summary>Ends a read that waits, as if the link had been cut. From any thread.</summary>
    public void CancelPending() => pipe.CancelPendingRead();

    /// <summary>Throws away whatever arrives until the peer ends its direction or the link fails.</summary>
    public async Task DrainAsync(CancellationToken cancellationToken)
    {
        try
        {
            Release();
            ReadResult result;
            do
            {
                result = await pipe.ReadAsync(cancellationToken).ConfigureAwait(false);
                pipe.AdvanceTo(result.Buffer.End);
            }
            while (!result.IsCompleted);
        }
        catch (Exception fault) when (IsLinkFault(fault))
        {
            throw Failed(fault);
        }
    }

    private bool TryTake(ReadOnlySequence<byte> buffer, out Frame frame)
    {
        frame = default;
        if (buffer.Length < FrameHeader.Size) return false;
        FrameHeader header = ReadHeader(buffer);
        long whole = FrameHeader.Size + header.Length;
        if (buffer.Length < whole) return false;

        frame = new Frame(header, buffer.Slice(FrameHeader.Size, header.Length));
        next = frame.Payload.End;
        isLent = true;
        if (budget != Unlimited) budget -= (int)whole;
        Volatile.Write(ref bytesReceived, bytesReceived + whole);
        return true;
    }

    private FrameHeader ReadHeader(ReadOnlySequence<byte> buffer)
    {
        Span<byte> bytes = stackalloc byte[FrameHeader.Size];
        buffer.Slice(0, FrameHeader.Size).CopyTo(bytes);
        if (!FrameHeader.TryRead(bytes, out FrameHeader header)) throw Break(ChannelError.Malformed, "The peer sent bytes that are not this protocol's frames.");
        if (FrameHeader.Size + header.Length > budget) throw Break(ChannelError.LimitExceeded, "The peer sent more during the handshake than it may.");
        return header;
    }

    // What pipes throw when their link is gone; ObjectDisposedException is an InvalidOperationException.
    private static bool IsLinkFault(Exception fault) => fault is IOException or InvalidOperationException;

    private static ChannelException Cut() => new(ChannelError.Truncated, "The connection was cut: it ended without the authenticated close.");

    private static ChannelException Failed(Exception fault) => new(ChannelError.Truncated, "The connection was cut: the link failed.", fault);

    private ChannelException Break(ChannelError error, string message)
    {
        IsBroken = true;
        return new ChannelException(error, message);
    }

    private void Release()
    {
        if (!isLent) return;
        isLent = false;
        pipe.AdvanceTo(next);
    }
}
