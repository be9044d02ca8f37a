using System.Net;
using Microsoft.Extensions.DependencyInjection;
using RemoteAccess.Sessions;
using RemoteAccess.Trust;

namespace RemoteAccess;

/// <summary>What a host application says about its agent, inside <c>AddRemoteAccessAgent</c>. Not thread-safe; useless afterwards.</summary>
public sealed class RemoteAccessAgentBuilder
{
    private readonly List<IPEndPoint> endPoints = [];
    private readonly List<SharedFolder> sharedFolders = [];

    internal RemoteAccessAgentBuilder(IServiceCollection services) => Services = services;

    /// <summary>The host application's services, for platform packages.</summary>
    public IServiceCollection Services { get; }

    internal string? StateDirectory { get; private set; }

    internal SurfaceRequirement? Surface { get; private set; }

    internal IReadOnlyList<SharedFolder> SharedFolders => sharedFolders;

    internal Func<ReadOnlyMemory<byte>, string?> OrganisationOf { get; private set; } = static _ => null;

    internal CommandOptions? Commands { get; private set; }

    internal IReadOnlyList<IPEndPoint> EndPoints => endPoints;

    /// <summary>Where keys, grants and the ledger are kept: a directory of this account only, on a local disk. Required.</summary>
    public RemoteAccessAgentBuilder KeepStateIn(string directory)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(directory);
        StateDirectory = directory;
        return this;
    }

    /// <summary>Accepts technicians on an address and port; may be called more than once. Port 0 takes a free one. At least one is required.</summary>
    public RemoteAccessAgentBuilder ListenOn(IPEndPoint endPoint)
    {
        ArgumentNullException.ThrowIfNull(endPoint);
        endPoints.Add(endPoint);
        return this;
    }

    /// <summary>
    /// Lets technicians whose grant has <see cref="Operations.TransferFiles"/> list a folder, fetch files from it, and put files into it; may be called more than once. Without any, every
    /// such request is refused. The agent's account must be able to use it; and where that account is more than the person's who may write there, see docs/trust.md, "Files".
    /// </summary>
    /// <inheritdoc cref="SharedFolder(string, string, bool)"/>
    public RemoteAccessAgentBuilder ShareFolder(string name, string path, bool isReadOnly = false)
    {
        sharedFolders.Add(new SharedFolder(name, path, isReadOnly));
        return this;
    }

    /// <summary>
    /// Lets nobody in while no surface shows the person at the computer who is connected (docs/surface.md); Linux and Windows only. This or
    /// <see cref="ShowSessionsByHostApplication"/> is required where somebody can sit before the desktop (<see cref="IDesktop.HasPerson"/>); without either the host does not start.
    /// </summary>
    /// <param name="requirement">Who may be the surface, and where it connects. Default: programs of this account, in the state directory.</param>
    public RemoteAccessAgentBuilder RequireSurface(SurfaceRequirement? requirement = null)
    {
        Surface = requirement ?? new SurfaceRequirement();
        return this;
    }

    /// <summary>
    /// Demands no surface: the host application promises to show each session itself on the screen that it shares, all the time, or that nobody can sit before
    /// that screen. Nothing can check it. See <see cref="RemoteAccessAgent.SessionBegan"/> and <see cref="RemoteAccessAgent.SessionEnded"/>.
    /// </summary>
    public RemoteAccessAgentBuilder ShowSessionsByHostApplication()
    {
        Surface = SurfaceRequirement.ShownByHostApplication;
        return this;
    }

    /// <summary>
    /// Lets technicians run programs where grant and customer permit it (<see cref="Operations.RunCommands"/>). Without this call nobody can: a program runs under the agent's account, often an
    /// administrator's, and only whoever chose that account knows whether to put it into a technician's hands.
    /// </summary>
    /// <param name="options">How; null for the defaults.</param>
    /// <exception cref="ArgumentException">A setting is out of its range; the message names it.</exception>
    public RemoteAccessAgentBuilder AllowCommands(CommandOptions? options = null)
    {
        Commands = (options ?? new CommandOptions()).Checked();
        return this;
    }

    /// <summary>Which desktop is shared; platform packages offer it by name, as in <c>UseX11()</c>. Required; opened when the host starts.</summary>
    public RemoteAccessAgentBuilder UseDesktop(Func<IServiceProvider, IDesktop> open)
    {
        ArgumentNullException.ThrowIfNull(open);
        Services.AddSingleton(open);
        return this;
    }

    /// <summary>
    /// How the person at the computer is asked; the last call counts. Default: the platform package's own window, where it has one. Without any, no
    /// session starts under a grant that wants the person asked or seen.
    /// </summary>
    public RemoteAccessAgentBuilder AskForConsentWith(Func<IServiceProvider, IConsentPrompt> create)
    {
        ArgumentNullException.ThrowIfNull(create);
        Services.AddSingleton(create);
        return this;
    }

    /// <summary>What the organisation of a tenant is called in the prompt; the last call counts. Default: it says nothing.</summary>
    /// <param name="nameOf">As with <see cref="TrustOptions.OrganisationOf"/>.</param>
    public RemoteAccessAgentBuilder NameOrganisations(Func<ReadOnlyMemory<byte>, string?> nameOf)
    {
        ArgumentNullException.ThrowIfNull(nameOf);
        OrganisationOf = nameOf;
        return this;
    }

    /// <summary>Where the customer reads what technicians write, and answers; the last call counts. Default: the required surface; without one there is no chat.</summary>
    public RemoteAccessAgentBuilder ChatWith(Func<IServiceProvider, Sessions.ICustomerChat> create)
    {
        ArgumentNullException.ThrowIfNull(create);
        Services.AddSingleton(create);
        return this;
    }

    /// <summary>
    /// What stores passwords of this computer and fills them in at its log-on screen; the last call counts. Default: the platform package's own sealer and screen, where it has
    /// them, and no filler. Without any, none can be stored.
    /// </summary>
    public RemoteAccessAgentBuilder FillCredentialsWith(Func<IServiceProvider, CredentialFilling> create)
    {
        ArgumentNullException.ThrowIfNull(create);
        Services.AddSingleton(create);
        return this;
    }

    /// <summary>
    /// What checks credentials of this computer; the last call counts. Default: the platform package's own, where it has one. Without any, no session starts
    /// under a grant that wants them.
    /// </summary>
    public RemoteAccessAgentBuilder CheckAccountsWith(Func<IServiceProvider, IAccountCheck> create)
    {
        ArgumentNullException.ThrowIfNull(create);
        Services.AddSingleton(create);
        return this;
    }
}
