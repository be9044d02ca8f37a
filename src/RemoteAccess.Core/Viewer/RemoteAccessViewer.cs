using System.Net;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using RemoteAccess.Transport;
using RemoteAccess.Transport.Wire;
using RemoteAccess.Trust;

namespace RemoteAccess;

/// <summary>The technician's side: connects to computers with one technician's key and certificate. Thread-safe.</summary>
public sealed class RemoteAccessViewer
{
    /// <summary>A person at the computer has 60 s to answer, and the renderer of the question 5 more to end.</summary>
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(90);

    /// <summary>Between two tries to reach a computer that restarts.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(10);

    private readonly ISigningKey technicianKey;
    private readonly TechnicianCertificate certificate;
    private readonly TimeProvider time;
    private readonly ILogger logger;

    /// <summary>A viewer for one technician; the key stays the caller's.</summary>
    /// <exception cref="ArgumentException">The certificate is for another key.</exception>
    public RemoteAccessViewer(ISigningKey technicianKey, TechnicianCertificate certificate, TimeProvider? time = null, ILogger<RemoteAccessViewer>? logger = null)
    {
        ArgumentNullException.ThrowIfNull(technicianKey);
        ArgumentNullException.ThrowIfNull(certificate);
        if (!technicianKey.PublicKey.SequenceEqual(certificate.TechnicianKey.Span)) throw new ArgumentException("The certificate is for another key.", nameof(certificate));
        this.technicianKey = technicianKey;
        this.certificate = certificate;
        this.time = time ?? TimeProvider.System;
        this.logger = logger ?? NullLogger<RemoteAccessViewer>.Instance;
    }

