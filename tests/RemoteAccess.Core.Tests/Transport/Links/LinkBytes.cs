using System.Buffers;
using System.IO.Pipelines;
using RemoteAccess.Transport;

namespace RemoteAccess.Tests;

internal static class LinkBytes
{
    public static async Task WriteAsync(this ILink link, byte[] bytes)
    {
        FlushResult result = await link.Output.WriteAsync(bytes, LinkFixture.Limit());
        Assert.False(result.IsCanceled);
    }

    public static async Task<byte[]> ReadExactlyAsync(this ILink link, int count)
    {
        ReadResult result = await link.Input.ReadAtLeastAsync(count, LinkFixture.Limit());
        Assert.True(result.Buffer.Length >= count, $"the link ended after {result.Buffer.Length} of {count} bytes");
        ReadOnlySequence<byte> wanted = result.Buffer.Slice(0, count);
        byte[] bytes = wanted.ToArray();
        link.Input.AdvanceTo(wanted.End);
        return bytes;
    }

    /// <summary>Everything up to the end of the stream.</summary>
    public static async Task<byte[]> ReadToEndAsync(this ILink link)
    {
        ArrayBufferWriter<byte> all = new();
        while (true)
        {
            ReadResult result = await link.Input.ReadAsync(LinkFixture.Limit());
            foreach (ReadOnlyMemory<byte> part in result.Buffer) all.Write(part.Span);
            link.Input.AdvanceTo(result.Buffer.End);
            if (result.IsCompleted) return all.WrittenSpan.ToArray();
        }
    }

    public static byte[] Pattern(int seed, int count)
    {
        byte[] bytes = new byte[count];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }
}
