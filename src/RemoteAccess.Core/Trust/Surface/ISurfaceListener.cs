using RemoteAccess.Transport;

namespace RemoteAccess.Trust;

/// <summary>
/// Waits for programs that want to be the customer's surface, and lets in those whose account may be: the system's word, never theirs. A platform package has
/// one for agents that run as a service (<see cref="SurfaceRequirement.Listen"/>).
/// </summary>
public interface ISurfaceListener : IAsyncDisposable
{
    /// <summary>The next program that was let in; the caller owns its link. Who is not let in is closed and never returned. One caller at a time.</summary>
    /// <exception cref="ChannelException">It listens no more, or cannot for the moment: it is disposed, and another is made in a second.</exception>
    ValueTask<SurfaceCaller> AcceptAsync(CancellationToken cancellationToken);
}

/// <summary>A program that was let in as the customer's surface: it can do all that the customer can.</summary>
/// <param name="Link">To it.</param>
/// <param name="Account">The account it runs under, for the ledger; plain text.</param>
public sealed record SurfaceCaller(ILink Link, string Account);
