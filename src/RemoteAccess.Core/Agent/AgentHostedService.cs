using System.Net;
using Microsoft.Extensions.Hosting;

namespace RemoteAccess;

/// <summary>Runs the agent for as long as the host application runs. An address that cannot be listened on stops the host.</summary>
internal sealed class AgentHostedService(RemoteAccessAgent agent, IReadOnlyList<IPEndPoint> endPoints) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(endPoints.Select(endPoint => agent.ListenAsync(endPoint, cancellationToken: stoppingToken)));
}
