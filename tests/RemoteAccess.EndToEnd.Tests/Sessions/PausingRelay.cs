using System.Buffers;
using System.IO.Pipelines;
using RemoteAccess.Transport;

namespace RemoteAccess.Tests;

/// <summary>
/// Carries frames between a technician and an agent, and does something before a certain one goes on: 1 ClientHello, 2 HostHello, 3 HostAuth, 4
/// TechAuth, 5 PakeReply, 6 PakeFinish, 7 Accepted.
/// </summary>
internal sealed class PausingRelay : IAsyncDisposable
{
    private const int HeaderLength = 4;
    private readonly MemoryLink fromTechnician, fromAgent;
    private readonly Task pumping;
    private readonly Func<Task> act;
    private readonly int at;
    private int carried;

    /// <param name="at">Which frame; 0 never acts.</param>
    /// <param name="act">What to do before it goes on.</param>
    public PausingRelay(int at, Func<Task> act)
    {
        this.at = at;
        this.act = act;
        (Technician, fromTechnician) = MemoryLink.CreatePair();
        (Agent, fromAgent) = MemoryLink.CreatePair();
        pumping = Task.WhenAll(Task.Run(() => PumpAsync(fromTechnician, fromAgent)), Task.Run(() => PumpAsync(fromAgent, fromTechnician)));
    }

    public MemoryLink Technician { get; }

    public MemoryLink Agent { get; }

    public async ValueTask DisposeAsync()
    {
        await fromTechnician.DisposeAsync();
        await fromAgent.DisposeAsync();
        await pumping;
    }

    private async Task PumpAsync(MemoryLink from, MemoryLink to)
    {
        try
        {
            while (true)
            {
                ReadResult read = await from.Input.ReadAsync();
                ReadOnlySequence<byte> rest = read.Buffer;
                while (FrameLength(rest) is { } length && rest.Length >= length)
                {
                    if (Interlocked.Increment(ref carried) == at) await act();
                    await to.Output.WriteAsync(rest.Slice(0, length).ToArray());
                    rest = rest.Slice(length);
                }
                from.Input.AdvanceTo(rest.Start, read.Buffer.End);
                if (read.IsCompleted) break;
            }
            await to.Output.CompleteAsync();
        }
        catch (IOException)
        {
            // Either end is gone: so is the line.
            await from.DisposeAsync();
            await to.DisposeAsync();
        }
    }

    private static long? FrameLength(ReadOnlySequence<byte> buffer)
    {
        if (buffer.Length < HeaderLength) return null;
        byte[] header = buffer.Slice(0, HeaderLength).ToArray();
        return HeaderLength + ((header[1] << 16) | (header[2] << 8) | header[3]);
    }
}
