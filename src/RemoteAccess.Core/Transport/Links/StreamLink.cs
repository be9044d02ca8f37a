using System.IO.Pipelines;

namespace RemoteAccess.Transport;

/// <summary>
/// A link over a system stream. No copying loop of its own, and no thread unless it is given one to read on: a flush writes straight to the stream, so the caller feels the
/// system's back-pressure, and a read asks the stream only when nothing is buffered.
/// </summary>
internal sealed class StreamLink : IAsyncDisposable
{
    /// <summary>Holds a full frame of the channel (65,556 bytes at most, 16 KiB and a little in practice), so one record is one system call.</summary>
    private const int BufferBytes = 20 * 1024;

    private readonly LinkStream stream;
    private readonly Action close;
    private int disposed;

    /// <param name="inner">The system's stream.</param>
    /// <param name="close">Closes both directions at once.</param>
    /// <param name="endSending">Tells the peer that no more bytes come, where the system can.</param>
    /// <param name="reading">What reads instead of <paramref name="inner"/>.</param>
    public StreamLink(Stream inner, Action close, Action endSending, ReadingThread? reading = null)
    {
        this.close = close;
        stream = new LinkStream(inner, endSending, reading);
        Input = PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: BufferBytes, minimumReadSize: 4096, leaveOpen: true));
        Output = PipeWriter.Create(stream, new StreamPipeWriterOptions(minimumBufferSize: BufferBytes));
    }

    public PipeReader Input { get; }

    public PipeWriter Output { get; }

    public ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref disposed, 1) != 0) return ValueTask.CompletedTask;
        stream.Abort();
        close();
        return ValueTask.CompletedTask;
    }
}
