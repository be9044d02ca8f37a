using System.ComponentModel;
using System.IO.Pipes;
using System.Runtime.InteropServices;
using System.Security.Principal;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Win32.SafeHandles;
using RemoteAccess.Interop;

namespace RemoteAccess.Transport;

/// <summary>
/// Listens on a named pipe for processes of this computer that a <see cref="PipeGuard"/> lets in: the pipe has an access list, refuses the network, cannot be joined to one
/// that exists, and each caller is looked at before anything it sends. Who is refused is disconnected and the next is awaited. Thread-safe.
/// </summary>
public sealed class GuardedPipeListener : ILinkListener
{
    private const uint BufferBytes = 64 * 1024;

    private readonly string name;
    private readonly PipeGuard guard;
    private readonly ILogger logger;
    private readonly Func<NamedPipeServerStream, PipePeer> look;
    private readonly byte[] descriptor;
    private readonly WaitingPipe pipe;

    private GuardedPipeListener(string name, PipeGuard guard, ILogger? logger, Func<NamedPipeServerStream, PipePeer> look)
    {
        this.name = name;
        this.guard = guard;
        this.logger = logger ?? NullLogger.Instance;
        this.look = look;
        using WindowsIdentity self = WindowsIdentity.GetCurrent();
        descriptor = guard.Descriptor(self.User ?? throw new ChannelException(ChannelError.Unreachable, "Windows does not say which account this process runs under."));
        pipe = new WaitingPipe(Address, isFirst => Create(isFirst ? Kernel32Pipe.FirstInstance : 0));
    }

    /// <inheritdoc/>
    public string Address => $"pipe {name}";

    /// <summary>Begins to listen; callers may connect from now on.</summary>
    /// <param name="name">The pipe's name without <c>\\.\pipe\</c>; where somebody must not guess it, take 128 random bits.</param>
    /// <param name="guard">Who is let in.</param>
    /// <param name="logger">Told who was refused and why. Default: nobody.</param>
    /// <exception cref="ChannelException"><see cref="ChannelError.Unreachable"/> when the pipe exists already or may not be made.</exception>
    /// <exception cref="ArgumentException">The guard names what is no account.</exception>
    public static GuardedPipeListener Listen(string name, PipeGuard guard, ILogger? logger = null) => Listen(name, guard, logger, PipePeer.OfClient);

    /// <param name="name">As above.</param>
    /// <param name="guard">As above.</param>
    /// <param name="logger">As above.</param>
    /// <param name="look">The seam: who is at the other end.</param>
    internal static GuardedPipeListener Listen(string name, PipeGuard guard, ILogger? logger, Func<NamedPipeServerStream, PipePeer> look)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(guard);
        return new GuardedPipeListener(name, guard, logger, look);
    }

    /// <inheritdoc/>
    async ValueTask<ILink> ILinkListener.AcceptAsync(CancellationToken cancellationToken) => await AcceptAsync(cancellationToken).ConfigureAwait(false);

    /// <summary>The next caller that is let in; the caller of this owns the link.</summary>
    /// <exception cref="ChannelException"><see cref="ChannelError.Closed"/> once disposed.</exception>
    public async ValueTask<GuardedPipeLink> AcceptAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            NamedPipeServerStream taken = await pipe.AcceptAsync(cancellationToken).ConfigureAwait(false);
            if (Admit(taken) is { } peer) return new GuardedPipeLink(taken, name, peer);
            await taken.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => pipe.DisposeAsync();

    private PipePeer? Admit(NamedPipeServerStream caller)
    {
        PipePeer peer;
        try
        {
            peer = look(caller);
        }
        catch (ChannelException unknown)
        {
            Log.PipeCallerUnknown(logger, Address, unknown.Message);
            return null;
        }
        string? reason;
        try
        {
            reason = guard.Refuse(peer);
        }
#pragma warning disable CA1031 // A guard that breaks must not end the listener, nor let anybody in.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            reason = $"the check failed: {fault.Message}";
        }
        if (reason is null) return peer;
        Log.PipeCallerRefused(logger, Address, peer.ProcessId, peer.Sid, peer.SessionId, peer.ImagePath, reason);
        return null;
    }

    private unsafe NamedPipeServerStream Create(uint first)
    {
        fixed (byte* bytes = descriptor)
        {
            SecurityAttributes security = new() { Length = (uint)sizeof(SecurityAttributes), Descriptor = bytes };
            SafePipeHandle handle = Kernel32Pipe.CreateNamedPipeW($@"\\.\pipe\{name}", Kernel32Pipe.Duplex | Kernel32Pipe.Overlapped | first, Kernel32Pipe.RejectRemote, Kernel32Pipe.Unlimited, BufferBytes, BufferBytes, 0, &security);
            if (!handle.IsInvalid) return new NamedPipeServerStream(PipeDirection.InOut, isAsync: true, isConnected: false, handle);
            Win32Exception failure = new(Marshal.GetLastPInvokeError());
            handle.Dispose();
            throw new ChannelException(ChannelError.Unreachable, $"Cannot listen at {Address}: {failure.Message}", failure);
        }
    }
}
