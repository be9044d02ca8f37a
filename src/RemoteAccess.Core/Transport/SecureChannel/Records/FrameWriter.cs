using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace RemoteAccess.Transport;

/// <summary>Puts frames on the link. One writer at a time.</summary>
internal sealed class FrameWriter(PipeWriter pipe)
{
    private long bytesSent;

    /// <summary>Bytes of all frames written so far, with their headers. Readable from any thread.</summary>
    public long BytesSent => Volatile.Read(ref bytesSent);

    /// <summary>Room for a whole frame, to be filled by the caller and then given to <see cref="Commit"/>.</summary>
    /// <exception cref="ChannelException"><see cref="ChannelError.Truncated"/>: the link is gone.</exception>
    public Span<byte> Begin(int frameLength)
    {
        try
        {
            return pipe.GetSpan(frameLength)[..frameLength];
        }
        catch (Exception fault) when (IsLinkFault(fault))
        {
            throw Gone(fault);
        }
    }

    public void Commit(int frameLength)
    {
        pipe.Advance(frameLength);
        Volatile.Write(ref bytesSent, bytesSent + frameLength);
    }

    /// <summary>Completes when the link has room again.</summary>
    /// <exception cref="ChannelException"><see cref="ChannelError.Truncated"/>: the link is gone.</exception>
    public ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        try
        {
            ValueTask<FlushResult> flush = pipe.FlushAsync(cancellationToken);
            if (!flush.IsCompletedSuccessfully) return FinishFlushAsync(flush);
            ThrowIfGone(flush.Result);
            return ValueTask.CompletedTask;
        }
        catch (Exception fault) when (IsLinkFault(fault))
        {
            throw Gone(fault);
        }
    }

    /// <summary>Ends a flush that waits, as if the link had been cut. From any thread.</summary>
    public void CancelPending()
    {
        try
        {
            pipe.CancelPendingFlush();
        }
        catch (ObjectDisposedException)
        {
            // The writer over a stream throws this once it has been completed: nothing is pending any more.
            return;
        }
    }

    /// <summary>No more will be written: the link sends what it holds and then ends its direction.</summary>
    public async ValueTask CompleteAsync()
    {
        try
        {
            await pipe.CompleteAsync().ConfigureAwait(false);
        }
        catch (Exception fault) when (IsLinkFault(fault))
        {
            throw Gone(fault);
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private static async ValueTask FinishFlushAsync(ValueTask<FlushResult> flush)
    {
        try
        {
            ThrowIfGone(await flush.ConfigureAwait(false));
        }
        catch (Exception fault) when (IsLinkFault(fault))
        {
            throw Gone(fault);
        }
    }

    private static void ThrowIfGone(FlushResult result)
    {
        if (result.IsCompleted || result.IsCanceled) throw Gone(null);
    }

    // What pipes throw when their link is gone; ObjectDisposedException is an InvalidOperationException.
    private static bool IsLinkFault(Exception fault) => fault is IOException or InvalidOperationException;

    private static ChannelException Gone(Exception? fault) => new(ChannelError.Truncated, "The connection was cut: the peer no longer receives.", fault);
}
