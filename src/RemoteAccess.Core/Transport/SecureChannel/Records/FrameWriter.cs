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
        catch (Exception fault) when (fault is IOException or ObjectDisposedException or InvalidOperationException)
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
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        try
        {
            FlushResult result = await pipe.FlushAsync(cancellationToken).ConfigureAwait(false);
            if (result.IsCompleted) throw Gone(null);
        }
        catch (Exception fault) when (fault is IOException or ObjectDisposedException or InvalidOperationException)
        {
            throw Gone(fault);
        }
    }

    /// <summary>No more will be written: the link sends what it holds and then ends its direction.</summary>
    public async ValueTask CompleteAsync()
    {
        try
        {
            await pipe.CompleteAsync().ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is IOException or ObjectDisposedException or InvalidOperationException)
        {
            throw Gone(fault);
        }
    }

    private static ChannelException Gone(Exception? fault) => new(ChannelError.Truncated, "The connection was cut: the peer no longer receives.", fault);
}
