using RemoteAccess.Transport;
using RemoteAccess.Transport.Wire;

namespace RemoteAccess;

/// <summary>Asks the computer for answers that come in order: now and then by itself, so that both sides know that the other is there. Thread-safe.</summary>
internal sealed class RemotePings(MessageChannel messages, TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private readonly Dictionary<ulong, TaskCompletionSource> waiting = [];
    private ulong last;
    private bool isOver;

    /// <inheritdoc cref="RemoteSession.PingAsync"/>
    public async Task<TimeSpan> PingAsync(CancellationToken cancellationToken)
    {
        var answer = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        ulong token;
        lock (waiting)
        {
            if (isOver) throw new ChannelException(ChannelError.Closed, "The session has ended.");
            token = ++last;
            waiting.Add(token, answer);
        }

        try
        {
            long start = time.GetTimestamp();
            await messages.SendAsync(new ControlMessage { Ping = new Ping { Token = token } }, cancellationToken).ConfigureAwait(false);
            await answer.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
            return time.GetElapsedTime(start);
        }
        finally
        {
            lock (waiting) waiting.Remove(token);
        }
    }

    public void Deliver(Ping pong)
    {
        lock (waiting)
            if (waiting.TryGetValue(pong.Token, out TaskCompletionSource? asked)) asked.TrySetResult();
    }

    /// <summary>The session is over: nothing is answered any more.</summary>
    public void Close(Exception reason)
    {
        lock (waiting)
        {
            isOver = true;
            foreach (TaskCompletionSource asked in waiting.Values) asked.TrySetException(reason);
        }
    }

    /// <summary>Asks every ten seconds until the session is over.</summary>
    public async Task RunAsync(CancellationToken over)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(over).ConfigureAwait(false)) await PingAsync(over).ConfigureAwait(false);
        }
        catch (Exception error) when (error is ChannelException or AccessRefusedException or OperationCanceledException)
        {
            // Receiving sees the same end of the session and reports how.
            return;
        }
    }
}
