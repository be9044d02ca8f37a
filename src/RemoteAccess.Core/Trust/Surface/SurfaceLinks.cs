using RemoteAccess.Transport;

namespace RemoteAccess.Trust;

/// <summary>From a surface to the agent that serves a state directory of the same account.</summary>
internal static class SurfaceLinks
{
    /// <exception cref="ChannelException">Nobody listens there, or somebody who should not.</exception>
    public static async Task<ILink> ConnectAsync(string stateDirectory, CancellationToken cancellationToken)
    {
        string path = Path.Combine(Path.GetFullPath(stateDirectory), "surface");
        if (!OperatingSystem.IsWindows()) return await UnixLink.ConnectAsync(path, cancellationToken).ConfigureAwait(false);
        string name;
        try
        {
            name = PipeSurfaceListener.NameIn(path);
        }
        catch (StateException unknown)
        {
            throw new ChannelException(ChannelError.Unreachable, unknown.Message, unknown);
        }
        return await NamedPipeLink.ConnectAsync(name, cancellationToken).ConfigureAwait(false);
    }
}
