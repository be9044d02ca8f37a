using System.IO.Pipelines;

namespace RemoteAccess.Transport;

/// <summary>Two ends in one process, joined by memory: for an agent and a viewer in one program, and for tests.</summary>
public sealed class MemoryLink : ILink
{
    private readonly MemoryPipe incoming;
    private readonly MemoryPipe outgoing;

    private MemoryLink(MemoryPipe incoming, MemoryPipe outgoing)
    {
        this.incoming = incoming;
        this.outgoing = outgoing;
    }

    /// <inheritdoc/>
    public string Peer => "memory";

    /// <inheritdoc/>
    public PipeReader Input => incoming.Reader;

    /// <inheritdoc/>
    public PipeWriter Output => outgoing.Writer;

    /// <summary>Makes the two ends. Each direction holds up to <paramref name="bufferBytes"/> before a flush waits; whoever waits goes on
    /// on the thread pool.</summary>
    /// <param name="bufferBytes">1 or more.</param>
    public static (MemoryLink One, MemoryLink Other) CreatePair(int bufferBytes = 64 * 1024) => CreatePair(bufferBytes, PipeScheduler.ThreadPool);

    /// <summary>Makes the two ends, and says where whoever waits goes on.</summary>
    /// <param name="bufferBytes">1 or more.</param>
    /// <param name="scheduler"><see cref="PipeScheduler.Inline"/> lets a test in fake time run on one thread, in one order.</param>
    public static (MemoryLink One, MemoryLink Other) CreatePair(int bufferBytes, PipeScheduler scheduler)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bufferBytes, 1);
        PipeOptions options = new(readerScheduler: scheduler, writerScheduler: scheduler, pauseWriterThreshold: bufferBytes,
            resumeWriterThreshold: Math.Max(1, bufferBytes / 2), useSynchronizationContext: false);
        MemoryPipe there = new(options), back = new(options);
        return (new MemoryLink(back, there), new MemoryLink(there, back));
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        outgoing.AbandonSending();
        incoming.AbandonReceiving();
        return ValueTask.CompletedTask;
    }
}
