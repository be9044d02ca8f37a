using System.Buffers;
using RemoteAccess.Transport;

namespace RemoteAccess.Tests;

/// <summary>A host's side driven step by step by a test, against the real technician; otherwise as <see cref="ScriptedTechnician"/>.</summary>
internal sealed class ScriptedHost : IDisposable
{
    private readonly HandshakeScene scene;
    private readonly PipeLink link;
    private readonly Task<string> technician;
    private readonly EphemeralKey ephemeral;
    private readonly byte[] y = new byte[32];
    private readonly HandshakeTranscript transcript = new();
    private HandshakeSecrets? secrets;
    private Spake2PlusKeys? keys;
    private byte[] shareP = [];

    public ScriptedHost(HandshakeScene scene)
    {
        this.scene = scene;
        byte[] scalar = new byte[32];
        P256Scalar.FillRandom(scalar);
        P256Scalar.FillRandom(y);
        ephemeral = P256.Provider.OpenEphemeral(scalar);
        (PipeLink technicianLink, link) = PipeLink.CreatePair();
        technician = Outcome.OfAsync(ConnectAsync, () => First);

        async Task ConnectAsync()
        {
            Channel = await TechnicianHandshake.RunAsync(technicianLink, scene.Technician, CancellationToken.None);
            ReadOnlyMemory<byte> first = await Channel.ReadAsync(CancellationToken.None);
            First = first.IsEmpty ? "Closed" : "Read " + Convert.ToHexString(first.Span);
        }
    }

    public SecureChannel? Channel { get; private set; }

    public string First { get; private set; } = "nothing";

    public RecordCipher? Send { get; private set; }

    public RecordCipher? Receive { get; private set; }

    public byte[] Hello() => HostHello.Write(new byte[32], ephemeral.PublicKey);

    public async Task SendAsync(params byte[][] frames)
    {
        foreach (byte[] frame in frames) link.Output.Write(frame);
        await link.Output.FlushAsync();
    }

    public IReadOnlyList<byte[]> TakeFrames() => LinkFrames.Take(link.Input);

    /// <summary>Takes the ClientHello and sends the HostHello; the keys are ready.</summary>
    public async Task GreetAsync(byte[]? hostHello = null)
    {
        byte[] hello = Assert.Single(TakeFrames())[4..];
        Assert.True(ClientHello.TryRead(hello.AsSpan(4), out ClientHello read));
        hostHello ??= Hello();
        transcript.Add(hello);
        transcript.Add(hostHello);
        byte[] sharedX = new byte[32];
        ephemeral.Agree(read.Ephemeral, sharedX);
        secrets = new HandshakeSecrets(sharedX, transcript.Hash());
        Send = new RecordCipher(secrets.Host);
        Receive = new RecordCipher(secrets.Technician);
        await SendAsync(ProtectedFrames.Clear(hostHello));
    }

    public byte[] Auth(ISigningKey? key = null)
    {
        byte[] auth = HostAuth.Write(key ?? HandshakeScene.HostKey, transcript.Hash());
        transcript.Add(auth);
        return auth;
    }

    public Task SendHandshakeAsync(byte[] message, int padding = 0) => SendAsync(ProtectedFrames.Seal(Send!, RecordType.Handshake, message, padding));

    /// <summary>Takes the TechAuth.</summary>
    public void TakeAuth()
    {
        byte[] message = Open(Assert.Single(TakeFrames()));
        Assert.True(TechAuth.TryRead(message.AsSpan(4), out TechAuth auth));
        shareP = auth.ShareP.ToArray();
        transcript.Add(message);
    }

    public byte[] Reply()
    {
        Spake2PlusParties parties = Spake2PlusParties.For(
            1, transcript.Hash(), WireIdentity.Tenant(HandshakeScene.TenantKey.PublicKey), WireIdentity.Host(HandshakeScene.HostKey.PublicKey));
        Assert.True(Spake2PlusVerifier.TryRespond(HandshakeScene.Verifier, y, parties, shareP, out byte[]? shareV, out keys));
        byte[] reply = PakeReply.Write(shareV, keys.ConfirmV);
        transcript.Add(reply);
        return reply;
    }

    /// <summary>Takes the PakeFinish; the ciphers of the established channel take the place of the handshake's.</summary>
    public void TakeFinish()
    {
        byte[] message = Open(Assert.Single(TakeFrames()));
        Assert.True(PakeFinish.TryRead(message.AsSpan(4), out PakeFinish finish));
        Assert.Equal(keys!.ConfirmP, finish.ConfirmP.ToArray());
        transcript.Add(message);
        var application = new ApplicationSecrets(secrets!.Derived.Span, keys.Shared.Span, transcript.Hash());
        TrafficSecret = application.Host;
        Send = new RecordCipher(application.Host);
        Receive = new RecordCipher(application.Technician);
    }

    /// <summary>What this side's records of the established channel are protected with.</summary>
    public PinnedSecret? TrafficSecret { get; private set; }

    /// <summary>What this side's handshake messages are protected with.</summary>
    public PinnedSecret HandshakeTraffic => secrets!.Host;

    /// <summary>What the other side's handshake messages are protected with.</summary>
    public PinnedSecret PeerHandshakeTraffic => secrets!.Technician;

    /// <summary>Up to the TechAuth, as an honest host does it.</summary>
    public async Task ReachAuthAsync()
    {
        await GreetAsync();
        await SendHandshakeAsync(Auth());
        TakeAuth();
    }

    /// <summary>The whole handshake; the technician waits for the first record.</summary>
    public async Task ReachChannelAsync()
    {
        await ReachAuthAsync();
        await SendHandshakeAsync(Reply());
        TakeFinish();
    }

    public Task SendRecordAsync(RecordType type, ReadOnlySpan<byte> content, int padding = 0) => SendAsync(ProtectedFrames.Seal(Send!, type, content, padding));

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

    /// <summary>Leaves, lets time pass if the technician still waits, and says how it ended.</summary>
    public async Task<string> EndAsync()
    {
        await link.DisposeAsync();
        return await scene.FinishAsync(technician);
    }

    public Task<string> WaitAsync() => scene.FinishAsync(technician);

    private byte[] Open(byte[] frame)
    {
        byte[] inner = new byte[frame.Length - 20];
        Receive!.Open(ProtectedFrames.Parse(frame), inner);
        Assert.True(RecordBody.TryRead(inner, out _, out Range content));
        return inner[content];
    }
}
