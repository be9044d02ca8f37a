using System.Buffers;
using System.IO.Pipelines;
using RemoteAccess.Transport;

namespace RemoteAccess.Fuzz;

/// <summary>The end of a link that the side under fuzz holds; the script writes to it and reads from it on the same thread.</summary>
internal sealed class ScriptedLink : ILink
{
    private readonly Pipe toSide = Inline();
    private readonly Pipe fromSide = Inline();

    public string Peer => "fuzz";

    public PipeReader Input => toSide.Reader;

    public PipeWriter Output => fromSide.Writer;

    public void Send(ReadOnlySpan<byte> bytes)
    {
        toSide.Writer.Write(bytes);
        if (!toSide.Writer.FlushAsync().AsTask().IsCompleted) throw new InvalidOperationException("The link should never push back.");
    }

    public void HangUp()
    {
        toSide.Writer.Complete();
        fromSide.Reader.Complete();
    }

    /// <summary>The next frame that the side has sent, or null.</summary>
    public byte[]? TakeFrame()
    {
        if (!fromSide.Reader.TryRead(out ReadResult result)) return null;
        byte[] bytes = result.Buffer.ToArray();
        int length = bytes.Length < 4 ? 0 : 4 + ((bytes[1] << 16) | (bytes[2] << 8) | bytes[3]);
        if (length == 0 || length > bytes.Length)
        {
            fromSide.Reader.AdvanceTo(result.Buffer.Start);
            return null;
        }

        fromSide.Reader.AdvanceTo(result.Buffer.GetPosition(length));
        return bytes[..length];
    }

    public ValueTask DisposeAsync()
    {
        fromSide.Writer.Complete();
        toSide.Reader.Complete();
        return ValueTask.CompletedTask;
    }

    private static Pipe Inline() => new(new PipeOptions(
        readerScheduler: PipeScheduler.Inline, writerScheduler: PipeScheduler.Inline, pauseWriterThreshold: 0, useSynchronizationContext: false));
}
