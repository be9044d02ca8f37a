using System.Runtime.CompilerServices;

namespace RemoteAccess.Transport;

/// <summary>
/// The byte stream under a <see cref="StreamLink"/>: one vocabulary of failure (<see cref="IOException"/>) whatever the system throws when
/// a handle is closed under a pending call. Disposing it ends the sending direction only; the link closes the handle.
/// </summary>
/// <param name="inner">The system's stream.</param>
/// <param name="endSending">Tells the peer that no more comes.</param>
/// <param name="reading">What reads instead of <paramref name="inner"/>; null for that itself.</param>
internal sealed class LinkStream(Stream inner, Action endSending, ReadingThread? reading) : Stream
{
    private volatile bool aborted;

    public override bool CanRead => true;
    public override bool CanWrite => true;
    public override bool CanSeek => false;
    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>From now on every call fails, and one that is pending when the handle closes reports this as its reason.</summary>
    public void Abort() => aborted = true;

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ThrowIfAborted(null);
        try
        {
            int read = reading is null
                ? await inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)
                : await reading.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
            ThrowIfAborted(null);
            return read;
        }
        catch (Exception failure) when (IsBrokenLink(failure, cancellationToken))
        {
            ThrowIfAborted(failure);
            throw new IOException("The link broke while reading.", failure);
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ThrowIfAborted(null);
        try
        {
            await inner.WriteAsync(buffer, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure) when (IsBrokenLink(failure, cancellationToken))
        {
            ThrowIfAborted(failure);
            throw new IOException("The link broke while writing.", failure);
        }
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override void Flush()
    {
    }

    /// <summary>For a writer that is completed synchronously with bytes left.</summary>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        ThrowIfAborted(null);
        try
        {
            inner.Write(buffer);
        }
        catch (Exception failure) when (IsBrokenLink(failure, CancellationToken.None))
        {
            ThrowIfAborted(failure);
            throw new IOException("The link broke while writing.", failure);
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing && !aborted) endSending();
        base.Dispose(disposing);
    }

    private bool IsBrokenLink(Exception failure, CancellationToken cancellationToken) =>
        failure is IOException or ObjectDisposedException or InvalidOperationException
        || (failure is OperationCanceledException && aborted && !cancellationToken.IsCancellationRequested);

    private void ThrowIfAborted(Exception? failure)
    {
        if (aborted) throw new IOException("The link was disposed.", failure);
    }
}
