using System.Buffers;
using System.IO.Pipelines;
using RemoteAccess.Transport;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

/// <summary>
/// A technician's side driven step by step by a test, against the real host. What a step sends can be changed before it goes out. All
/// runs on the caller's thread: when a step returns, the host has answered.
/// </summary>
internal sealed class ScriptedTechnician : IDisposable
{
    private readonly HandshakeScene scene;
    private readonly PipeLink link;
    private readonly Task<string> host;
    private readonly byte[] ephemeralScalar = new byte[32];
    private readonly byte[] x = new byte[32];
    private readonly EphemeralKey ephemeral;
    private readonly HandshakeTranscript transcript = new();
    private HandshakeSecrets? secrets;
    private Spake2PlusKeys? keys;

    public ScriptedTechnician(HandshakeScene scene)
    {
        this.scene = scene;
        P256Scalar.FillRandom(ephemeralScalar);
        P256Scalar.FillRandom(x);
        ephemeral = P256.Provider.OpenEphemeral(ephemeralScalar);
        (link, HostLink) = PipeLink.CreatePair();
        host = Outcome.OfAsync(async () => HostResult = await HostHandshake.RunAsync(HostLink, scene.Host, CancellationToken.None), () => "Accepted");
    }

    public PipeLink HostLink { get; }

    public HostHandshakeResult? HostResult { get; private set; }

    public RecordCipher? Send { get; private set; }

    public RecordCipher? Receive { get; private set; }

    /// <summary>x·G + w0·M, unless a test puts something else in.</summary>
    public byte[]? ShareP { get; set; }

    public byte[]? ConfirmV => keys?.ConfirmV;

    public bool HostIsDone => host.IsCompleted;

    public byte[] Hello() => ClientHello.Write(new byte[32], ephemeral.PublicKey);

    public async Task SendAsync(params byte[][] frames)
    {
        foreach (byte[] frame in frames) link.Output.Write(frame);
        await link.Output.FlushAsync();
    }

    /// <summary>Everything the host has sent and nobody has read yet, frame by frame.</summary>
    public IReadOnlyList<byte[]> TakeFrames() => LinkFrames.Take(link.Input);

    /// <summary>Greeting and keys, checked as far as a test needs.</summary>
    public async Task GreetAsync(byte[]? hello = null)
    {
        hello ??= Hello();
        await SendAsync(ProtectedFrames.Clear(hello));
        IReadOnlyList<byte[]> frames = TakeFrames();
        Assert.Equal(2, frames.Count);
        byte[] hostHello = frames[0][4..];
        Assert.True(HostHello.TryRead(hostHello.AsSpan(4), out HostHello read));
        transcript.Add(hello);
        transcript.Add(hostHello);
        byte[] sharedX = new byte[32];
        ephemeral.Agree(read.Ephemeral, sharedX);
        secrets = new HandshakeSecrets(sharedX, transcript.Hash());
        Send = new RecordCipher(secrets.Technician);
        Receive = new RecordCipher(secrets.Host);
        transcript.Add(Open(frames[1]));
    }

    /// <summary>The TechAuth, signed after <paramref name="change"/> has been at it.</summary>
    public byte[] Auth(TechAuthParts? parts = null, Func<byte[], byte[]>? changeUnsigned = null, ISigningKey? key = null)
    {
        parts ??= new TechAuthParts();
        using var prover = new Spake2PlusProver(HandshakeScene.Secret, x);
        ShareP ??= prover.ShareP;
        byte[] auth = TechAuth.WriteUnsigned(parts.Certificate, parts.GrantId, parts.GrantDigest, parts.Wanted, parts.Reason, parts.ResumeToken, ShareP);
        if (changeUnsigned is not null) auth = changeUnsigned(auth);
        transcript.Add(auth.AsSpan(..^64));
        (key ?? HandshakeScene.TechnicianKey).Sign(TechAuth.Statement(transcript.Hash()), auth.AsSpan(^64..));
        transcript.Add(auth.AsSpan(^64..));
        return auth;
    }

    public Task SendHandshakeAsync(byte[] message, int padding = 0) => SendAsync(ProtectedFrames.Seal(Send!, RecordType.Handshake, message, padding));

