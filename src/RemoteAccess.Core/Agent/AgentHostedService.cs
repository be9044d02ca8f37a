using System.Net;
using Microsoft.Extensions.Hosting;

namespace RemoteAccess;

/// <summary>
/// Runs the agent for as long as the host application runs. Addresses are bound while the host starts, so that one which cannot be listened
/// on fails the start; a listener that fails later stops the host, as the host's own rule for background services says.
/// </summary>
internal sealed class AgentHostedService(RemoteAccessAgent agent, IReadOnlyList<IPEndPoint> endPoints) : BackgroundService
{
    private readonly CancellationTokenSource stop = new();
    private Task serving = Task.CompletedTask;

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        // ListenAsync binds before it first waits.
        Task[] listeners = [.. endPoints.Select(endPoint => agent.ListenAsync(endPoint, cancellationToken: stop.Token))];
        serving = Task.WhenAll(listeners);
        if (listeners.Any(listener => listener.IsFaulted))
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await serving.ConfigureAwait(false);
        }

        await base.StartAsync(cancellationToken).ConfigureAwait(false);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        // Before the base's: a base that is stopped before its task began never begins it, and nothing else would end the listeners.
        await stop.CancelAsync().ConfigureAwait(false);
        await base.StopAsync(cancellationToken).ConfigureAwait(false);
        // How it ended was the task's to report.
        await serving.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public override void Dispose()
    {
        if (!stop.IsCancellationRequested) stop.Cancel();
        stop.Dispose();
        base.Dispose();
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => serving;
}
