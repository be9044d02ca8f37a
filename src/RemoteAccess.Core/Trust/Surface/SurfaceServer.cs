using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using RemoteAccess.Transport;

namespace RemoteAccess.Trust;

/// <summary>
/// Where surfaces connect, and which serves a few of those that were let in. Of several agents with one state one
/// listens; another takes over when that one ends, and until then has no surface.
/// </summary>
internal sealed class SurfaceServer : IAsyncDisposable
{
    public const int MaxClients = 8;

    /// <summary>How often other processes' changes are looked for, and how often clients get a sign of life.</summary>
    public static readonly TimeSpan PollPeriod = TimeSpan.FromMilliseconds(500);

    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    private readonly Func<ISurfaceListener> listen;
    private readonly SurfaceStatusBook book;
    private readonly SurfacePresence presence;
    private readonly SurfaceActs acts;
    private readonly TimeProvider time;
    private readonly ILogger logger;
    private readonly CancellationTokenSource stop = new();
    private readonly ConcurrentDictionary<SurfaceClient, Task> clients = new(ReferenceEqualityComparer.Instance);
    private ISurfaceListener? first;
    private int disposed;
    private Task running = Task.CompletedTask;

    /// <param name="listen">Begins to listen.</param>
    /// <param name="book">What is shown.</param>
    /// <param name="presence">What is told of being shown.</param>
    /// <param name="acts">What can be asked for.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Where it is said who was turned away.</param>
    public SurfaceServer(Func<ISurfaceListener> listen, SurfaceStatusBook book, SurfacePresence presence, SurfaceActs acts, TimeProvider time, ILogger logger)
    {
        this.listen = listen;
        this.book = book;
        this.presence = presence;
        this.acts = acts;
        this.time = time;
        this.logger = logger;
    }

    /// <summary>Begins to listen, if no other agent does, before it returns.</summary>
    public void Start()
    {
        first = TryListen();
        book.Turned += RingAll;
        running = Task.WhenAll(Task.Run(() => ListenAsync(stop.Token)), Task.Run(() => PollAsync(stop.Token)));
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref disposed, 1) != 0) return;
        book.Turned -= RingAll;
        await stop.CancelAsync().ConfigureAwait(false);
        await running.ConfigureAwait(false);
        await Task.WhenAll(clients.Values).ConfigureAwait(false);
        acts.Dispose();
        stop.Dispose();
    }

    private void RingAll()
    {
        foreach (SurfaceClient client in clients.Keys) client.Ring();
    }

    private async Task PollAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(PollPeriod, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stopping).ConfigureAwait(false))
            {
                if (clients.IsEmpty) continue;
                book.Poll();
                RingAll();
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return;
        }
    }

    private ISurfaceListener? TryListen()
    {
        try
        {
            return listen();
        }
        catch (Exception failure) when (failure is ChannelException or StateException)
        {
            Log.SurfaceNotListening(logger, failure.Message);
            return null;
        }
    }

    private async Task ListenAsync(CancellationToken stopping)
    {
        ISurfaceListener? listener = first;
        try
        {
            while (true)
            {
                if (listener is not null) await AcceptAsync(listener, stopping).ConfigureAwait(false);
                await Task.Delay(RetryAfter, time, stopping).ConfigureAwait(false);
                listener ??= TryListen();
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return;
        }
        finally
        {
            if (listener is not null) await listener.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Accepts until it cannot any more for the moment.</summary>
    private async Task AcceptAsync(ISurfaceListener listener, CancellationToken stopping)
    {
        try
        {
            while (true)
            {
                (ILink link, string account) = await listener.AcceptAsync(stopping).ConfigureAwait(false);
                if (clients.Count < MaxClients)
                {
                    Serve(link, account, stopping);
                    continue;
                }
                Log.TooManySurfaces(logger, MaxClients);
                await link.DisposeAsync().ConfigureAwait(false);
            }
        }
        catch (ChannelException failure)
        {
            Log.SurfaceNotListening(logger, failure.Message);
        }
    }

    private void Serve(ILink link, string actor, CancellationToken stopping)
    {
        var client = new SurfaceClient(link, actor, book, presence, acts, time);
        var begin = new TaskCompletionSource();
        clients[client] = Task.Run(
            async () =>
            {
                await begin.Task.ConfigureAwait(false);
                try
                {
                    // Nobody looked whether something changed while no surface was connected.
                    book.Reread();
                    Log.SurfaceGone(logger, actor, await client.RunAsync(stopping).ConfigureAwait(false));
                }
                finally
                {
                    clients.TryRemove(client, out _);
                }
            },
            CancellationToken.None);
        begin.SetResult();
    }
}
