using System.Buffers;
using System.IO.Pipelines;
using RemoteAccess.Transport;

namespace RemoteAccess.Sessions;

/// <summary>
/// Content of one file that has arrived and is not used up; its credit goes back as it is. So the sender fills no memory, and a slow disk holds up no other stream. Filled by the
/// receiving loop, read by one reader. Thread-safe otherwise.
/// </summary>
internal sealed class FileInbox(MessageChannel messages)
{
    private readonly Pipe pipe = new(new PipeOptions(pauseWriterThreshold: 0, useSynchronizationContext: false));
    private readonly Lock gate = new();
    private int outstanding;
    private bool isClosed, isEnded;
    private Task flushed = Task.CompletedTask;

    /// <summary>Whether something has come that was not used up.</summary>
    public bool HasMore
    {
        get
        {
            lock (gate) return outstanding > 0;
        }
    }

    /// <summary>Takes the content of the message that was received last.</summary>
    /// <param name="content">Lent; copied.</param>
    public void Add(ReadOnlySpan<byte> content)
    {
        int credit = messages.DeferCredit();
        lock (gate)
        {
            if (!isClosed && !isEnded)
            {
                pipe.Writer.Write(content);
                outstanding += content.Length;
                credit -= content.Length;
                // Never waits: the sender's credit is the limit.
                flushed = pipe.Writer.FlushAsync(CancellationToken.None).AsTask();
            }
        }
        messages.ReturnCredit(MessageStream.Files, credit);
    }

    /// <summary>The next bytes: at least one, unless it was ended.</summary>
    /// <returns>0 at the end.</returns>
    public async ValueTask<int> ReadAsync(Memory<byte> into, CancellationToken cancellationToken)
    {
        ReadResult arrived = await pipe.Reader.ReadAsync(cancellationToken).ConfigureAwait(false);
        int length = (int)Math.Min(arrived.Buffer.Length, into.Length);
        ReadOnlySequence<byte> taken = arrived.Buffer.Slice(0, length);
        taken.CopyTo(into.Span);
        pipe.Reader.AdvanceTo(taken.End);
        return length;
    }

    /// <summary>So many of the bytes that were read are used up.</summary>
    public void Consume(int bytes)
    {
        lock (gate)
        {
            if (isClosed) return;
            outstanding -= bytes;
        }
        messages.ReturnCredit(MessageStream.Files, bytes);
    }

    /// <summary>Nothing more comes; the reader gets the reason, or the end.</summary>
    public void End(Exception? reason)
    {
        lock (gate)
        {
            if (isEnded) return;
            isEnded = true;
            pipe.Writer.Complete(reason);
        }
    }

    /// <summary>Nobody reads any more: what is there, and what still comes, is dropped.</summary>
    public void Close()
    {
        int dropped;
        lock (gate)
        {
            if (isClosed) return;
            isClosed = true;
            dropped = outstanding;
        }
        messages.ReturnCredit(MessageStream.Files, dropped);
        pipe.Reader.Complete();
    }
}
