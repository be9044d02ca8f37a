using System.Security.Cryptography;
using System.Text;
using RemoteAccess.Trust;

namespace RemoteAccess.Transport;

/// <summary>
/// The computer's side of the handshake (docs/protocol.md §6). Each step runs only after the one before succeeded:
/// 1. ClientHello: frame, order, version, suite, point;
/// 2. HostHello and HostAuth go out;
/// 3. TechAuth: decrypts, certificate (tenant, signature, period), signature: the gate;
/// 4. the authority's checks, ending with one guess charged to the disk;
/// 5. shareP, PakeReply goes out;
/// 6. PakeFinish: confirmation compared, the authority refunds and accepts.
/// </summary>
internal sealed class HostHandshake : IDisposable
{
    private readonly HostParty party;
    private readonly HandshakeFlights flights;
    private readonly string peer;
    private readonly CancellationToken cancellationToken;
    private HandshakeSecrets? secrets;
    private PreGateFailure? failure;

    private HostHandshake(ILink link, HostParty party, CancellationToken cancellationToken)
    {
        this.party = party;
        this.cancellationToken = cancellationToken;
        peer = link.Peer;
        flights = new HandshakeFlights(link, party.Time, cancellationToken);
    }

    /// <summary>Runs one handshake. On any exception the link is closed and every charge and refusal recorded.</summary>
    /// <exception cref="AccessRefusedException">The computer refused, with the rule; NotAuthorized before the gate.</exception>
    /// <exception cref="ChannelException">The peer did not keep to the protocol, left, or was too slow.</exception>
    public static async Task<HostHandshakeResult> RunAsync(ILink link, HostParty party, CancellationToken cancellationToken)
    {
        bool entered = party.Limits.TryEnter();
        try
        {
            using var handshake = new HostHandshake(link, party, cancellationToken);
            if (!entered) throw await handshake.TurnAwayAsync().ConfigureAwait(false);
            return await handshake.RunAsync().ConfigureAwait(false);
        }
        catch
        {
            await link.DisposeAsync().ConfigureAwait(false);
            throw;
        }
        finally
        {
            if (entered) party.Limits.Leave();
        }
    }

    public void Dispose()
    {
        secrets?.Dispose();
        flights.Dispose();
    }

