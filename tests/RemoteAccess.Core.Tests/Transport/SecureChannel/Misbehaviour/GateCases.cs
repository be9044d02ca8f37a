using System.Security.Cryptography;
using RemoteAccess.Transport;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

/// <summary>What somebody can do in place of a right TechAuth. None of it passes the gate, so none of it charges a guess.</summary>
internal static class GateCases
{
    private const string Malformed = "ChannelException.Malformed", OutOfOrder = "ChannelException.OutOfOrder", NotAuthentic = "ChannelException.NotAuthentic";
    private const string NotAuthorized = "AccessRefused.NotAuthorized", Reject = "Reject.NotAuthorized";

    private static readonly byte[] Order = P256Group.OrderBytes.ToArray();

    public static IEnumerable<HostCase> All =>
    [
        Record("garbage instead of TechAuth", NotAuthentic, PreGateFailure.NotAuthentic, _ => ProtectedFrames.Raw(FrameKind.Protected, new byte[400])),
        Record("TechAuth sealed one number ahead", NotAuthentic, PreGateFailure.NotAuthentic, peer =>
        {
            ProtectedFrames.Seal(peer.Send!, RecordType.Handshake, [0]);
            return ProtectedFrames.Seal(peer.Send!, RecordType.Handshake, peer.Auth());
        }),
        Record("TechAuth sealed with the host's key", NotAuthentic, PreGateFailure.NotAuthentic, peer => ProtectedFrames.SealRaw(peer.PeerHandshakeTraffic, 0, [0x16, 0, .. peer.Auth()])),
        new("TechAuth replayed from another handshake", NotAuthentic, Reject, PreGateFailure.NotAuthentic, 0, ReplayAsync),
        Record("ClientHello again, clear", OutOfOrder, PreGateFailure.OutOfOrder, peer => ProtectedFrames.Clear(peer.Hello())),
        Record("ClientHello again, protected", OutOfOrder, PreGateFailure.OutOfOrder, peer => ProtectedFrames.Seal(peer.Send!, RecordType.Handshake, peer.Hello())),
        Record("PakeFinish instead of TechAuth", OutOfOrder, PreGateFailure.OutOfOrder, peer => ProtectedFrames.Seal(peer.Send!, RecordType.Handshake, PakeFinish.Write(new byte[32]))),
        Record("early application data", OutOfOrder, PreGateFailure.OutOfOrder, peer => ProtectedFrames.Seal(peer.Send!, RecordType.Application, [1, 2, 3])),
        Record("KeyUpdate in the handshake", OutOfOrder, PreGateFailure.OutOfOrder, peer => ProtectedFrames.Seal(peer.Send!, RecordType.KeyUpdate, [1])),
        Record("Close in the handshake", OutOfOrder, PreGateFailure.OutOfOrder, peer => ProtectedFrames.Seal(peer.Send!, RecordType.Close, [1, 0])),
        Record("record of unknown type", Malformed, PreGateFailure.Malformed, peer => ProtectedFrames.SealRaw(peer.HandshakeTraffic, 0, [0x19, 0, .. peer.Auth()])),
        Record("padding not zero", Malformed, PreGateFailure.Malformed, peer => ProtectedFrames.SealRaw(peer.HandshakeTraffic, 0, [0x16, 3, .. peer.Auth(), 0, 1, 0])),
        Record("padding longer than the record", Malformed, PreGateFailure.Malformed, peer => ProtectedFrames.SealRaw(peer.HandshakeTraffic, 0, [0x16, 255, .. new byte[100]])),
        Record("record without a message", Malformed, PreGateFailure.Malformed, peer => ProtectedFrames.SealRaw(peer.HandshakeTraffic, 0, [0x16, 0])),
        Record("oversize frame", "ChannelException.LimitExceeded", PreGateFailure.Malformed, _ => [2, 1, 0, 16], "nothing"),
        Auth("byte after the signature", Malformed, PreGateFailure.Malformed, finished: auth => Resized([.. auth, 0])),
        Auth("TechAuth cut by one byte", Malformed, PreGateFailure.Malformed, finished: auth => Resized(auth[..^1])),
        Auth("reason of 513 bytes", Malformed, PreGateFailure.Malformed, new TechAuthParts { Reason = new string('x', 513) }),
        Auth("reason not UTF-8", Malformed, PreGateFailure.Malformed, new TechAuthParts { Reason = "MARK" }, unsigned: auth => Replaced(auth, "MARK"u8, [0xC3, 0x28, 0xA0, 0xA1])),
        Auth("reason with a control character", Malformed, PreGateFailure.Malformed, new TechAuthParts { Reason = "MARK" }, unsigned: auth => Replaced(auth, "MARK"u8, "M\u001B[K"u8)),
        Auth("resume token of 31 bytes", Malformed, PreGateFailure.Malformed, new TechAuthParts { ResumeToken = new byte[31] }),
        Auth("certificate empty", NotAuthorized, PreGateFailure.Certificate, new TechAuthParts { Certificate = [] }),
        Auth("certificate of version 2", NotAuthorized, PreGateFailure.Certificate, Certificate(bytes => bytes[0] = 2)),
        Auth("certificate with a byte more", NotAuthorized, PreGateFailure.Certificate, new TechAuthParts { Certificate = [.. HandshakeScene.Certificate.Encoded.Span, 0] }),
        Auth("certificate with an unknown operation", NotAuthorized, PreGateFailure.Certificate, Certificate(bytes => bytes[130] = 0x80)),
        Auth("certificate's name empty", NotAuthorized, PreGateFailure.Certificate, Named([])),
        Auth("certificate's name not UTF-8", NotAuthorized, PreGateFailure.Certificate, Named([0xFF, 0xFE])),
        Auth("certificate's name with a control character", NotAuthorized, PreGateFailure.Certificate, Named("A\u001B[2J"u8)),
        Auth("certificate's name that turns the reading direction", NotAuthorized, PreGateFailure.Certificate, Named("A\u202EB"u8)),
        Auth("certificate's key not a point", NotAuthorized, PreGateFailure.Certificate, Certificate(bytes => bytes[113] ^= 1)),
        Auth("certificate of another tenant", NotAuthorized, PreGateFailure.UnknownTenant, new TechAuthParts { Certificate = Issue(HandshakeScene.HostKey) }),
        Auth("certificate with our tenant's id, signed by another", NotAuthorized, PreGateFailure.Certificate, Forged()),
        Auth("certificate's signature zero", NotAuthorized, PreGateFailure.Certificate, Certificate(bytes => bytes.AsSpan(^64..).Clear())),
        Auth("certificate widened after signing", NotAuthorized, PreGateFailure.Certificate, Certificate(bytes => bytes[132] = 3)),
        Auth("signature of another key", NotAuthorized, PreGateFailure.Signature, key: HandshakeScene.HostKey),
        Auth("signature zero", NotAuthorized, PreGateFailure.Signature, finished: auth => Signed(auth, new byte[64])),
        Auth("signature with r = 0", NotAuthorized, PreGateFailure.Signature, finished: auth => Signed(auth, [.. new byte[32], .. auth[^32..]])),
        Auth("signature with s = 0", NotAuthorized, PreGateFailure.Signature, finished: auth => Signed(auth, [.. auth[^64..^32], .. new byte[32]])),
        Auth("signature with r = n", NotAuthorized, PreGateFailure.Signature, finished: auth => Signed(auth, [.. Order, .. auth[^32..]])),
        Auth("signature with s = n", NotAuthorized, PreGateFailure.Signature, finished: auth => Signed(auth, [.. auth[^64..^32], .. Order])),
        Auth("signature with r all ones", NotAuthorized, PreGateFailure.Signature, finished: auth => Signed(auth, [.. Enumerable.Repeat((byte)0xFF, 32), .. auth[^32..]])),
        Auth("operations changed after signing", NotAuthorized, PreGateFailure.Signature, finished: auth => Replaced(auth, [0, 0, 0, 1, 0, 11], [0, 0, 0, 3, 0, 11])),
        new("hangs up after HostAuth", "ChannelException.Truncated", "nothing", PreGateFailure.HungUp, 0, (_, peer) => peer.GreetAsync()),
        new("silent after HostAuth", "ChannelException.TimedOut", "nothing", PreGateFailure.TimedOut, 0, async (_, peer) =>
        {
            await peer.GreetAsync();
            await peer.WaitAsync();
        }),
        new("certificate expired", NotAuthorized, Reject, PreGateFailure.Certificate, 0, (scene, peer) => AtAsync(scene, peer, HandshakeScene.Certificate.NotAfter + TimeSpan.FromSeconds(301))),
    ];

