using RemoteAccess.Transport;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

public sealed class HandshakeTests
{
    [Fact]
    public async Task Handshake_RightCode_GivesBothSidesTheSameSession()
    {
        var scene = new HandshakeScene();

        (SecureChannel technician, SecureChannel host) = await scene.ConnectAsync();

        Assert.Equal(technician.SessionId.ToArray(), host.SessionId.ToArray());
        byte[] exportedByTechnician = new byte[48], exportedByHost = new byte[48], other = new byte[48];
        technician.Export("receipt", "x"u8, exportedByTechnician);
        host.Export("receipt", "x"u8, exportedByHost);
        host.Export("receipt", "y"u8, other);
        Assert.Equal(exportedByTechnician, exportedByHost);
        Assert.NotEqual(exportedByHost, other);
        Assert.Equal((1, 1, 0), (scene.Authority.Charged, scene.Authority.Accepted, scene.Authority.Abandoned));
    }

    [Fact]
    public async Task Handshake_Twice_SharesNothing()
    {
        var scene = new HandshakeScene();

        (SecureChannel first, _) = await scene.ConnectAsync();
        (SecureChannel second, _) = await scene.ConnectAsync();

        Assert.NotEqual(first.SessionId.ToArray(), second.SessionId.ToArray());
    }

    [Fact]
    public async Task Handshake_RequestFields_ReachTheAuthorityUnchanged()
    {
        var scene = new HandshakeScene();
        byte[] token = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];
        scene.Technician = scene.Technician with { Reason = "Ärger mit 漢字 😀", ResumeToken = token, Wanted = Operations.ViewScreen | Operations.Chat };

        await scene.ConnectAsync();