    /// <summary>Reads the PakeReply and computes the keys.</summary>
    public void TakeReply()
    {
        byte[] message = Open(Assert.Single(TakeFrames()));
        Assert.True(PakeReply.TryRead(message.AsSpan(4), out PakeReply reply));
        Spake2PlusParties parties = Spake2PlusParties.For(
            1, transcript.Hash(), WireIdentity.Tenant(HandshakeScene.TenantKey.PublicKey), WireIdentity.Host(HandshakeScene.HostKey.PublicKey));
        using var prover = new Spake2PlusProver(HandshakeScene.Secret, x);
        keys = prover.TryFinish(parties, reply.ShareV);
        Assert.Equal(reply.ConfirmV.ToArray(), keys!.ConfirmV);
        transcript.Add(message);
    }

    public byte[] Finish()
    {
        byte[] finish = PakeFinish.Write(keys!.ConfirmP);
        transcript.Add(finish);
        return finish;
    }

    /// <summary>The ciphers of the established channel take the place of the handshake's.</summary>
    public void UseApplicationKeys()
    {
        var application = new ApplicationSecrets(secrets!.Derived.Span, keys!.Shared.Span, transcript.Hash());
        TrafficSecret = application.Technician;
        Send = new RecordCipher(application.Technician);
        Receive = new RecordCipher(application.Host);
    }

    /// <summary>What this side's records of the established channel are protected with.</summary>
    public PinnedSecret? TrafficSecret { get; private set; }

    /// <summary>What this side's handshake messages are protected with.</summary>
    public PinnedSecret HandshakeTraffic => secrets!.Technician;

    /// <summary>What the other side's handshake messages are protected with.</summary>
    public PinnedSecret PeerHandshakeTraffic => secrets!.Host;

    /// <summary>Greeting, TechAuth and PakeReply as an honest technician does them.</summary>
    public async Task ReachReplyAsync()
    {
        await GreetAsync();
        await SendHandshakeAsync(Auth());
        TakeReply();
    }

    /// <summary>The whole handshake; the host's channel is up and nothing has been sent on it.</summary>
    public async Task ReachChannelAsync()
    {
        await ReachReplyAsync();
        await SendHandshakeAsync(Finish());
        UseApplicationKeys();
        Assert.NotNull(HostResult);
    }

    /// <summary>The content of a protected frame from the host.</summary>
    public byte[] Open(byte[] frame)
    {
        byte[] inner = new byte[frame.Length - 20];
        Receive!.Open(ProtectedFrames.Parse(frame), inner);
        Assert.True(RecordBody.TryRead(inner, out _, out Range content));
        return inner[content];
    }

    /// <summary>What the host has said at last: "nothing", or the reason of its Reject.</summary>
    public string LastWord()
    {
        IReadOnlyList<byte[]> frames = TakeFrames();
        if (frames.Count == 0) return "nothing";
        byte[] frame = frames[^1], message = frame[0] == 1 ? frame[4..] : Open(frame);
        return Reject.TryRead(message.AsSpan(4), out Reject reject) && message[0] == 7 ? $"Reject.{reject.Reason}" : "something else";
    }

    public void Dispose()
    {
        ephemeral.Dispose();
        transcript.Dispose();
        secrets?.Dispose();
        keys?.Dispose();
        Send?.Dispose();
        Receive?.Dispose();
        TrafficSecret?.Dispose();
    }

    /// <summary>Leaves, lets time pass if the host still waits, and says how it ended for the host.</summary>
    public async Task<string> EndAsync()
    {
        await link.DisposeAsync();
        return await scene.FinishAsync(host);
    }

    /// <summary>Stays on the line in silence and lets time pass.</summary>
    public Task<string> WaitAsync() => scene.FinishAsync(host);
}

/// <summary>The fields of a TechAuth, right unless changed.</summary>
internal sealed record TechAuthParts
{
    public byte[] Certificate { get; init; } = HandshakeScene.Certificate.Encoded.ToArray();

    public byte[] GrantId { get; init; } = HandshakeScene.Grant.Id.ToArray();

    public byte[] GrantDigest { get; init; } = HandshakeScene.Grant.Digest.ToArray();

    public Operations Wanted { get; init; } = Operations.ViewScreen;

    public string Reason { get; init; } = "Ticket 4711";

    public byte[] ResumeToken { get; init; } = [];
}