    private static HostCase Record(string name, string ends, PreGateFailure counted, Func<ScriptedTechnician, byte[]> frame, string hears = Reject) =>
        new(name, ends, hears, counted, Charged: 0, async (_, peer) =>
        {
            await peer.GreetAsync();
            await peer.SendAsync(frame(peer));
        });

    private static HostCase Auth(
        string name, string ends, PreGateFailure counted, TechAuthParts? parts = null, Func<byte[], byte[]>? unsigned = null,
        Func<byte[], byte[]>? finished = null, ISigningKey? key = null) =>
        new(name, ends, Reject, counted, Charged: 0, async (_, peer) =>
        {
            await peer.GreetAsync();
            byte[] auth = peer.Auth(parts, unsigned, key);
            await peer.SendHandshakeAsync(finished is null ? auth : finished(auth));
        });

    private static async Task AtAsync(HandshakeScene scene, ScriptedTechnician peer, DateTimeOffset now)
    {
        // The host's clock moves on while the technician is greeted: only the flight's limit would notice, so move first.
        scene.Clock.Set(now);
        await peer.GreetAsync();
        await peer.SendHandshakeAsync(peer.Auth());
    }

    private static async Task ReplayAsync(HandshakeScene scene, ScriptedTechnician peer)
    {
        using var other = new ScriptedTechnician(new HandshakeScene());
        await other.GreetAsync();
        byte[] recorded = ProtectedFrames.Seal(other.Send!, RecordType.Handshake, other.Auth());
        await peer.GreetAsync();
        await peer.SendAsync(recorded);
    }

