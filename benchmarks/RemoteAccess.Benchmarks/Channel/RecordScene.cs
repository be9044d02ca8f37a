using System.Buffers;
using System.IO.Pipelines;
using System.Security.Cryptography;
using RemoteAccess.Transport;

namespace RemoteAccess.Benchmarks;

/// <summary>
/// Both halves of the record layer without a link, and AES-256-GCM alone on the same bytes. Records to be opened are sealed beforehand,
/// because each can be opened once, in its place; <see cref="Rewind"/> begins again.
/// </summary>
internal sealed class RecordScene : IDisposable
{
    public const int ContentLength = 16 * 1024;

    private readonly PinnedSecret secret = new(RandomNumberGenerator.GetBytes(32));
    private readonly byte[] content = RandomNumberGenerator.GetBytes(ContentLength);
    private readonly byte[] output = new byte[ContentLength];
    private readonly byte[] tag = new byte[RecordCipher.TagLength];
    private readonly byte[] nonce = new byte[RecordCipher.IvLength];
    private readonly AesGcm raw = new(RandomNumberGenerator.GetBytes(RecordCipher.KeyLength), RecordCipher.TagLength);
    private readonly SendDirection send;
    private readonly FrameWriter frames;
    private readonly byte[][] sealedFrames;
    private readonly (byte[] Ciphertext, byte[] Tag)[] rawSealed;
    private ReceiveDirection receive;
    private int next;

    public RecordScene(int records)
    {
        var pipe = new OverwritingPipe();
        send = new SendDirection(secret, RekeyLimits.Protocol, TimeProvider.System);
        frames = new FrameWriter(pipe);
        receive = new ReceiveDirection(secret, RekeyLimits.Protocol, TimeProvider.System);
        using var source = new SendDirection(secret, RekeyLimits.Protocol, TimeProvider.System);
        sealedFrames = new byte[records][];
        rawSealed = new (byte[], byte[])[records];
        for (int i = 0; i < records; i++)
        {
            source.Seal(frames, RecordType.Application, content, padding: 0);
            sealedFrames[i] = pipe.Last.ToArray();
            rawSealed[i] = (new byte[ContentLength], new byte[RecordCipher.TagLength]);
            BitConverter.TryWriteBytes(nonce, i);
            raw.Encrypt(nonce, content, rawSealed[i].Ciphertext, rawSealed[i].Tag);
        }
    }

    public void Rewind()
    {
        next = 0;
        receive.Dispose();
        receive = new ReceiveDirection(secret, RekeyLimits.Protocol, TimeProvider.System);
    }

    public void EncryptRaw() => raw.Encrypt(nonce, content, output, tag);

    public void Seal() => send.Seal(frames, RecordType.Application, content, padding: 0);

    public void DecryptRaw()
    {
        BitConverter.TryWriteBytes(nonce, next);
        (byte[] ciphertext, byte[] itsTag) = rawSealed[next++];
        raw.Decrypt(nonce, ciphertext, itsTag, output);
    }

    public int Open()
    {
        byte[] frame = sealedFrames[next++];
        FrameHeader.TryRead(frame, out FrameHeader header);
        receive.Open(new Frame(header, new ReadOnlySequence<byte>(frame, FrameHeader.Size, header.Length)), out ReadOnlyMemory<byte> opened);
        return opened.Length;
    }

    public void Dispose()
    {
        send.Dispose();
        receive.Dispose();
        raw.Dispose();
        secret.Dispose();
    }

    /// <summary>A link that takes everything at once, always into the same memory.</summary>
    private sealed class OverwritingPipe : PipeWriter
    {
        private readonly byte[] memory = new byte[128 * 1024];
        private int written;

        public ReadOnlySpan<byte> Last => memory.AsSpan(0, written);

        public override void Advance(int bytes) => written = bytes;

        public override Memory<byte> GetMemory(int sizeHint = 0) => memory;

        public override Span<byte> GetSpan(int sizeHint = 0) => memory;

        public override void CancelPendingFlush() { }

        public override void Complete(Exception? exception = null) { }

        public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) => default;
    }
}
