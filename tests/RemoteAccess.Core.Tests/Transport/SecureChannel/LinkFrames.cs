using System.Buffers;
using System.IO.Pipelines;

namespace RemoteAccess.Tests;

/// <summary>Cuts whatever has arrived into frames, without waiting.</summary>
internal static class LinkFrames
{
    public static IReadOnlyList<byte[]> Take(PipeReader input)
    {
        var frames = new List<byte[]>();
        if (!input.TryRead(out ReadResult result)) return frames;
        byte[] bytes = result.Buffer.ToArray();
        input.AdvanceTo(result.Buffer.End);
        for (int at = 0; at < bytes.Length;)
        {
            int length = 4 + ((bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3]);
            frames.Add(bytes[at..(at + length)]);
            at += length;
        }

        return frames;
    }
}