        ConnectRequest request = Assert.Single(scene.Authority.Admissions);
        Assert.Equal("Ärger mit 漢字 😀", request.Reason);
        Assert.Equal(token, request.ResumeToken.ToArray());
        Assert.Equal(Operations.ViewScreen | Operations.Chat, request.Wanted);
        Assert.Equal((ushort)1, request.Suite);
        Assert.Equal("memory", request.Peer);
        Assert.Equal(HandshakeScene.Grant.Digest.ToArray(), request.GrantDigest.ToArray());
    }

    [Fact]
    public async Task Handshake_WrongCode_IsChargedAndTheTechnicianSendsNothingMore()
    {
        var scene = new HandshakeScene();
        byte[] wrong = KnownAnswer.Suite1["w1"];
        wrong[31] ^= 1;
        using var wrongSecret = new AccessSecret(KnownAnswer.Suite1["w0"], wrong);
        scene.Technician = scene.Technician with { Secret = wrongSecret };
        var links = new RelayedLinks();

        (string technician, string host) = await OutcomesAsync(scene, links);

        Assert.Equal(("AccessRefused.WrongAccessCode", "ChannelException.Truncated"), (technician, host));
        Assert.Equal((1, 0, 1), (scene.Authority.Charged, scene.Authority.Accepted, scene.Authority.Abandoned));
        Assert.Equal(2, Frames(links.SentToHost));
    }

    [Theory]
    [InlineData(RefusalReason.Blocked, 0)]
    [InlineData(RefusalReason.LockedOut, 3600)]
    [InlineData(RefusalReason.Revoked, 0)]
    [InlineData(RefusalReason.RecordUnavailable, 0)]
    internal async Task Handshake_AuthorityRefuses_TechnicianLearnsTheRuleAndTheWait(RefusalReason reason, int seconds)
    {
        var scene = new HandshakeScene();
        (scene.Authority.AdmitRefusal, scene.Authority.AdmitRetryAfter) = (reason, TimeSpan.FromSeconds(seconds));
        (PipeLink technicianLink, PipeLink hostLink) = PipeLink.CreatePair();
        Task<HostHandshakeResult> host = HostHandshake.RunAsync(hostLink, scene.Host, CancellationToken.None);

        AccessRefusedException refusal = await Assert.ThrowsAsync<AccessRefusedException>(() => TechnicianHandshake.RunAsync(technicianLink, scene.Technician, CancellationToken.None));

        Assert.Equal((reason, TimeSpan.FromSeconds(seconds)), (refusal.Reason, refusal.RetryAfter));
        Assert.Equal(reason, (await Assert.ThrowsAsync<AccessRefusedException>(() => host)).Reason);
        Assert.Equal(0, scene.Authority.Charged);
    }

    [Fact]
    public async Task Handshake_RefusedAfterTheCode_LeavesAChannelForDenied()
    {
        var scene = new HandshakeScene();
        scene.Authority.AcceptRefusal = RefusalReason.Revoked;
        (PipeLink technicianLink, PipeLink hostLink) = PipeLink.CreatePair();
        Task<HostHandshakeResult> host = HostHandshake.RunAsync(hostLink, scene.Host, CancellationToken.None);
        SecureChannel technician = await TechnicianHandshake.RunAsync(technicianLink, scene.Technician, CancellationToken.None);

        HostHandshakeResult result = await host;

        Assert.Equal(RefusalReason.Revoked, result.Refusal);
        Assert.Null(result.Session);
        await result.Channel.WriteAsync("denied"u8.ToArray(), CancellationToken.None);
        Assert.Equal("denied"u8.ToArray(), (await technician.ReadAsync(CancellationToken.None)).ToArray());
        Assert.Equal((1, 0), (scene.Authority.Charged, scene.Authority.Abandoned));
    }

    [Theory]
    [InlineData(-300, true)]
    [InlineData(-301, false)]
    [InlineData(86400 + 300, true)]
    [InlineData(86400 + 301, false)]
    public async Task Handshake_CertificateAtItsBorders_AllowsFiveMinutesOnEitherSide(int secondsFromStart, bool accepted)
    {
        var scene = new HandshakeScene();
        Assert.Equal(TimeSpan.FromDays(1), HandshakeScene.Certificate.NotAfter - HandshakeScene.Certificate.NotBefore);
        scene.Clock.Set(HandshakeScene.Certificate.NotBefore + TimeSpan.FromSeconds(secondsFromStart));

        (string technician, string host) = await OutcomesAsync(scene, new RelayedLinks());

        Assert.Equal(accepted ? ("Channel", "Channel") : ("AccessRefused.NotAuthorized", "AccessRefused.NotAuthorized"), (technician, host));
        Assert.Equal(accepted ? [] : [PreGateFailure.Certificate], scene.Authority.Rejects);
    }

    [Fact]
    public async Task Handshake_PaddedMessages_AreTakenLikeBareOnes()
    {
        using var peer = new ScriptedTechnician(new HandshakeScene());
        await peer.GreetAsync();
        await peer.SendHandshakeAsync(peer.Auth(), padding: 255);
        peer.TakeReply();
        await peer.SendHandshakeAsync(peer.Finish(), padding: 7);

        Assert.Equal("Accepted", await peer.EndAsync());
    }

    [Fact]
    public async Task Handshake_HelloWithUnknownExtensionsSuitesAndKemKey_IsAnsweredWithSuite1()
    {
        using var peer = new ScriptedTechnician(new HandshakeScene());
        byte[] plain = peer.Hello();
        byte[] body =
        [
            .. plain.AsSpan(4, 34), 3, 0x77, 0x77, 0, 2, 0, 1, .. plain.AsSpan(41, 67),
            4, 0xA0, .. new byte[1184], 0, 9, 0x12, 0x34, 0, 1, 0xFF, 0x56, 0x78, 0, 0,
        ];
        await peer.GreetAsync([1, 0, (byte)(body.Length >> 8), (byte)body.Length, .. body]);
        await peer.SendHandshakeAsync(peer.Auth());
        peer.TakeReply();
        await peer.SendHandshakeAsync(peer.Finish());

        Assert.Equal("Accepted", await peer.EndAsync());
    }

    [Fact]
    public async Task Technician_GrantOfAStrongerSuite_SendsNothing()
    {
        var scene = new HandshakeScene();
        Grant weak = HandshakeScene.Grant;
        Grant strong = new()
        {
            Id = weak.Id, HostKey = weak.HostKey, TenantKey = weak.TenantKey, Issued = weak.Issued, NotBefore = weak.NotBefore, NotAfter = weak.NotAfter,
            MaxOperations = weak.MaxOperations, MinSuite = 2, CodeKind = weak.CodeKind, ScryptLog2N = 16, ScryptR = 8, ScryptP = 2, Salt = weak.Salt,
            RouteKey = weak.RouteKey, PolicyJson = "{}", ConsentMethod = weak.ConsentMethod, ConsentTextHash = weak.ConsentTextHash,
            ConsentedBy = weak.ConsentedBy, Encoded = weak.Encoded, Digest = weak.Digest,
        };
        scene.Technician = scene.Technician with { Grant = strong };
        var links = new RelayedLinks();

        AccessRefusedException refusal = await Assert.ThrowsAsync<AccessRefusedException>(() => TechnicianHandshake.RunAsync(links.Technician, scene.Technician, CancellationToken.None));

        Assert.Equal(RefusalReason.SuiteTooWeak, refusal.Reason);
        Assert.Empty(links.SentToHost);
    }

    private static int Frames(byte[] stream)
    {
        int frames = 0;
        for (int at = 0; at < stream.Length; frames++) at += 4 + ((stream[at + 1] << 16) | (stream[at + 2] << 8) | stream[at + 3]);
        return frames;
    }

    private static async Task<(string Technician, string Host)> OutcomesAsync(HandshakeScene scene, RelayedLinks links)
    {
        Task<string> host = Outcome.OfAsync(() => HostHandshake.RunAsync(links.Host, scene.Host, CancellationToken.None), () => "Channel");
        Task<string> technician = Outcome.OfAsync(() => TechnicianHandshake.RunAsync(links.Technician, scene.Technician, CancellationToken.None), () => "Channel");
        return (await scene.FinishAsync(technician), await scene.FinishAsync(host));
    }
}
