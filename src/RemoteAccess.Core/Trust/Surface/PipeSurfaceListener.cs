using System.Security.Cryptography;
using System.Text;
using Microsoft.Win32.SafeHandles;
using RemoteAccess.Transport;

namespace RemoteAccess.Trust;

/// <summary>
/// On Windows: a named pipe that only the agent's own account can open. Its name is 128 random bits in the state directory, which other accounts cannot read, so
/// that nobody can make the pipe before the agent does.
/// </summary>
internal sealed class PipeSurfaceListener : ISurfaceListener
{
    private const string Prefix = "remoteaccess-surface-";
    private const int NameBytes = 16;

    private readonly NamedPipeLinkListener links;

    private readonly SafeFileHandle alone;

    private PipeSurfaceListener(NamedPipeLinkListener links, SafeFileHandle alone)
    {
        this.links = links;
        this.alone = alone;
    }

    /// <param name="path">The file that holds the name; made when it is not there.</param>
    /// <exception cref="ChannelException">Another agent with this state listens.</exception>
    /// <exception cref="StateException">The file cannot be read or made, or holds something else.</exception>
    public static PipeSurfaceListener Listen(string path)
    {
        if (!File.Exists(path)) PrivateFile.Write(path, Encoding.ASCII.GetBytes(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(NameBytes))));
        // Of several agents one: a pipe's own "first instance" is not kept by every system that calls itself Windows.
        string lockFile = path + ".lock";
        if (!File.Exists(lockFile)) PrivateFile.Write(lockFile, default);
        SafeFileHandle alone = FileLock.TryTake(lockFile) ?? throw new ChannelException(ChannelError.Unreachable, "Another agent with this state listens for surfaces already.");
        try
        {
            return new PipeSurfaceListener(NamedPipeLinkListener.Listen(NameIn(path)), alone);
        }
        catch
        {
            alone.Dispose();
            throw;
        }
    }

    /// <summary>The name of the pipe of the agent with this state.</summary>
    /// <exception cref="StateException">There is none, or the file holds something else.</exception>
    public static string NameIn(string path)
    {
        string name = Encoding.ASCII.GetString(PrivateFile.Read(path, 2 * NameBytes));
        return name.Length == 2 * NameBytes && name.All(char.IsAsciiHexDigitLower) ? Prefix + name : throw new StateException(StateError.Corrupted, path, $"{path} holds no name of a pipe. Delete it and start the agent again.");
    }

    public async ValueTask<SurfaceCaller> AcceptAsync(CancellationToken cancellationToken) => new(await links.AcceptAsync(cancellationToken).ConfigureAwait(false), Environment.UserName);

    public async ValueTask DisposeAsync()
    {
        await links.DisposeAsync().ConfigureAwait(false);
        alone.Dispose();
    }
}
