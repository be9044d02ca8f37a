using System.Buffers.Binary;
using System.Threading.Channels;

namespace RemoteAccess.Transport;

/// <summary>
/// Whole messages over a byte stream between service and session helper. Sending never waits: what is queued is what the other end asked for, so it is bounded by the
/// protocol. One reader at a time.
/// </summary>
internal sealed class HelperStream : IAsyncDisposable
{
    private readonly Stream stream;
    private readonly Channel<ReadOnlyMemory<byte>> queue = Channel.CreateUnbounded<ReadOnlyMemory<byte>>(new UnboundedChannelOptions { SingleReader = true });
    private readonly CancellationTokenSource stop = new();
    private readonly byte[] head = new byte[4];
    private readonly Task sending;
    private byte[] body = new byte[4096];

    /// <param name="stream">Owned from now on.</param>
    public HelperStream(Stream stream)
    {
        this.stream = stream;
        sending = Task.Run(SendAllAsync);
    }

    /// <summary>Queues a message; nothing when the stream is closed. Any thread.</summary>
    public void Send(MessageWriter message) => queue.Writer.TryWrite(message.Finish());

    /// <summary>The next message; its body is good until the next call. Null at the end of the stream.</summary>
    /// <exception cref="InvalidDataException">A length that nothing has.</exception>
    /// <exception cref="IOException">The stream broke.</exception>
    public async ValueTask<ReceivedWord?> ReadAsync(CancellationToken cancellationToken)
    {
        if (await stream.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false) < head.Length) return null;
        int length = BinaryPrimitives.ReadInt32LittleEndian(head);
        if (length is < WireLimits.HeaderBytes or > WireLimits.HeaderBytes + WireLimits.MaxBody) throw new InvalidDataException($"A message says that it has {length} bytes.");
        if (body.Length < length) body = new byte[length];
        if (await stream.ReadAtLeastAsync(body.AsMemory(0, length), length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false) < length) return null;
        return new ReceivedWord((HelperWord)body[0], BinaryPrimitives.ReadUInt32LittleEndian(body.AsSpan(1)), body.AsMemory(WireLimits.HeaderBytes, length - WireLimits.HeaderBytes));
    }

    public async ValueTask DisposeAsync()
    {
        queue.Writer.TryComplete();
        if (stop.IsCancellationRequested) return;
        await stop.CancelAsync().ConfigureAwait(false);
        await stream.DisposeAsync().ConfigureAwait(false);
        await sending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task SendAllAsync()
    {
        try
        {
            await foreach (ReadOnlyMemory<byte> message in queue.Reader.ReadAllAsync(stop.Token).ConfigureAwait(false))
            {
                await stream.WriteAsync(message, stop.Token).ConfigureAwait(false);
            }
        }
        catch (Exception broken) when (broken is IOException or ObjectDisposedException or OperationCanceledException or InvalidOperationException)
        {
            // The reader sees the same end and reports it; what is queued goes nowhere.
            queue.Writer.TryComplete();
        }
    }
}

/// <summary>One message.</summary>
/// <param name="Word">What it says it is; perhaps nothing there is.</param>
/// <param name="Number">Of the capture, input or prompt that it belongs to.</param>
/// <param name="Body">The rest.</param>
internal readonly record struct ReceivedWord(HelperWord Word, uint Number, ReadOnlyMemory<byte> Body);
