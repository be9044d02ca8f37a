using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Threading.Channels;

namespace RemoteAccess.Transport;

/// <summary>
/// Whole messages over a byte stream between service and session helper. Sending never waits: what is queued is what the other end asked for, so it is bounded by the
/// protocol. One reader at a time.
/// </summary>
internal sealed class HelperStream : IAsyncDisposable
{
    private readonly Stream stream;
    private readonly Channel<QueuedMessage> queue = Channel.CreateUnbounded<QueuedMessage>(new UnboundedChannelOptions { SingleReader = true });
    private readonly CancellationTokenSource stop = new();
    private readonly byte[] head = new byte[4];
    private readonly Task sending;
    private byte[] body = NewBody(4096);
    private int secretBytes;

    /// <param name="stream">Owned from now on.</param>
    public HelperStream(Stream stream)
    {
        this.stream = stream;
        sending = Task.Run(SendAllAsync);
    }

    /// <summary>Queues a message; nothing when the stream is closed. Any thread.</summary>
    public void Send(MessageWriter message) => queue.Writer.TryWrite(new QueuedMessage(message.Finish(), null));

    /// <summary>Queues a password; the copy in the queue is wiped when it has gone, or goes nowhere. Any thread.</summary>
    public void SendPassword(uint number, ReadOnlySpan<byte> password)
    {
        byte[] message = GC.AllocateUninitializedArray<byte>(4 + WireLimits.HeaderBytes + password.Length, pinned: true);
        BinaryPrimitives.WriteInt32LittleEndian(message, message.Length - 4);
        message[4] = (byte)HelperWord.Password;
        BinaryPrimitives.WriteUInt32LittleEndian(message.AsSpan(5), number);
        password.CopyTo(message.AsSpan(4 + WireLimits.HeaderBytes));
        if (!queue.Writer.TryWrite(new QueuedMessage(message, message))) CryptographicOperations.ZeroMemory(message);
    }

    /// <summary>The next message; its body is good until the next call, which wipes it when it was a password. Null at the end of the stream.</summary>
    /// <exception cref="InvalidDataException">A length that nothing has.</exception>
    /// <exception cref="IOException">The stream broke.</exception>
    public async ValueTask<ReceivedWord?> ReadAsync(CancellationToken cancellationToken)
    {
        Wipe();
        if (await stream.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false) < head.Length) return null;
        int length = BinaryPrimitives.ReadInt32LittleEndian(head);
        if (length is < WireLimits.HeaderBytes or > WireLimits.HeaderBytes + WireLimits.MaxBody) throw new InvalidDataException($"A message says that it has {length} bytes.");
        if (body.Length < length) body = NewBody(length);
        if (await stream.ReadAtLeastAsync(body.AsMemory(0, length), length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false) < length) return null;
        if (body[0] == (byte)HelperWord.Password) secretBytes = length;
        return new ReceivedWord((HelperWord)body[0], BinaryPrimitives.ReadUInt32LittleEndian(body.AsSpan(1)), body.AsMemory(WireLimits.HeaderBytes, length - WireLimits.HeaderBytes));
    }

    public async ValueTask DisposeAsync()
    {
        queue.Writer.TryComplete();
        Wipe();
        if (stop.IsCancellationRequested) return;
        await stop.CancelAsync().ConfigureAwait(false);
        await stream.DisposeAsync().ConfigureAwait(false);
        await sending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task SendAllAsync()
    {
        try
        {
            await foreach (QueuedMessage message in queue.Reader.ReadAllAsync(stop.Token).ConfigureAwait(false))
            {
                try
                {
                    await stream.WriteAsync(message.Bytes, stop.Token).ConfigureAwait(false);
                }
                finally
                {
                    CryptographicOperations.ZeroMemory(message.Secret);
                }
            }
        }
        catch (Exception broken) when (broken is IOException or ObjectDisposedException or OperationCanceledException or InvalidOperationException)
        {
            // The reader sees the same end and reports it; what is queued goes nowhere.
            queue.Writer.TryComplete();
            while (queue.Reader.TryRead(out QueuedMessage left)) CryptographicOperations.ZeroMemory(left.Secret);
        }
    }

    /// <summary>It does not move, so that no copy of it stays behind.</summary>
    private static byte[] NewBody(int length) => GC.AllocateUninitializedArray<byte>(length, pinned: true);

    private void Wipe()
    {
        CryptographicOperations.ZeroMemory(body.AsSpan(0, secretBytes));
        secretBytes = 0;
    }

    /// <param name="Bytes">The message.</param>
    /// <param name="Secret">The same, when it is to be wiped.</param>
    private readonly record struct QueuedMessage(ReadOnlyMemory<byte> Bytes, byte[]? Secret);
}

/// <summary>One message.</summary>
/// <param name="Word">What it says it is; perhaps nothing there is.</param>
/// <param name="Number">Of the capture, input or prompt that it belongs to.</param>
/// <param name="Body">The rest.</param>
internal readonly record struct ReceivedWord(HelperWord Word, uint Number, ReadOnlyMemory<byte> Body);
