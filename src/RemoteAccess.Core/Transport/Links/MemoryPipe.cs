using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace RemoteAccess.Transport;

/// <summary>
/// One direction of a <see cref="MemoryLink"/>. A <see cref="Pipe"/> may only be completed by whoever is reading or writing it, so giving up
/// an end from another thread sets a flag and wakes both ends; what the waking means is decided where the result is handed out.
/// </summary>
internal sealed class MemoryPipe
{
    private readonly Pipe pipe;
    private volatile bool senderGone;
    private volatile bool receiverGone;

    public MemoryPipe(PipeOptions options)
    {
        pipe = new Pipe(options);
        Reader = new ReceivingEnd(this);
        Writer = new SendingEnd(this);
    }

    public PipeReader Reader { get; }

    public PipeWriter Writer { get; }

    public void AbandonReceiving()
    {
        receiverGone = true;
        Wake();
    }

    public void AbandonSending()
    {
        senderGone = true;
        Wake();
    }

    private void Wake()
    {
        pipe.Reader.CancelPendingRead();
        pipe.Writer.CancelPendingFlush();
    }

    private static IOException Disposed() => new("The link was disposed.");

    private sealed class ReceivingEnd(MemoryPipe owner) : PipeReader
    {
        private readonly PipeReader reader = owner.pipe.Reader;

        public override void AdvanceTo(SequencePosition consumed) => reader.AdvanceTo(consumed);
        public override void AdvanceTo(SequencePosition consumed, SequencePosition examined) => reader.AdvanceTo(consumed, examined);
        public override void CancelPendingRead() => reader.CancelPendingRead();
        public override void Complete(Exception? exception = null) => reader.Complete(exception);

        [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
        public override async ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
        {
            if (owner.receiverGone) throw Disposed();
            // A sender that is gone wakes a read once; later reads have to find out for themselves.
            if (owner.senderGone) reader.CancelPendingRead();
            return Judge(await reader.ReadAsync(cancellationToken).ConfigureAwait(false));
        }

        public override bool TryRead(out ReadResult result)
        {
            if (owner.receiverGone) throw Disposed();
            if (owner.senderGone) reader.CancelPendingRead();
            if (!reader.TryRead(out result)) return false;
            result = Judge(result);
            return true;
        }

        private ReadResult Judge(ReadResult result)
        {
            if (owner.receiverGone) throw Disposed();
            return result.IsCanceled && owner.senderGone ? new ReadResult(result.Buffer, isCanceled: false, isCompleted: true) : result;
        }
    }

    private sealed class SendingEnd(MemoryPipe owner) : PipeWriter
    {
        private readonly PipeWriter writer = owner.pipe.Writer;

        public override bool CanGetUnflushedBytes => writer.CanGetUnflushedBytes;
        public override long UnflushedBytes => writer.UnflushedBytes;
        public override void Advance(int bytes) => writer.Advance(bytes);
        public override void CancelPendingFlush() => writer.CancelPendingFlush();
        public override void Complete(Exception? exception = null) => writer.Complete(exception);
        public override Memory<byte> GetMemory(int sizeHint = 0) => writer.GetMemory(sizeHint);
        public override Span<byte> GetSpan(int sizeHint = 0) => writer.GetSpan(sizeHint);

        [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
        public override async ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
        {
            ThrowIfGone();
            FlushResult result = await writer.FlushAsync(cancellationToken).ConfigureAwait(false);
            ThrowIfGone();
            return result;
        }

        private void ThrowIfGone()
        {
            if (owner.senderGone) throw Disposed();
            if (owner.receiverGone) throw new IOException("The other end of the link was disposed.");
        }
    }
}
