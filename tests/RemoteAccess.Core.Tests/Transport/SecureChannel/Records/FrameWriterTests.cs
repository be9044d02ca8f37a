using System.IO.Pipelines;
using RemoteAccess.Transport;

namespace RemoteAccess.Tests;

public sealed class FrameWriterTests
{
    [Fact]
    public async Task CancelPending_AfterCompletionOnAStream_DoesNothing()
    {
        using var stream = new MemoryStream();
        var writer = new FrameWriter(PipeWriter.Create(stream));
        writer.Begin(22).Fill(7);
        writer.Commit(22);
        await writer.CompleteAsync();

        writer.CancelPending();

        Assert.Equal(22, writer.BytesSent);
    }
}
