using RemoteAccess.Transport;
using RemoteAccess.Trust;

namespace RemoteAccess.Fuzz;

/// <summary>The computer's side, from ClientHello to the end of the channel.</summary>
internal sealed class HostHandshakeFuzz : HandshakeFuzz
{
    private byte[] clientHello = [];
    private Spake2PlusKeys? keys;

    public override string Name => "host-handshake";

    public override IReadOnlyList<byte[]> Seeds { get; } = MakeSeeds();

    protected override ISigningKey Key => FuzzScene.TechnicianKey;

    protected override void Reset()
    {
        base.Reset();
        keys?.Dispose();
        (clientHello, keys) = ([], null);
    }

    protected override async Task RunSideAsync()
    {
        var authority = new Authority();
        var party = new HostParty { SigningKey = FuzzScene.HostKey, Authority = authority, Limits = new HandshakeLimits(FrozenTime.Instance), Time = FrozenTime.Instance };
        try
        {
            HostHandshakeResult result = await HostHandshake.RunAsync(Link, party, CancellationToken.None);
            if (!WasHonest) throw new InvalidOperationException("A dishonest technician was accepted.");
            await result.Channel.WriteAsync(new byte[] { 1 }, CancellationToken.None);
            await ReadToEndAsync(result.Channel);
        }
        catch (Exception fault) when (fault is ChannelException or AccessRefusedException)
        {
            if (authority.Charged != authority.Accepted + authority.Abandoned) throw new InvalidOperationException("A charge was neither accepted nor abandoned.", fault);
        }
    }

    protected override void BeforeClear(byte[] message) => clientHello = clientHello.Length == 0 ? message : clientHello;

    protected override void OnClear(byte[] message)
    {
        if (!HostHello.TryRead(message.AsSpan(4), out HostHello hello)) return;
        Transcript.Add(clientHello);
        Transcript.Add(message);
        Agree(hello.Ephemeral, asHost: false);
    }

    protected override void OnProtected(byte[] message)
    {
        HandshakeMessage.TryRead(message, out HandshakeType type, out ReadOnlySpan<byte> body);
        if (type == HandshakeType.HostAuth) Transcript.Add(message);
        if (type != HandshakeType.PakeReply || keys is not null) return;
        PakeReply.TryRead(body, out PakeReply reply);
        using var prover = new Spake2PlusProver(FuzzScene.Secret, FuzzScene.PeerScalar);
        keys = prover.TryFinish(FuzzScene.Parties(Transcript.Hash()), reply.ShareV);
        Transcript.Add(message);
    }

    protected override byte[] Statement(byte[] message)
    {
        Transcript.Add(message.AsSpan(..^64));
        return TechAuth.Statement(Transcript.Hash());
    }

    protected override byte[]? Honest() => keys is null ? null : PakeFinish.Write(keys.ConfirmP);

    protected override void OnHonestSent()
    {
        Transcript.Add(PakeFinish.Write(keys!.ConfirmP));
        Establish(keys, asHost: false);
    }

    private static IReadOnlyList<byte[]> MakeSeeds()
    {
        HandshakeStep hello = new(HandshakeStepKind.Clear, ClientHello.Write(new byte[32], EphemeralPoint));
        HandshakeStep auth = new(HandshakeStepKind.Signed, FuzzScene.UnsignedTechAuth("reason", [])), finish = new(HandshakeStepKind.Honest, []);
        HandshakeStep data = new(HandshakeStepKind.Inside, [0x17, 2, 1, 2, 3]), update = new(HandshakeStepKind.Inside, [0x18, 0, 1]);
        HandshakeStep close = new(HandshakeStepKind.Inside, [0x15, 0, 1, 0]), wrong = new(HandshakeStepKind.Protected, PakeFinish.Write(new byte[32]));
        return
        [
            HandshakeSteps.Write([hello]), HandshakeSteps.Write([hello, auth]), HandshakeSteps.Write([hello, auth, wrong]),
            HandshakeSteps.Write([hello, auth, finish, data, close]), HandshakeSteps.Write([hello, auth, finish, data, update]),
        ];
    }

    private sealed class Authority : IHostAuthority
    {
        public int Charged { get; private set; }

        public int Accepted { get; private set; }

        public int Abandoned { get; private set; }

        public bool TryGetTenantKey(ReadOnlySpan<byte> tenantId, Span<byte> tenantKey)
        {
            FuzzScene.TenantKey.PublicKey.CopyTo(tenantKey);
            return tenantId.SequenceEqual(FuzzScene.Certificate.TenantId.Span);
        }

        public void CountPreGateReject(PreGateFailure failure)
        {
            if (!Enum.IsDefined(failure)) throw new InvalidOperationException("An unknown failure was counted.");
        }

        public ValueTask<PakeAdmission> AdmitAsync(ConnectRequest request, CancellationToken cancellationToken)
        {
            if ((request.Wanted & ~Operations.All) != 0) return new(PakeAdmission.Refuse(RefusalReason.OperationNotGranted));
            Charged++;
            return new(new PakeAdmission { Request = request, Grant = FuzzScene.Grant, Verifier = FuzzScene.Verifier });
        }

        public ValueTask<SessionDecision> AcceptAsync(PakeAdmission admission, ReadOnlyMemory<byte> sessionId, CancellationToken cancellationToken)
        {
            Accepted++;
            return new(new SessionDecision());
        }

        public ValueTask AbandonAsync(PakeAdmission admission, CancellationToken cancellationToken)
        {
            Abandoned++;
            return ValueTask.CompletedTask;
        }
    }
}
