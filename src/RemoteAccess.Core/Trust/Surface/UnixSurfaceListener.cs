using Microsoft.Extensions.Logging;
using RemoteAccess.Transport;

namespace RemoteAccess.Trust;

/// <summary>A Unix socket; the agent's own account and those that the requirement names are let in.</summary>
internal sealed class UnixSurfaceListener : ISurfaceListener
{
    private readonly ILinkListener links;
    private readonly IReadOnlyList<uint> users;
    private readonly uint own;
    private readonly Func<UnixLink, uint?> userOf;
    private readonly ILogger logger;

    private UnixSurfaceListener(ILinkListener links, IReadOnlyList<uint> users, uint own, Func<UnixLink, uint?> userOf, ILogger logger)
    {
        this.links = links;
        this.users = users;
        this.own = own;
        this.userOf = userOf;
        this.logger = logger;
    }

    /// <param name="path">Of the socket.</param>
    /// <param name="requirement">Who may connect.</param>
    /// <param name="userOf">The account at the other end.</param>
    /// <param name="logger">Told who was turned away.</param>
    /// <exception cref="ChannelException">Somebody else listens there, or nobody can.</exception>
    public static UnixSurfaceListener Listen(string path, SurfaceRequirement requirement, Func<UnixLink, uint?> userOf, ILogger logger)
    {
        if (OperatingSystem.IsWindows()) throw new PlatformNotSupportedException();
        uint own = UnixLink.ReadOwnUser() ?? throw new ChannelException(ChannelError.Unreachable, "The system does not say which account this is.");
        return new UnixSurfaceListener(UnixLinkListener.Listen(path, requirement.SocketMode), requirement.Users, own, userOf, logger);
    }

    public async ValueTask<SurfaceCaller> AcceptAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var link = (UnixLink)await links.AcceptAsync(cancellationToken).ConfigureAwait(false);
            uint? user = userOf(link);
            if (user is { } known && (known == own || users.Contains(known))) return new SurfaceCaller(link, known == own ? Environment.UserName : $"uid {known}");
            Log.SurfaceOfOtherUser(logger, user);
            await link.DisposeAsync().ConfigureAwait(false);
        }
    }

    public ValueTask DisposeAsync() => links.DisposeAsync();
}
