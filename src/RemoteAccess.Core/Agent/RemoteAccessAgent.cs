using System.Collections.Concurrent;
using System.Net;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Google.Protobuf;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using RemoteAccess.Sessions;
using RemoteAccess.Transport;
using RemoteAccess.Transport.Wire;
using RemoteAccess.Trust;

namespace RemoteAccess;

/// <summary>
/// The agent on the customer's computer: takes connections, runs the handshake against the customer's grants, serves sessions. Thread-safe.
/// Owns neither the trust store nor the desktop.
/// </summary>
public sealed class RemoteAccessAgent
{
    private readonly TrustFlow trust;
    private readonly IDesktop desktop;
    private readonly TimeProvider time;
    private readonly ILogger logger;
    private readonly HandshakeLimits limits;
    private readonly ConcurrentDictionary<string, AgentSessionEventArgs> sessions = new();
    private readonly CommandOptions? commands;

    /// <summary>An agent for one trust store and one desktop.</summary>
    /// <exception cref="InvalidOperationException">
    /// Somebody can sit before the desktop (<see cref="IDesktop.HasPerson"/>), and nobody chose how that person is shown who is connected (<see cref="TrustOptions.Surface"/>).
    /// </exception>
    public RemoteAccessAgent(TrustFlow trust, IDesktop desktop, TimeProvider? time = null, ILogger<RemoteAccessAgent>? logger = null)
    {
        ArgumentNullException.ThrowIfNull(trust);
        ArgumentNullException.ThrowIfNull(desktop);
        if (desktop.HasPerson && !trust.Surface.IsChosen) throw new InvalidOperationException(
            "Somebody can sit before the screen that this agent is to share, and nothing was chosen that shows them who is connected. " +
            "Call RequireSurface() in AddRemoteAccessAgent (TrustOptions.Surface = new SurfaceRequirement()), and run a surface, such as X11Surface in a process of its own. " +
            "Only where your own product shows each session on that screen, or nobody can sit before it, call ShowSessionsByHostApplication() " +
            "(TrustOptions.Surface = SurfaceRequirement.ShownByHostApplication) instead.");
        this.trust = trust;
        this.desktop = desktop;
        this.time = time ?? TimeProvider.System;
        this.logger = logger ?? NullLogger<RemoteAccessAgent>.Instance;
        limits = new HandshakeLimits(this.time);
    }

    /// <summary>
    /// The folders that technicians with <see cref="Operations.TransferFiles"/> may list, fetch files from and put files into. Default: none. Each needs a name of its own. The customer's
    /// (<see cref="TrustFlow.SharedFolders"/>) come on top; where there are neither, every request is refused.
    /// </summary>
    /// <exception cref="ArgumentException">Two have one name.</exception>
    public IReadOnlyList<SharedFolder> SharedFolders
    {
        get => Sharing.Folders;
        init
        {
            ArgumentNullException.ThrowIfNull(value);
            if (value.DistinctBy(static folder => folder.Name, StringComparer.OrdinalIgnoreCase).Count() < value.Count) throw new ArgumentException("Two shared folders have the same name.", nameof(value));
            Sharing = Sharing with { Folders = [.. value] };
            trust.SharedFolders.HostFolders = Sharing.Folders;
        }
    }

    /// <summary>What is shared, and how much of the disk is left alone.</summary>
    internal FileSharing Sharing { get; init; } = new();

    /// <summary>That technicians may run programs, and how; null, the default, for not at all, whatever a grant says.</summary>
    /// <exception cref="ArgumentException">A setting is out of its range; the message names it.</exception>
    public CommandOptions? Commands
    {
        get => commands;
        init => commands = value?.Checked();
    }

    /// <summary>A session began; raised before anything is done in it, on the session's own thread.</summary>
    public event EventHandler<AgentSessionEventArgs>? SessionBegan;

    /// <summary>A session is over and in the ledger.</summary>
    public event EventHandler<AgentSessionEventArgs>? SessionEnded;

    /// <summary>The sessions at this moment.</summary>
    public IReadOnlyCollection<AgentSessionEventArgs> Sessions => [.. sessions.Values];

