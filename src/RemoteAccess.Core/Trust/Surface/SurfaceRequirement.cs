using RemoteAccess.Transport;

namespace RemoteAccess.Trust;

/// <summary>
/// That the person at the computer must see who is connected, in a program of its own: see docs/surface.md. Without such a program running no
/// session begins. Immutable.
/// </summary>
public sealed record SurfaceRequirement
{
    /// <summary>
    /// No surface is demanded, because the host application itself shows each session on the screen that it shares, all the time, or because nobody can sit
    /// before that screen. It is the promise of whoever writes the product; nothing here can check it. Its other members stay as they are.
    /// </summary>
    public static SurfaceRequirement ShownByHostApplication { get; } = new() { IsShownByHost = true };

    internal bool IsShownByHost { get; private init; }

    /// <summary>
    /// Accounts beside the agent's own whose programs may be the surface, as numeric user ids: for an agent that runs as a service. Each of them can
    /// do all that the customer can. Default: none. Needs <see cref="SocketPath"/>, because the state directory is closed to them.
    /// </summary>
    public IReadOnlyList<uint> Users { get; init; } = [];

    /// <summary>
    /// Where the surface connects, an absolute path of a socket to be made, in a directory that only the agent's account can write and
    /// <see cref="Users"/> can enter. Null, the default: <c>surface</c> in the state directory.
    /// </summary>
    public string? SocketPath { get; init; }

    /// <summary>
    /// Where surfaces connect instead: begins to listen, and is called again a second after a <see cref="ChannelException"/>. From a platform package, for an agent that
    /// runs as a service on Windows. Null, the default: on Linux the socket above, on Windows a named pipe of the agent's own account.
    /// </summary>
    public Func<ISurfaceListener>? Listen { get; init; }

    /// <summary>Who may open the socket; where other accounts may, they are told apart once they are connected.</summary>
    internal UnixFileMode SocketMode => Users.Count == 0
        ? PrivateFile.FileMode
        : PrivateFile.FileMode | UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    /// <exception cref="ArgumentException">A member is outside its range.</exception>
    /// <exception cref="StateException">Somebody else could put another socket in its place.</exception>
    internal void Validate()
    {
        ArgumentNullException.ThrowIfNull(Users);
        if (IsShownByHost && (Users.Count > 0 || SocketPath is not null || Listen is not null)) throw new ArgumentException($"{nameof(ShownByHostApplication)} demands no surface, so it has no {nameof(Users)}, {nameof(SocketPath)} or {nameof(Listen)}. Use new {nameof(SurfaceRequirement)} to demand one.");
        if (Listen is not null && (Users.Count > 0 || SocketPath is not null)) throw new ArgumentException($"{nameof(Listen)} decides who may connect and where; leave out {nameof(Users)} and {nameof(SocketPath)}.");
        if (OperatingSystem.IsWindows() && (Users.Count > 0 || SocketPath is not null)) throw new ArgumentException($"{nameof(Users)} and {nameof(SocketPath)} are Linux's. On Windows name {nameof(Listen)}.");
        if (SocketPath is null)
        {
            if (Users.Count > 0) throw new ArgumentException($"{nameof(Users)} of other accounts cannot enter the state directory; name a {nameof(SocketPath)} that they can reach.");
            return;
        }
        if (!Path.IsPathFullyQualified(SocketPath) || Path.GetDirectoryName(SocketPath) is not { } directory) throw new ArgumentException($"{nameof(SocketPath)} is not an absolute path.");
        PrivateFile.RequireOwnersDirectory(directory);
    }
}