    /// <summary>Connects over TCP. Most of the time it takes, about 0.3 s and 64 MiB, is the stretching of the access code.</summary>
    /// <exception cref="AccessRefusedException">The computer refused, with its reason.</exception>
    /// <exception cref="ChannelException">It cannot be reached, is not the grant's computer, or did not keep to the protocol.</exception>
    /// <exception cref="ArgumentException">The code is not of the grant's kind, or an option is outside its range.</exception>
    public async Task<RemoteSession> ConnectAsync(EndPoint computer, Grant grant, AccessCode accessCode, ConnectOptions? options = null, CancellationToken cancellationToken = default)
    {
        using AccessSecret secret = await StretchAsync(grant, accessCode, cancellationToken).ConfigureAwait(false);
        ILink link = await TcpLink.ConnectAsync(computer, cancellationToken).ConfigureAwait(false);
        return await ConnectAsync(link, grant, secret, options, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Connects over any link, which belongs to the session from now on; it is disposed on failure.</summary>
    /// <inheritdoc cref="ConnectAsync(EndPoint, Grant, AccessCode, ConnectOptions?, CancellationToken)"/>
    public async Task<RemoteSession> ConnectAsync(ILink link, Grant grant, AccessCode accessCode, ConnectOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(link);
        using AccessSecret secret = await StretchAsync(grant, accessCode, cancellationToken).ConfigureAwait(false);
        return await ConnectAsync(link, grant, secret, options, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Connects with a code that was stretched before, for callers who connect often; the secret stays the caller's.</summary>
    /// <inheritdoc cref="ConnectAsync(EndPoint, Grant, AccessCode, ConnectOptions?, CancellationToken)"/>
    public async Task<RemoteSession> ConnectAsync(ILink link, Grant grant, AccessSecret secret, ConnectOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(link);
        ArgumentNullException.ThrowIfNull(grant);
        ArgumentNullException.ThrowIfNull(secret);
        options ??= new ConnectOptions();
        if (options.Witness is { } witness && !witness.TechnicianKey.PublicKey.SequenceEqual(technicianKey.PublicKey)) throw new ArgumentException("The witness store is another key's.", nameof(options));
        var party = new TechnicianParty
        {
            Grant = grant,
            SigningKey = technicianKey,
            Certificate = certificate,
            Secret = secret,
            Wanted = options.Operations,
            Reason = options.Reason,
            ResumeToken = options.ResumeToken,
            Time = time,
        };
        SecureChannel channel = await TechnicianHandshake.RunAsync(link, party, cancellationToken).ConfigureAwait(false);
        var messages = new MessageChannel(channel, ChannelRole.Technician, logger);
        try
        {
            Accepted accepted = await ReceiveAnswerAsync(messages, channel, options.Operations, cancellationToken).ConfigureAwait(false);
            return new RemoteSession(messages, accepted, () => (channel.BytesSent, channel.BytesReceived), grant, options.Witness, time, logger);
        }
        catch
        {
            await messages.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>
    /// Connects again to a computer that restarts or whose connection was cut: tries until it answers, every ten seconds at last. Give the token of the session before as
    /// <see cref="ConnectOptions.ResumeToken"/>. A refusal ends it, but for a computer whose own program for the customer is not running yet.
    /// </summary>
    /// <param name="open">Opens a link to it; each belongs to the session or is disposed.</param>
    /// <param name="grant">As before.</param>
    /// <param name="secret">The stretched access code; stays the caller's.</param>
    /// <param name="options">What is asked for.</param>
    /// <param name="patience">How long to try, from 1 s to an hour.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ChannelException">The computer was not back in time: what the last try met.</exception>
    /// <inheritdoc cref="ConnectAsync(EndPoint, Grant, AccessCode, ConnectOptions?, CancellationToken)" path="/exception[@cref='AccessRefusedException']"/>
    public async Task<RemoteSession> ReconnectAsync(
        Func<CancellationToken, Task<ILink>> open, Grant grant, AccessSecret secret, ConnectOptions options, TimeSpan patience, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(open);
        if (patience < TimeSpan.FromSeconds(1) || patience > TimeSpan.FromHours(1)) throw new ArgumentOutOfRangeException(nameof(patience), patience, "Between a second and an hour.");
        long start = time.GetTimestamp();
        for (TimeSpan wait = TimeSpan.FromSeconds(1); ; wait = wait * 2 > LongestWait ? LongestWait : wait * 2)
        {
            try
            {
                return await ConnectAsync(await open(cancellationToken).ConfigureAwait(false), grant, secret, options, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception error) when (IsStillAway(error) && time.GetElapsedTime(start) + wait < patience)
            {
                LogMessages.StillAway(logger, error.Message);
            }
            await Task.Delay(wait, time, cancellationToken).ConfigureAwait(false);
        }
    }

    private static bool IsStillAway(Exception error) => error is ChannelException { Error: ChannelError.Unreachable or ChannelError.Truncated or ChannelError.TimedOut or ChannelError.Closed }
        or AccessRefusedException { Reason: RefusalReason.SurfaceLost };

    private async Task<Accepted> ReceiveAnswerAsync(MessageChannel messages, SecureChannel channel, Operations wanted, CancellationToken cancellationToken)
    {
        ReceivedMessage first = await ReceiveInTimeAsync(messages, cancellationToken).ConfigureAwait(false);
        switch (first.Body as ControlMessage)
        {
            case { KindCase: ControlMessage.KindOneofCase.Accepted } message:
                Accepted accepted = message.Accepted;
                if (!accepted.SessionId.Span.SequenceEqual(channel.SessionId.Span) || ((Operations)accepted.Operations & ~wanted) != 0)
                    throw new ChannelException(ChannelError.Malformed, "The computer accepted another session than the one asked for.");
                return accepted;
            case { KindCase: ControlMessage.KindOneofCase.Denied } message:
                throw new AccessRefusedException((RefusalReason)message.Denied.Reason, TimeSpan.FromSeconds(message.Denied.RetryAfterSeconds));
            default:
                throw new ChannelException(ChannelError.OutOfOrder, "The computer said something else before it accepted.");
        }
    }

    private async Task<ReceivedMessage> ReceiveInTimeAsync(MessageChannel messages, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(AnswerLimit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            return await messages.ReceiveAsync(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ChannelException(ChannelError.TimedOut, $"The computer took the access code but did not answer within {AnswerLimit.TotalSeconds:0} s.");
        }
    }

    private static Task<AccessSecret> StretchAsync(Grant grant, AccessCode accessCode, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(grant);
        ArgumentNullException.ThrowIfNull(accessCode);
        return Task.Run(() => accessCode.MakeSecret(grant), cancellationToken);
    }
}
