using System.Security.Cryptography;
using RemoteAccess.Trust;

namespace RemoteAccess.Transport;

/// <summary>
/// The technician's side of the handshake (docs/protocol.md §6):
/// 1. ClientHello goes out;
/// 2. HostHello: version, suite, point; HostAuth: the grant's computer and no other, its signature;
/// 3. TechAuth goes out;
/// 4. PakeReply: shareV, confirmation compared; nothing is sent after a wrong one;
/// 5. PakeFinish goes out, and nothing more before the computer's Accepted.
/// </summary>
internal sealed class TechnicianHandshake : IDisposable
{
    private readonly Grant grant;
    private readonly HandshakeEntropy entropy;
    private readonly HandshakeFlights flights;
    private readonly EphemeralKey ephemeral;
    private HandshakeSecrets? secrets;
    private Spake2PlusProver? prover;

    private TechnicianHandshake(ILink link, Grant grant, HandshakeEntropy entropy, TimeProvider time, CancellationToken cancellationToken)
    {
        (this.grant, this.entropy) = (grant, entropy);
        flights = new HandshakeFlights(link, time, cancellationToken);
        using var scalar = new PinnedSecret(P256.ScalarLength);
        entropy.FillEphemeralScalar(scalar.Span);
        ephemeral = P256.Provider.OpenEphemeral(scalar.Span);
    }