    /// <summary>Accepts connections until cancelled, then ends every session and returns when all are over.</summary>
    /// <param name="endPoint">Address and port; port 0 takes a free one.</param>
    /// <param name="listening">Called with the real address once connections are accepted.</param>
    /// <param name="cancellationToken">Stops listening and ends the sessions.</param>
    /// <exception cref="ChannelException"><see cref="ChannelError.Unreachable"/>: the address cannot be listened on.</exception>
    public async Task ListenAsync(IPEndPoint endPoint, Action<IPEndPoint>? listening = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(endPoint);
        TcpLinkListener listener = TcpLinkListener.Listen(endPoint);
        var serving = new ConcurrentDictionary<Task, byte>();
        try
        {
            LogMessages.Listening(logger, listener.LocalEndPoint.ToString());
            listening?.Invoke(listener.LocalEndPoint);
            while (true)
            {
                ILink link = await listener.AcceptAsync(cancellationToken).ConfigureAwait(false);
                Task task = Task.Run(() => ServeAsync(link, cancellationToken), CancellationToken.None);
                serving.TryAdd(task, 0);
                _ = task.ContinueWith(done => serving.TryRemove(done, out _), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            LogMessages.Stopping(logger);
        }
        finally
        {
            await listener.DisposeAsync().ConfigureAwait(false);
            await Task.WhenAll(serving.Keys).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Serves one connection from handshake to end, and disposes the link. Never throws for what a peer does: a refused or broken
    /// connection is logged, and in the ledger.
    /// </summary>
    public async Task ServeAsync(ILink link, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(link);
        try
        {
            await ServeChannelAsync(link, cancellationToken).ConfigureAwait(false);
        }
        catch (ChannelException error)
        {
            LogMessages.HandshakeFailed(logger, link.Peer, error.Error, error.Message);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            LogMessages.Stopping(logger);
        }
        catch (StateException error)
        {
            LogMessages.RecordFailed(logger, error);
        }
        finally
        {
            await link.DisposeAsync().ConfigureAwait(false);
        }
    }

    private async Task ServeChannelAsync(ILink link, CancellationToken cancellationToken)
    {
        HostHandshakeResult result;
        try
        {
            var party = new HostParty { SigningKey = trust.SigningKey, Authority = trust.Gate, Limits = limits, Time = time };
            result = await HostHandshake.RunAsync(link, party, cancellationToken).ConfigureAwait(false);
        }
        catch (AccessRefusedException refusal)
        {
            LogMessages.ConnectRefused(logger, link.Peer, refusal.Reason);
            return;
        }

        var messages = new MessageChannel(result.Channel, ChannelRole.Host, logger);
        await using ConfiguredAsyncDisposable closing = messages.ConfigureAwait(false);
        if (result.Session is { } session) await ServeSessionAsync(messages, session, result.Request, cancellationToken).ConfigureAwait(false);
        else await DenyAsync(messages, result.Refusal, link.Peer, cancellationToken).ConfigureAwait(false);
    }

    private async Task ServeSessionAsync(MessageChannel messages, LiveSession session, ConnectRequest request, CancellationToken cancellationToken)
    {
        await using ConfiguredAsyncDisposable ending = session.ConfigureAwait(false);
        string id = Convert.ToHexStringLower(session.Id.Span);
        var info = new AgentSessionEventArgs(id, session.Technician.Name, request.Reason, session.Operations, request.Peer, time.GetUtcNow());
        sessions[id] = info;
        try
        {
            LogMessages.SessionBegins(logger, id, info.Technician, info.Operations);
            SessionBegan?.Invoke(this, info);
            await messages.SendAsync(new ControlMessage { Accepted = Describe(session) }, cancellationToken).ConfigureAwait(false);
            var serving = new AgentSession(messages, session, desktop, new ToolOptions(Sharing with { CustomersFolders = trust.SharedFolders.Now, MayBeShared = trust.SharedFolders.MayBeShared }, commands), time, logger);
            await using (serving.ConfigureAwait(false)) await serving.RunAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            sessions.TryRemove(id, out _);
            LogMessages.SessionOver(logger, id);
            SessionEnded?.Invoke(this, info);
        }
    }

    private async Task DenyAsync(MessageChannel messages, RefusalReason reason, string peer, CancellationToken cancellationToken)
    {
        LogMessages.ConnectRefused(logger, peer, reason);
        await messages.SendAsync(new ControlMessage { Denied = new Denied { Reason = (uint)reason } }, cancellationToken).ConfigureAwait(false);
        await messages.CloseAsync(cancellationToken).ConfigureAwait(false);
    }

    private Accepted Describe(LiveSession session) => new()
    {
        SessionId = ByteString.CopyFrom(session.Id.Span),
        Operations = (uint)session.Operations,
        PolicyJson = session.Grant.PolicyJson,
        ResumeToken = ByteString.CopyFrom(session.ResumeToken.Span),
        FailedAttempts = (uint)session.FailedAttempts.Count,
        FailedSinceUnixMs = session.FailedAttempts.Count == 0 ? 0 : session.FailedAttempts.Since.ToUnixTimeMilliseconds(),
        ExpiresUnixMs = session.ExpiresAt.ToUnixTimeMilliseconds(),
        ComputerName = trust.ComputerName,
        Platform = RuntimeInformation.OSDescription,
        CredentialsWanted = CredentialsExchange.Wanted(session),
    };
}
