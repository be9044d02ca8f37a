using System.IO.Pipelines;
using RemoteAccess.Transport;

namespace RemoteAccess.Tests;

/// <summary>
/// Two ends of a byte stream in memory on which everything runs on the thread that causes it: when a call returns, both sides have gone as
/// far as they can.
/// </summary>
internal sealed class PipeLink : ILink
{
    private readonly Pipe incoming;
    private readonly Pipe outgoing;

    private PipeLink(Pipe incoming, Pipe outgoing)
    {
        this.incoming = incoming;
        this.outgoing = outgoing;
    }

    public string Peer => "memory";

    public PipeReader Input => incoming.Reader;

    public PipeWriter Output => outgoing.Writer;

    public bool IsDisposed { get; private set; }

    public static (PipeLink Technician, PipeLink Host) CreatePair()
    {
        Pipe toHost = Inline(), toTechnician = Inline();
        return (new PipeLink(toTechnician, toHost), new PipeLink(toHost, toTechnician));
    }

    public ValueTask DisposeAsync()
    {
        IsDisposed = true;
        outgoing.Writer.Complete();
        incoming.Reader.Complete();
        return ValueTask.CompletedTask;
    }

    private static Pipe Inline() => new(new PipeOptions(
        readerScheduler: PipeScheduler.Inline, writerScheduler: PipeScheduler.Inline, pauseWriterThreshold: 0, useSynchronizationContext: false));
}