    private static TechAuthParts Certificate(Action<byte[]> change)
    {
        byte[] bytes = HandshakeScene.Certificate.Encoded.ToArray();
        change(bytes);
        return new TechAuthParts { Certificate = bytes };
    }

    /// <summary>A certificate that the right tenant signed over a name it should never have.</summary>
    private static TechAuthParts Named(ReadOnlySpan<byte> name)
    {
        byte[] original = HandshakeScene.Certificate.Encoded.ToArray();
        return new TechAuthParts { Certificate = Sign([.. original.AsSpan(0, 134), (byte)name.Length, .. name], HandshakeScene.TenantKey) };
    }

    private static TechAuthParts Forged() => new() { Certificate = Sign(HandshakeScene.Certificate.Encoded[..^64].ToArray(), HandshakeScene.TechnicianKey) };

    private static byte[] Sign(byte[] content, EcdsaSigningKey key)
    {
        byte[] signature = new byte[64];
        key.Sign(SignedStatement.Over(SignedStatement.TechCertificate, SHA256.HashData(content)), signature);
        return [.. content, .. signature];
    }

    private static byte[] Issue(ISigningKey tenant)
    {
        TechnicianCertificate original = HandshakeScene.Certificate;
        return TechnicianCertificate.Sign(
            tenant, original.Serial.Span, original.TechnicianKey.Span, original.Name, original.NotBefore, original.NotAfter, original.MaxOperations).Encoded.ToArray();
    }

    private static byte[] Signed(byte[] auth, byte[] signature) => [.. auth.AsSpan(..^64), .. signature];

    private static byte[] Resized(byte[] message) => [message[0], 0, (byte)((message.Length - 4) >> 8), (byte)(message.Length - 4), .. message.AsSpan(4)];

    private static byte[] Replaced(byte[] message, ReadOnlySpan<byte> old, ReadOnlySpan<byte> replacement)
    {
        byte[] changed = [.. message];
        int at = changed.AsSpan().IndexOf(old);
        Assert.True(at > 0);
        replacement.CopyTo(changed.AsSpan(at));
        return changed;
    }
}
