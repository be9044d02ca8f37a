using RemoteAccess.Transport;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

/// <summary>Both drivers with the known inputs and deterministic signatures: every byte they put on the wire is the known one.</summary>
public sealed class KnownHandshakeTests
{
    [Fact]
    public async Task Handshake_KnownInputs_SendsTheKnownBytes()
    {
        KnownAnswer kat = KnownAnswer.Suite1;
        var scene = new HandshakeScene();
        using EcdsaSigningKey hostKey = EcdsaSigningKey.FromScalar(kat["host_sk"], new BouncyCastleP256());
        using EcdsaSigningKey technicianKey = EcdsaSigningKey.FromScalar(kat["tech_sk"], new BouncyCastleP256());
        scene.Host = scene.Host with { SigningKey = hostKey, Entropy = KnownEntropy.Host(kat) };
        scene.Technician = scene.Technician with { SigningKey = technicianKey, Entropy = KnownEntropy.Technician(kat) };
        var links = new RelayedLinks();

        (SecureChannel technician, SecureChannel host) = await scene.ConnectAsync(links.Technician, links.Host);

        byte[] toHost = [.. ProtectedFrames.Clear(kat["ClientHello"]), .. kat["frame_TechAuth"], .. kat["frame_PakeFinish"]];
        byte[] toTechnician = [.. ProtectedFrames.Clear(kat["HostHello"]), .. kat["frame_HostAuth"], .. kat["frame_PakeReply"]];
        Assert.Equal(Convert.ToHexString(toHost), Convert.ToHexString(links.SentToHost));
        Assert.Equal(Convert.ToHexString(toTechnician), Convert.ToHexString(links.SentToTechnician));
        Assert.Equal(kat["session_id"], technician.SessionId.ToArray());
        Assert.Equal(kat["session_id"], host.SessionId.ToArray());
        Assert.Equal((toHost.Length, toTechnician.Length), (technician.BytesSent, technician.BytesReceived));
        Assert.Equal((toTechnician.Length, toHost.Length), (host.BytesSent, host.BytesReceived));
        Assert.Equal((1, 1, 0), (scene.Authority.Charged, scene.Authority.Accepted, scene.Authority.Abandoned));
        ConnectRequest request = Assert.Single(scene.Authority.Admissions);
        Assert.Equal("Ticket 4711: printer spooler", request.Reason);
        Assert.Equal("Alex Tester", request.Certificate.Name);
    }

    [Fact]
    public async Task Host_KnownClientHelloOfSuite2_IsRefusedAsIncompatible()
    {
        var scene = new HandshakeScene();
        using var peer = new ScriptedTechnician(scene);

        await peer.SendAsync(ProtectedFrames.Clear(new KnownAnswer(2)["ClientHello"]));

        Assert.Equal("ChannelException.Incompatible", await peer.EndAsync());
        Assert.Equal([PreGateFailure.VersionOrSuite], scene.Authority.Rejects);
    }

    [Fact]
    public async Task Technician_KnownHostHelloOfSuite2_IsRefusedAsIncompatible()
    {
        var scene = new HandshakeScene();
        using var peer = new ScriptedHost(scene);

        await peer.SendAsync(ProtectedFrames.Clear(new KnownAnswer(2)["HostHello"]));

        Assert.Equal("ChannelException.Incompatible", await peer.EndAsync());
    }
}
