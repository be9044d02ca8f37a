using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using RemoteAccess.Trust;

namespace RemoteAccess;

/// <summary>Adds the agent to a host application.</summary>
public static class RemoteAccessAgentRegistration
{
    /// <summary>
    /// Adds the agent as a hosted service: it opens its state and desktop when the host starts, serves until the host stops, and then
    /// ends every session. <see cref="TrustFlow"/> and <see cref="RemoteAccessAgent"/> can be injected to show the customer grants,
    /// sessions and history.
    /// </summary>
    /// <exception cref="InvalidOperationException">A required setting is missing; the message names the call that gives it.</exception>
    public static IServiceCollection AddRemoteAccessAgent(this IServiceCollection services, Action<RemoteAccessAgentBuilder> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configure);
        var agent = new RemoteAccessAgentBuilder(services);
        configure(agent);
        string state = agent.StateDirectory ?? throw new InvalidOperationException("The agent has no place for its keys and its record. Call KeepStateIn(directory) in AddRemoteAccessAgent.");
        if (agent.EndPoints.Count == 0) throw new InvalidOperationException("The agent listens nowhere. Call ListenOn(endPoint) in AddRemoteAccessAgent.");
        if (!services.Any(service => service.ServiceType == typeof(IDesktop)))
            throw new InvalidOperationException("The agent has no desktop to share. Call a platform package's method, such as UseX11(), in AddRemoteAccessAgent.");

        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(provider => TrustFlow.Open(new TrustOptions
        {
            StateDirectory = state,
            TimeProvider = provider.GetRequiredService<TimeProvider>(),
            Logger = provider.GetService<ILogger<TrustFlow>>() ?? NullLogger<TrustFlow>.Instance,
            Presence = PresenceOf(provider),
            OrganisationOf = agent.OrganisationOf,
            AccountCheck = provider.GetService<IAccountCheck>(),
            Filling = provider.GetService<CredentialFilling>(),
            Surface = agent.Surface,
            Chat = provider.GetService<Sessions.ICustomerChat>(),
        }));
        services.AddSingleton(provider => new RemoteAccessAgent(
            provider.GetRequiredService<TrustFlow>(),
            provider.GetRequiredService<IDesktop>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetService<ILogger<RemoteAccessAgent>>())
        {
            SharedFolders = agent.SharedFolders,
            Commands = agent.Commands,
        });
        services.AddSingleton<IHostedService>(provider => new AgentHostedService(provider.GetRequiredService<RemoteAccessAgent>(), agent.EndPoints));
        return services;
    }

    private static CustomerPresence? PresenceOf(IServiceProvider provider) => provider.GetService<IConsentPrompt>() is not { } prompt ? null : new CustomerPresence
    {
        Desk = new ConsentDesk(prompt, provider.GetRequiredService<TimeProvider>(), provider.GetService<ILogger<ConsentDesk>>()),
        IdleTime = () => provider.GetRequiredService<IDesktop>().PhysicalIdleTime,
    };
}
