using System.Buffers;
using System.IO.Pipelines;
using RemoteAccess.Transport;

namespace RemoteAccess.Tests;

/// <summary>Carries bytes between a technician and an agent, and for a while nothing: a train in a tunnel. What was sent meanwhile waits, as in TCP, up to the pipe's size.</summary>
internal sealed class StallingRelay : IAsyncDisposable
{
    private readonly MemoryLink fromTechnician, fromAgent;
    private readonly Task pumping;
    private readonly Lock gate = new();
    private TaskCompletionSource open = Opened();

    public StallingRelay()
    {
        (Technician, fromTechnician) = MemoryLink.CreatePair();
        (Agent, fromAgent) = MemoryLink.CreatePair();
        pumping = Task.WhenAll(Task.Run(() => PumpAsync(fromTechnician, fromAgent)), Task.Run(() => PumpAsync(fromAgent, fromTechnician)));
    }

    public MemoryLink Technician { get; }

    public MemoryLink Agent { get; }

    /// <summary>From now on nothing passes, in either direction.</summary>
    public void Stall()
    {
        lock (gate) open = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    public void GoOn()
    {
        lock (gate) open.TrySetResult();
    }

    public async ValueTask DisposeAsync()
    {
        GoOn();
        await fromTechnician.DisposeAsync();
        await fromAgent.DisposeAsync();
        await pumping;
    }

    private static TaskCompletionSource Opened()
    {
        var source = new TaskCompletionSource();
        source.SetResult();
        return source;
    }

    private Task WayAsync()
    {
        lock (gate) return open.Task;
    }

    private async Task PumpAsync(MemoryLink from, MemoryLink to)
    {
        try
        {
            while (true)
            {
                ReadResult read = await from.Input.ReadAsync();
                await WayAsync();
                await to.Output.WriteAsync(read.Buffer.ToArray());
                from.Input.AdvanceTo(read.Buffer.End);
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
}
