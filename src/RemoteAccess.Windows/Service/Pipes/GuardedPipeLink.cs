using System.ComponentModel;
using System.IO.Pipelines;
using System.IO.Pipes;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using RemoteAccess.Interop;

namespace RemoteAccess.Transport;

/// <summary>A link over a named pipe, between processes of this computer that may be of different accounts, and who is at the other end. Disposal as <see cref="NamedPipeLink"/> says.</summary>
public sealed class GuardedPipeLink : ILink
{
    private static readonly TimeSpan ConnectPatience = TimeSpan.FromSeconds(2), Pause = TimeSpan.FromMilliseconds(20);

    private readonly NamedPipeLink link;

    internal GuardedPipeLink(PipeStream pipe, string name, PipePeer? process)
    {
        link = NamedPipeLink.Over(pipe, name);
        Process = process;
        Stream = pipe;
    }

    /// <summary>Who is at the other end; null on a link that was made by <see cref="ConnectAsync"/> to a process that this one may not look at.</summary>
    public PipePeer? Process { get; }

    /// <inheritdoc/>
    public string Peer => Process is { } process ? $"{link.Peer} (process {process.ProcessId} of {process.Sid})" : link.Peer;

    /// <inheritdoc/>
    public PipeReader Input => link.Input;

    /// <inheritdoc/>
    public PipeWriter Output => link.Output;

    internal PipeStream Stream { get; }

    /// <summary>
    /// Connects to a pipe whose maker <paramref name="refuse"/> lets pass; the other end may learn who we are and do nothing in our name. It is looked at before a byte is sent.
    /// </summary>
    /// <param name="name">Without <c>\\.\pipe\</c>.</param>
    /// <param name="refuse">Gets the account that owns the pipe, and the process if this one may look at it; null lets it pass, a text says why not.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ChannelException"><see cref="ChannelError.Unreachable"/>, naming the pipe: nothing listens there within 2 s, or it was refused.</exception>
    public static async ValueTask<GuardedPipeLink> ConnectAsync(string name, Func<string, PipePeer?, string?> refuse, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(refuse);
        NamedPipeClientStream pipe = await OpenAsync(name, cancellationToken).ConfigureAwait(false);
        try
        {
            PipePeer? process = LookAt(pipe);
            if (refuse(PipePeer.OwnerOf(pipe), process) is { } reason) throw new ChannelException(ChannelError.Unreachable, $"Who listens at pipe {name} is not who should: {reason}.");
            return new GuardedPipeLink(pipe, name, process);
        }
        catch
        {
            await pipe.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => link.DisposeAsync();

    private static PipePeer? LookAt(NamedPipeClientStream pipe)
    {
        try
        {
            return PipePeer.OfServer(pipe);
        }
        catch (ChannelException)
        {
            // An ordinary user may not look at a process of the system; the pipe's owner is asked then.
            return null;
        }
    }

    private static async Task<NamedPipeClientStream> OpenAsync(string name, CancellationToken cancellationToken)
    {
        long start = TimeProvider.System.GetTimestamp();
        while (true)
        {
            // Not GENERIC_WRITE: it asks for the right to make another instance, which a caller does not get.
            SafePipeHandle handle = Kernel32Pipe.CreateFileW($@"\\.\pipe\{name}", Kernel32Pipe.Converse, 0, 0, Kernel32Pipe.OpenExisting, Kernel32Pipe.Overlapped | Kernel32Pipe.IdentificationOnly, 0);
            if (!handle.IsInvalid) return new NamedPipeClientStream(PipeDirection.InOut, isAsync: true, isConnected: true, handle);
            int error = Marshal.GetLastPInvokeError();
            handle.Dispose();
            if (error is not (Kernel32Pipe.FileNotFound or Kernel32Pipe.PipeBusy) || TimeProvider.System.GetElapsedTime(start) > ConnectPatience)
            {
                Win32Exception failure = new(error);
                throw new ChannelException(ChannelError.Unreachable, $"Cannot connect to pipe {name}: {failure.Message}", failure);
            }
            await Task.Delay(Pause, TimeProvider.System, cancellationToken).ConfigureAwait(false);
        }
    }
}
