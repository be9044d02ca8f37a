using System.Globalization;
using System.Security.Principal;
using Microsoft.Extensions.Logging;
using RemoteAccess.Transport;
using RemoteAccess.Trust;

namespace RemoteAccess;

/// <summary>
/// Between an agent that runs as a service and the customer's surface, the same program under the account of whoever is logged on. Each looks at the other: the service lets
/// in its own program in the session with the screen, and the surface talks only to a pipe that the system owns. Without a service a surface needs none of
/// this: see <see cref="SurfaceConnection.OpenAsync(string, CultureInfo, CancellationToken)"/>.
/// </summary>
public static class WindowsSurfacePipe
{
    /// <summary>Whoever is logged on at the computer.</summary>
    private const string Interactive = "S-1-5-4";

    private static readonly string System = new SecurityIdentifier(WellKnownSidType.LocalSystemSid, null).Value, Administrators = new SecurityIdentifier(WellKnownSidType.BuiltinAdministratorsSid, null).Value;

    /// <summary>That the customer's surface must be shown, by a program that connects to the service's pipe: for <see cref="TrustOptions.Surface"/>.</summary>
    /// <param name="service">The service's name (<see cref="WindowsServiceOptions.Name"/>).</param>
    /// <param name="desktop">Of the service. Where no user's program is seen, at the lock screen, before log-on and at prompts of UAC, its session helper shows strip and frame instead, in the language of the system's account.</param>
    /// <param name="logger">Told who was refused and why. Default: nobody.</param>
    public static SurfaceRequirement Require(string service, SessionDesktop desktop, ILogger? logger = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(service);
        ArgumentNullException.ThrowIfNull(desktop);
        var own = PipePeer.OfThisProcess();
        Func<uint?> screen = desktop.Screen;
        return new SurfaceRequirement
        {
            Listen = () => new SurfaceOrStripListener(
                new Listener(GuardedPipeListener.Listen(NameOf(service), GuardFor(own, screen), logger)),
                desktop.Home,
                session => HasScreen(session, own, screen),
                CultureInfo.CurrentUICulture,
                desktop.Time),
        };
    }

    /// <summary>Connects to the service.</summary>
    /// <param name="service">Its name.</param>
    /// <param name="culture">The person's language, for notices and history.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="SurfaceException">It does not run, does not let this program in, or is not the service.</exception>
    public static Task<SurfaceConnection> ConnectAsync(string service, CultureInfo culture, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(service);
        return SurfaceConnection.OpenLinkAsync(async token => await GuardedPipeLink.ConnectAsync(NameOf(service), WhyNotTheService, token).ConfigureAwait(false), culture, cancellationToken: cancellationToken);
    }

    internal static string NameOf(string service) => $"RemoteAccess.Surface.{service}";

    /// <param name="own">The service.</param>
    /// <param name="screen">The session with the screen.</param>
    internal static PipeGuard GuardFor(PipePeer own, Func<uint?> screen) => new()
    {
        Accounts = [Interactive],
        Refuse = peer => !peer.RunsSameImageAs(own) ? "it is another program"
            : !HasScreen(peer.SessionId, own, screen) ? "it is in another session than the one with the screen"
            : null,
    };

    /// <summary>Started by hand, everything is in this process' own session.</summary>
    private static bool HasScreen(int session, PipePeer own, Func<uint?> screen) => session == own.SessionId || screen() == (uint)session;

    /// <summary>
    /// Somebody else can make a pipe of that name first; then the service does not listen, and nobody may take that pipe for it. The system's and an administrator's pipes belong to one
    /// of these; a service that was started by hand is a process of this account, which may be looked at.
    /// </summary>
    internal static string? WhyNotTheService(string owner, PipePeer? process)
    {
        if (owner == System || owner == Administrators) return null;
        using WindowsIdentity self = WindowsIdentity.GetCurrent();
        return process is not null && process.Sid == self.User?.Value ? null : $"it belongs to {owner}";
    }

    private sealed class Listener(GuardedPipeListener links) : ISurfaceListener
    {
        public async ValueTask<SurfaceCaller> AcceptAsync(CancellationToken cancellationToken)
        {
            GuardedPipeLink link = await links.AcceptAsync(cancellationToken).ConfigureAwait(false);
            return new SurfaceCaller(link, AccountOf(link.Process?.Sid));
        }

        public ValueTask DisposeAsync() => links.DisposeAsync();
    }

    private static string AccountOf(string? sid)
    {
        if (sid is null) return "unknown";
        try
        {
            return new SecurityIdentifier(sid).Translate(typeof(NTAccount)).Value;
        }
        catch (SystemException)
        {
            // An account of a domain that cannot be asked now; its number says as much.
            return sid;
        }
    }
}