    private async Task<HostHandshakeResult> RunAsync()
    {
        (ConnectRequest request, byte[] shareP) = await PassGateAsync().ConfigureAwait(false);
        PakeAdmission admission = await party.Authority.AdmitAsync(request, cancellationToken).ConfigureAwait(false);
        if (admission.Refusal != RefusalReason.None) throw await RejectAsync(admission.Refusal, admission.RetryAfter).ConfigureAwait(false);

        bool confirmed = false;
        SecureChannel? channel = null;
        try
        {
            channel = await AgreeAsync(request, admission, shareP).ConfigureAwait(false);
            confirmed = true;
            SessionDecision decision = await party.Authority.AcceptAsync(admission, channel.SessionId, cancellationToken).ConfigureAwait(false);
            return new HostHandshakeResult
            {
                Channel = channel,
                Request = request,
                Admission = admission,
                Session = decision.Session,
                Refusal = decision.Refusal,
            };
        }
        catch
        {
            if (!confirmed) await party.Authority.AbandonAsync(admission, CancellationToken.None).ConfigureAwait(false);
            if (channel is not null) await channel.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private async Task<(ConnectRequest Request, byte[] ShareP)> PassGateAsync()
    {
        try
        {
            ReadOnlyMemory<byte> hello = await flights.ReceiveAsync(HandshakeType.ClientHello).ConfigureAwait(false);
            (byte[] hostHello, byte[] greetingsHash) = Answer(hello.Span);
            await flights.SendAsync(hostHello).ConfigureAwait(false);
            flights.Protect(secrets!.Host, secrets.Technician);

            byte[] auth = HostAuth.Write(party.SigningKey, greetingsHash);
            flights.Transcript.Add(auth);
            await flights.SendAsync(auth).ConfigureAwait(false);

            flights.BeginFlight();
            ReadOnlyMemory<byte> techAuth = await flights.ReceiveAsync(HandshakeType.TechAuth).ConfigureAwait(false);
            return CheckTechAuth(techAuth.Span);
        }
        catch (Exception fault) when (fault is ChannelException or AccessRefusedException)
        {
            await RefuseBeforeGateAsync(fault).ConfigureAwait(false);
            throw;
        }
    }

    private (byte[] HostHello, byte[] GreetingsHash) Answer(ReadOnlySpan<byte> message)
    {
        if (!ClientHello.TryRead(message[HandshakeMessage.HeaderLength..], out ClientHello hello))
        {
            throw Fault(PreGateFailure.Malformed, ChannelError.Malformed, "The ClientHello is not well-formed.");
        }

        if (hello.Version != CipherSuite.ProtocolVersion || !hello.Offers(CipherSuite.P256))
        {
            throw Fault(PreGateFailure.VersionOrSuite, ChannelError.Incompatible, "The technician's side offers no version or suite that this computer has.");
        }

        if (!P256Group.IsValidPoint(hello.Ephemeral))
        {
            throw Fault(PreGateFailure.InvalidPoint, ChannelError.Malformed, "The ClientHello's key is not a point of the curve.");
        }

        Span<byte> random = stackalloc byte[ClientHello.RandomLength];
        party.Entropy.FillRandom(random);
        using PinnedSecret scalar = new(P256.ScalarLength), sharedX = new(P256.CoordinateLength);
        party.Entropy.FillEphemeralScalar(scalar.Span);
        using EphemeralKey ephemeral = P256.Provider.OpenEphemeral(scalar.Span);
        byte[] hostHello = HostHello.Write(random, ephemeral.PublicKey);
        ephemeral.Agree(hello.Ephemeral, sharedX.Span);

        flights.Transcript.Add(message);
        flights.Transcript.Add(hostHello);
        byte[] greetingsHash = flights.Transcript.Hash();
        secrets = new HandshakeSecrets(sharedX.Span, greetingsHash);
        return (hostHello, greetingsHash);
    }

    private (ConnectRequest Request, byte[] ShareP) CheckTechAuth(ReadOnlySpan<byte> message)
    {
        if (!TechAuth.TryRead(message[HandshakeMessage.HeaderLength..], out TechAuth auth))
        {
            throw Fault(PreGateFailure.Malformed, ChannelError.Malformed, "The TechAuth is not well-formed.");
        }

        if (!TechnicianCertificate.TryRead(auth.Certificate, out TechnicianCertificate? certificate)) throw NotAuthorized(PreGateFailure.Certificate);
        Span<byte> tenantKey = stackalloc byte[P256.PointLength];
        if (!party.Authority.TryGetTenantKey(certificate.TenantId.Span, tenantKey)) throw NotAuthorized(PreGateFailure.UnknownTenant);
        if (!certificate.IsSignedBy(tenantKey) || !certificate.IsValidAt(party.Time.GetUtcNow())) throw NotAuthorized(PreGateFailure.Certificate);

        flights.Transcript.Add(message[..^P256.SignatureLength]);
        byte[] statement = TechAuth.Statement(flights.Transcript.Hash());
        if (!P256.Verify(certificate.TechnicianKey.Span, statement, auth.Signature)) throw NotAuthorized(PreGateFailure.Signature);
        flights.Transcript.Add(message[^P256.SignatureLength..]);

        var request = new ConnectRequest
        {
            Certificate = certificate,
            GrantId = auth.GrantId.ToArray(),
            GrantDigest = auth.GrantDigest.ToArray(),
            Wanted = (Operations)auth.Wanted,
            Reason = Encoding.UTF8.GetString(auth.Reason),
            ResumeToken = auth.ResumeToken.ToArray(),
            Suite = CipherSuite.P256,
            Peer = peer,
        };
        return (request, auth.ShareP.ToArray());
    }

    private async Task<SecureChannel> AgreeAsync(ConnectRequest request, PakeAdmission admission, byte[] shareP)
    {
        AccessVerifier verifier = admission.Verifier ?? throw new InvalidOperationException("The authority admitted without a verifier.");
        using Spake2PlusKeys keys = Respond(verifier, request, shareP, out byte[]? reply)
            ?? throw await RejectAsync(RefusalReason.WrongAccessCode, TimeSpan.Zero).ConfigureAwait(false);
        flights.Transcript.Add(reply);
        await flights.SendAsync(reply!).ConfigureAwait(false);

        flights.BeginFlight();
        ReadOnlyMemory<byte> message = await flights.ReceiveAsync(HandshakeType.PakeFinish).ConfigureAwait(false);
        return Confirm(message.Span, keys);
    }

    private Spake2PlusKeys? Respond(AccessVerifier verifier, ConnectRequest request, byte[] shareP, out byte[]? reply)
    {
        reply = null;
        Spake2PlusParties parties = Spake2PlusParties.For(
            request.Suite, flights.Transcript.Hash(), request.Certificate.TenantId, WireIdentity.Host(party.SigningKey.PublicKey));
        using var y = new PinnedSecret(P256.ScalarLength);
        party.Entropy.FillPakeScalar(y.Span);
        if (!Spake2PlusVerifier.TryRespond(verifier, y.Span, parties, shareP, out byte[]? shareV, out Spake2PlusKeys? keys)) return null;
        reply = PakeReply.Write(shareV, keys.ConfirmV);
        return keys;
    }

    private SecureChannel Confirm(ReadOnlySpan<byte> message, Spake2PlusKeys keys)
    {
        if (!PakeFinish.TryRead(message[HandshakeMessage.HeaderLength..], out PakeFinish finish))
        {
            throw new ChannelException(ChannelError.Malformed, "The PakeFinish is not well-formed.");
        }

        if (!CryptographicOperations.FixedTimeEquals(finish.ConfirmP, keys.ConfirmP)) throw new AccessRefusedException(RefusalReason.WrongAccessCode);
        if (flights.HasMoreArrived()) throw new ChannelException(ChannelError.OutOfOrder, "The technician's side sent data before it was accepted.");

        flights.Transcript.Add(message);
        using var application = new ApplicationSecrets(secrets!.Derived.Span, keys.Shared.Span, flights.Transcript.Hash());
        return flights.Establish(ChannelRole.Host, application);
    }

    /// <summary>Counts the failure and, unless the peer is gone or speaks no protocol at all, gives the one constant answer.</summary>
    private async Task RefuseBeforeGateAsync(Exception fault)
    {
        PreGateFailure reason = failure ?? Classify(fault);
        if (flights.IsFramingBroken || reason is PreGateFailure.HungUp or PreGateFailure.TimedOut)
        {
            party.Authority.CountPreGateReject(reason);
        }
        else if (party.Limits.TryTakeReject())
        {
            party.Authority.CountPreGateReject(reason);
            await SayAsync(new Reject(RefusalReason.NotAuthorized, TimeSpan.Zero)).ConfigureAwait(false);
        }
        else
        {
            party.Authority.CountPreGateReject(PreGateFailure.RateLimited);
        }
    }

    /// <summary>All places are taken: says so if the rate allows, before a byte is read.</summary>
    private async Task<AccessRefusedException> TurnAwayAsync()
    {
        party.Authority.CountPreGateReject(PreGateFailure.RateLimited);
        if (party.Limits.TryTakeReject()) await SayAsync(new Reject(RefusalReason.TooManySessions, TimeSpan.Zero)).ConfigureAwait(false);
        return new AccessRefusedException(RefusalReason.TooManySessions);
    }

    private async Task<AccessRefusedException> RejectAsync(RefusalReason reason, TimeSpan retryAfter)
    {
        await SayAsync(new Reject(reason, retryAfter)).ConfigureAwait(false);
        return new AccessRefusedException(reason, retryAfter);
    }

    private async Task SayAsync(Reject reject)
    {
        try
        {
            await flights.SendAsync(reject.Write()).ConfigureAwait(false);
            await flights.LingerAsync().ConfigureAwait(false);
        }
        catch (ChannelException)
        {
            // The peer left before it could be told. The refusal stands and is recorded all the same.
            return;
        }
    }

    private ChannelException Fault(PreGateFailure reason, ChannelError error, string message)
    {
        failure = reason;
        return new ChannelException(error, message);
    }

    private AccessRefusedException NotAuthorized(PreGateFailure reason)
    {
        failure = reason;
        return new AccessRefusedException(RefusalReason.NotAuthorized);
    }

    private static PreGateFailure Classify(Exception fault) => (fault as ChannelException)?.Error switch
    {
        ChannelError.Malformed or ChannelError.LimitExceeded => PreGateFailure.Malformed,
        ChannelError.OutOfOrder => PreGateFailure.OutOfOrder,
        ChannelError.NotAuthentic => PreGateFailure.NotAuthentic,
        ChannelError.TimedOut => PreGateFailure.TimedOut,
        ChannelError.Truncated => PreGateFailure.HungUp,
        _ => throw new InvalidOperationException("A failure before the gate without its reason.", fault),
    };
}