    /// <summary>
    /// Runs one handshake. The channel's first record is the computer's Accepted or Denied; nothing can be written before it has been
    /// read. On any exception the link is closed.
    /// </summary>
    /// <exception cref="AccessRefusedException">
    /// The computer refused, with its reason; WrongAccessCode also when its confirmation shows that the codes differ.
    /// </exception>
    /// <exception cref="ChannelException">The peer is not the grant's computer, did not keep to the protocol, left, or was too slow.</exception>
    public static async Task<SecureChannel> RunAsync(ILink link, TechnicianParty party, CancellationToken cancellationToken)
    {
        try
        {
            party.Validate();
            using var handshake = new TechnicianHandshake(link, party.Grant, party.Entropy, party.Time, cancellationToken);
            return await handshake.RunAsync(party).ConfigureAwait(false);
        }
        catch
        {
            await link.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Steps 1 and 2 alone, then hangs up: the grant's computer is there. It learns nothing of who asked, and no guess is charged. The link is closed.</summary>
    /// <exception cref="AccessRefusedException">It has no place for a handshake at this moment; in the clear, so perhaps somebody else's word.</exception>
    /// <exception cref="ChannelException">As for <see cref="RunAsync(ILink, TechnicianParty, CancellationToken)"/>.</exception>
    public static async Task MeetAsync(ILink link, Grant grant, TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            using var handshake = new TechnicianHandshake(link, grant, HandshakeEntropy.System, time, cancellationToken);
            await handshake.MeetAsync().ConfigureAwait(false);
        }
        finally
        {
            await link.DisposeAsync().ConfigureAwait(false);
        }
    }

    public void Dispose()
    {
        prover?.Dispose();
        secrets?.Dispose();
        ephemeral.Dispose();
        flights.Dispose();
    }

    private async Task MeetAsync()
    {
        byte[] hello = Greet();
        await flights.SendAsync(hello).ConfigureAwait(false);

        flights.BeginFlight();
        ReadOnlyMemory<byte> answer = await flights.ReceiveAsync(HandshakeType.HostHello, orReject: true).ConfigureAwait(false);
        ThrowIfTurnedAway(answer.Span);
        byte[] greetingsHash = CheckHostHello(answer.Span);
        ReadOnlyMemory<byte> auth = await flights.ReceiveAsync(HandshakeType.HostAuth).ConfigureAwait(false);
        CheckHostAuth(auth.Span, greetingsHash);
    }

    private async Task<SecureChannel> RunAsync(TechnicianParty party)
    {
        await MeetAsync().ConfigureAwait(false);
        await flights.SendAsync(Identify(party)).ConfigureAwait(false);

        flights.BeginFlight();
        ReadOnlyMemory<byte> reply = await flights.ReceiveAsync(HandshakeType.PakeReply, orReject: true).ConfigureAwait(false);
        ThrowIfRefused(reply.Span);
        using Spake2PlusKeys keys = CheckPakeReply(reply.Span);
        byte[] finish = PakeFinish.Write(keys.ConfirmP);
        flights.Transcript.Add(finish);
        await flights.SendAsync(finish).ConfigureAwait(false);

        using var application = new ApplicationSecrets(secrets!.Derived.Span, keys.Shared.Span, flights.Transcript.Hash());
        return flights.Establish(ChannelRole.Technician, application);
    }

    private byte[] Greet()
    {
        Span<byte> random = stackalloc byte[ClientHello.RandomLength];
        entropy.FillRandom(random);
        byte[] hello = ClientHello.Write(random, ephemeral.PublicKey);
        flights.Transcript.Add(hello);
        return hello;
    }

    private byte[] CheckHostHello(ReadOnlySpan<byte> message)
    {
        // This side offers suite 1 without extensions, so only that can be answered.
        if (!HostHello.TryRead(message[HandshakeMessage.HeaderLength..], out HostHello hello)) throw Malformed("The HostHello is not well-formed.");
        if (hello.Version != CipherSuite.ProtocolVersion || hello.Suite != CipherSuite.P256)
        {
            throw new ChannelException(ChannelError.Incompatible, "The computer chose a version or suite that was not offered.");
        }

        if (hello.KemCiphertext.Length != 0) throw Malformed("The HostHello answers a key that was not offered.");
        if (!HelloExtensions.IsSubset(hello.Extensions, offered: [])) throw Malformed("The HostHello has an extension that was not offered.");
        if (!P256Group.IsValidPoint(hello.Ephemeral)) throw Malformed("The HostHello's key is not a point of the curve.");

        flights.Transcript.Add(message);
        byte[] greetingsHash = flights.Transcript.Hash();
        using var sharedX = new PinnedSecret(P256.CoordinateLength);
        ephemeral.Agree(hello.Ephemeral, sharedX.Span);
        secrets = new HandshakeSecrets(sharedX.Span, greetingsHash);
        flights.Protect(secrets.Technician, secrets.Host);
        return greetingsHash;
    }

    private void CheckHostAuth(ReadOnlySpan<byte> message, byte[] greetingsHash)
    {
        if (!HostAuth.TryRead(message[HandshakeMessage.HeaderLength..], out HostAuth auth)) throw Malformed("The HostAuth is not well-formed.");
        if (!auth.HostKey.SequenceEqual(grant.HostKey.Span))
        {
            throw new ChannelException(ChannelError.NotAuthentic, "This is not the computer that the grant names.");
        }

        if (!auth.IsSigned(greetingsHash)) throw new ChannelException(ChannelError.NotAuthentic, "The computer could not prove that it is the one the grant names.");
        flights.Transcript.Add(message);
    }

    private byte[] Identify(TechnicianParty party)
    {
        using var x = new PinnedSecret(P256.ScalarLength);
        entropy.FillPakeScalar(x.Span);
        prover = new Spake2PlusProver(party.Secret, x.Span);
        byte[] auth = TechAuth.WriteUnsigned(
            party.Certificate.Encoded.Span, party.Grant.Id.Span, party.Grant.Digest.Span, party.Wanted, party.Reason, party.ResumeToken.Span, prover.ShareP);
        Span<byte> signature = auth.AsSpan(^P256.SignatureLength..);
        flights.Transcript.Add(auth.AsSpan(..^P256.SignatureLength));
        party.SigningKey.Sign(TechAuth.Statement(flights.Transcript.Hash()), signature);
        flights.Transcript.Add(signature);
        return auth;
    }

    private Spake2PlusKeys CheckPakeReply(ReadOnlySpan<byte> message)
    {
        if (!PakeReply.TryRead(message[HandshakeMessage.HeaderLength..], out PakeReply reply)) throw Malformed("The PakeReply is not well-formed.");
        Spake2PlusParties parties = Spake2PlusParties.For(
            CipherSuite.P256, flights.Transcript.Hash(), WireIdentity.Tenant(grant.TenantKey.Span), WireIdentity.Host(grant.HostKey.Span));
        Spake2PlusKeys keys = prover!.TryFinish(parties, reply.ShareV) ?? throw Malformed("The PakeReply's share is not one that an honest computer sends.");
        if (!CryptographicOperations.FixedTimeEquals(reply.ConfirmV, keys.ConfirmV))
        {
            keys.Dispose();
            throw new AccessRefusedException(RefusalReason.WrongAccessCode);
        }

        flights.Transcript.Add(message);
        return keys;
    }

    /// <summary>A clear Reject comes from anybody on the way, so it may say only what a stranger may be told.</summary>
    private static void ThrowIfTurnedAway(ReadOnlySpan<byte> message)
    {
        if (ReadReject(message) is not { } reject) return;
        if (reject.Reason is not (RefusalReason.NotAuthorized or RefusalReason.TooManySessions)) throw Malformed("A clear Reject with a reason that only a protected one may give.");
        throw new AccessRefusedException(reject.Reason);
    }

    private static void ThrowIfRefused(ReadOnlySpan<byte> message)
    {
        if (ReadReject(message) is { } reject) throw new AccessRefusedException(reject.Reason, reject.RetryAfter);
    }

    private static Reject? ReadReject(ReadOnlySpan<byte> message)
    {
        if (!HandshakeMessage.TryRead(message, out HandshakeType type, out ReadOnlySpan<byte> body) || type != HandshakeType.Reject) return null;
        return Reject.TryRead(body, out Reject reject) ? reject : throw Malformed("The Reject is not well-formed.");
    }

    private static ChannelException Malformed(string message) => new(ChannelError.Malformed, message);
}
