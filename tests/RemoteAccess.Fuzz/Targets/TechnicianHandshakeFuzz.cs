using RemoteAccess.Transport;

namespace RemoteAccess.Fuzz;

/// <summary>The technician's side, from HostHello to the end of the channel.</summary>
internal sealed class TechnicianHandshakeFuzz : HandshakeFuzz
{
    private byte[] clientHello = [];
    private byte[] shareP = [];
    private Spake2PlusKeys? keys;

    public override string Name => "technician-handshake";

    public override IReadOnlyList<byte[]> Seeds { get; } = MakeSeeds();

    protected override ISigningKey Key => FuzzScene.HostKey;

    protected override void Reset()
    {
        base.Reset();
        keys?.Dispose();
        (clientHello, shareP, keys) = ([], [], null);
    }

    protected override async Task RunSideAsync()
    {
        var party = new TechnicianParty
        {
            Grant = FuzzScene.Grant,
            SigningKey = FuzzScene.TechnicianKey,
            Certificate = FuzzScene.Certificate,
            Secret = FuzzScene.Secret,
            Wanted = Operations.ViewScreen,
            Reason = "reason",
            Time = FrozenTime.Instance,
        };
        try
        {
            SecureChannel channel = await TechnicianHandshake.RunAsync(Link, party, CancellationToken.None);
            if (!WasHonest) throw new InvalidOperationException("A dishonest computer was believed.");
            await ReadToEndAsync(channel);
        }
        catch (Exception fault) when (fault is ChannelException or AccessRefusedException)
        {
            // Declared: a refusal of what the script did.
            return;
        }
    }

    protected override void OnClear(byte[] message) => clientHello = clientHello.Length == 0 ? message : clientHello;

    protected override void BeforeClear(byte[] message)
    {
        if (clientHello.Length == 0)
        {
            if (Link.TakeFrame() is not { } frame) return;
            clientHello = frame[4..];
        }

        if (message.Length < 4 || !HostHello.TryRead(message.AsSpan(4), out _) || !ClientHello.TryRead(clientHello.AsSpan(4), out ClientHello hello)) return;
        Transcript.Add(clientHello);
        Transcript.Add(message);
        Agree(hello.Ephemeral, asHost: true);
    }

    protected override void OnProtected(byte[] message)
    {
        if (!HandshakeMessage.TryRead(message, out HandshakeType type, out ReadOnlySpan<byte> body) || type != HandshakeType.TechAuth) return;
        TechAuth.TryRead(body, out TechAuth auth);
        shareP = auth.ShareP.ToArray();
        Transcript.Add(message);
    }

    protected override byte[] Statement(byte[] message)
    {
        byte[] statement = SignedStatement.Over(SignedStatement.HostAuth, [.. Transcript.Hash(), .. System.Security.Cryptography.SHA256.HashData(message.AsSpan(4..^64))]);
        Transcript.Add(message.AsSpan(..^64));
        return statement;
    }

    protected override byte[]? Honest()
    {
        if (shareP.Length == 0 || keys is not null) return null;
        if (!Spake2PlusVerifier.TryRespond(FuzzScene.Verifier, FuzzScene.PeerScalar, FuzzScene.Parties(Transcript.Hash()), shareP, out byte[]? shareV, out keys)) return null;
        byte[] reply = PakeReply.Write(shareV, keys.ConfirmV);
        Transcript.Add(reply);
        return reply;
    }

    protected override void OnHonestSent()
    {
        Transcript.Add(PakeFinish.Write(keys!.ConfirmP));
        Establish(keys, asHost: true);
    }

    private static IReadOnlyList<byte[]> MakeSeeds()
    {
        HandshakeStep hello = new(HandshakeStepKind.Clear, HostHello.Write(new byte[32], EphemeralPoint));
        HandshakeStep auth = new(HandshakeStepKind.Signed, HostAuth.Write(FuzzScene.HostKey, new byte[32])), reply = new(HandshakeStepKind.Honest, []);
        HandshakeStep data = new(HandshakeStepKind.Inside, [0x17, 2, 1, 2, 3]), close = new(HandshakeStepKind.Inside, [0x15, 0, 1, 0]);
        HandshakeStep reject = new(HandshakeStepKind.Protected, new Reject(RefusalReason.LockedOut, TimeSpan.FromSeconds(9)).Write());
        HandshakeStep turnedAway = new(HandshakeStepKind.Clear, new Reject(RefusalReason.NotAuthorized, TimeSpan.Zero).Write());
        return
        [
            HandshakeSteps.Write([turnedAway]), HandshakeSteps.Write([hello]), HandshakeSteps.Write([hello, auth, reject]),
            HandshakeSteps.Write([hello, auth, reply, data, close]), HandshakeSteps.Write([hello, auth, reply, close]),
        ];
    }
}
