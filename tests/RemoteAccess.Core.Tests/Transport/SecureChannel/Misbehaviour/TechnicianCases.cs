using RemoteAccess.Transport;

namespace RemoteAccess.Tests;

/// <summary>A host's side that does not behave, and what the technician's side must make of it.</summary>
/// <param name="Name">What it does.</param>
/// <param name="Ends">How it ends for the technician; "Read …" when the channel came up and a record arrived.</param>
/// <param name="Run">The behaviour; the peer hangs up afterwards.</param>
internal sealed record TechnicianCase(string Name, string Ends, Func<HandshakeScene, ScriptedHost, Task> Run);

internal static class TechnicianCases
{
    private const string Malformed = "ChannelException.Malformed", OutOfOrder = "ChannelException.OutOfOrder", NotAuthentic = "ChannelException.NotAuthentic";
    private const string Incompatible = "ChannelException.Incompatible", Truncated = "ChannelException.Truncated", LimitExceeded = "ChannelException.LimitExceeded";

    private static readonly byte[] Order = P256Group.OrderBytes.ToArray();

    public static IEnumerable<TechnicianCase> All => [.. Greetings, .. Identities, .. Replies, .. Records];

    private static IEnumerable<TechnicianCase> Greetings =>
    [
        Bytes("frame of unknown kind", Malformed, _ => [0, 0, 0, 1, 0]),
        Bytes("clear frame of 4097 announced", Malformed, _ => [1, 0, 0x10, 1]),
        Bytes("protected frame beyond 16 KiB announced", LimitExceeded, _ => [2, 0, 0x40, 0]),
        Bytes("protected frame first", OutOfOrder, _ => ProtectedFrames.Raw(FrameKind.Protected, new byte[40])),
        Bytes("ClientHello sent back", OutOfOrder, peer => peer.TakeFrames()[0]),
        Bytes("HostAuth first", OutOfOrder, _ => ProtectedFrames.Clear([3, 0, 0, 0])),
        Bytes("clear Reject: not authorized", "AccessRefused.NotAuthorized", _ => ProtectedFrames.Clear([7, 0, 0, 5, 1, 0, 0, 0, 0])),
        Bytes("clear Reject: too many", "AccessRefused.TooManySessions", _ => ProtectedFrames.Clear([7, 0, 0, 5, 17, 0, 0, 0, 0])),
        Bytes("clear Reject: revoked", Malformed, _ => ProtectedFrames.Clear([7, 0, 0, 5, 5, 0, 0, 0, 0])),
        Bytes("Reject with code 0", Malformed, _ => ProtectedFrames.Clear([7, 0, 0, 5, 0, 0, 0, 0, 0])),
        Bytes("Reject a byte long", Malformed, _ => ProtectedFrames.Clear([7, 0, 0, 6, 1, 0, 0, 0, 0, 0])),
        Hello("version 2", Incompatible, hello => With(hello, 5, 2)),
        Hello("suite not offered", Incompatible, hello => With(hello, 39, 2)),
        Hello("suite 0", Incompatible, hello => With(hello, 39, 0)),
        Hello("key off the curve", Malformed, hello => Key(hello, BadPoints.OffCurve)),
        Hello("key all zero", Malformed, hello => Key(hello, BadPoints.Zeros)),
        Hello("key with prefix 02", Malformed, hello => Key(hello, BadPoints.CompressedPrefix)),
        Hello("key compressed", Malformed, hello => Key(hello, BadPoints.Compressed)),
        Hello("key not reduced", Malformed, hello => Key(hello, BadPoints.CoordinateNotReduced)),
        Hello("KEM answer that nobody asked for", Malformed, hello => Body([.. hello.AsSpan(4, hello.Length - 8), 4, 64, .. new byte[1088], 0, 0])),
        Hello("extension that was not offered", Malformed, hello => Body([.. hello.AsSpan(4, hello.Length - 6), 0, 4, 0, 1, 0, 0])),
        Hello("byte after the extensions", Malformed, hello => Body([.. hello.AsSpan(4), 0])),
        new("says nothing", "ChannelException.TimedOut", (_, peer) => peer.WaitAsync()),
        new("hangs up at once", Truncated, (_, _) => Task.CompletedTask),
    ];

    private static IEnumerable<TechnicianCase> Identities =>
    [
        Auth("another computer", NotAuthentic, peer => Sealed(peer, peer.Auth(HandshakeScene.TechnicianKey))),
        Auth("right name, signature of another key", NotAuthentic, peer => Sealed(peer, [.. peer.Auth(HandshakeScene.TechnicianKey).AsSpan(0, 4), .. HandshakeScene.HostKey.PublicKey, .. peer.Auth(HandshakeScene.TechnicianKey).AsSpan(^64..)])),
        Auth("signature zero", NotAuthentic, peer => Sealed(peer, [.. peer.Auth().AsSpan(..^64), .. new byte[64]])),
        Auth("signature with r = n", NotAuthentic, peer => Sealed(peer, [.. peer.Auth().AsSpan(..^64), .. Order, .. new byte[31], 1])),
        Auth("signature of another handshake", NotAuthentic, peer => Sealed(peer, HostAuth.Write(HandshakeScene.HostKey, new byte[32]))),
        Auth("garbage", NotAuthentic, _ => ProtectedFrames.Raw(FrameKind.Protected, new byte[151])),
        Auth("sealed with the technician's own key", NotAuthentic, peer => ProtectedFrames.SealRaw(peer.PeerHandshakeTraffic, 0, [0x16, 0, .. peer.Auth()])),
        Auth("HostAuth clear", OutOfOrder, peer => ProtectedFrames.Clear(peer.Auth())),
        Auth("HostHello twice", OutOfOrder, peer => ProtectedFrames.Clear(peer.Hello())),
        Auth("Reject instead of HostAuth", OutOfOrder, peer => Sealed(peer, new Reject(RefusalReason.Revoked, TimeSpan.Zero).Write())),
        Auth("PakeReply instead of HostAuth", OutOfOrder, peer => Sealed(peer, PakeReply.Write(new byte[65], new byte[32]))),
        Auth("application data instead of HostAuth", OutOfOrder, peer => ProtectedFrames.Seal(peer.Send!, RecordType.Application, [1])),
        Auth("HostAuth a byte long", Malformed, peer => Sealed(peer, [3, 0, 0, 130, .. peer.Auth().AsSpan(4), 0])),
        Auth("padding not zero", Malformed, peer => ProtectedFrames.SealRaw(peer.HandshakeTraffic, 0, [0x16, 1, .. peer.Auth(), 1])),
    ];

    private static IEnumerable<TechnicianCase> Replies =>
    [
        Reply("shareV = w0·N", Malformed, reply => [.. reply.AsSpan(0, 4), .. KnownAnswer.Suite1["w0N"], .. reply.AsSpan(69)]),
        Reply("shareV off the curve", Malformed, reply => [.. reply.AsSpan(0, 4), .. BadPoints.OffCurve, .. reply.AsSpan(69)]),
        Reply("shareV all zero", Malformed, reply => [.. reply.AsSpan(0, 4), .. BadPoints.Zeros, .. reply.AsSpan(69)]),
        Reply("shareV with prefix 02", Malformed, reply => [.. reply.AsSpan(0, 4), .. BadPoints.CompressedPrefix, .. reply.AsSpan(69)]),
        Reply("shareV of another run", "AccessRefused.WrongAccessCode", reply => [.. reply.AsSpan(0, 4), .. HandshakeScene.HostKey.PublicKey, .. reply.AsSpan(69)]),
        Reply("confirmV wrong", "AccessRefused.WrongAccessCode", reply => [.. reply.AsSpan(..^32), .. new byte[32]]),
        Reply("PakeReply a byte long", Malformed, reply => [5, 0, 0, 98, .. reply.AsSpan(4), 0]),
        Reply("PakeFinish instead of PakeReply", OutOfOrder, _ => PakeFinish.Write(new byte[32])),
        Reply("Reject: locked out", "AccessRefused.LockedOut", _ => new Reject(RefusalReason.LockedOut, TimeSpan.FromSeconds(30)).Write()),
        Reply("Reject of a later version", "AccessRefused.200", _ => new Reject((RefusalReason)200, TimeSpan.Zero).Write()),
        new("PakeReply clear", OutOfOrder, async (_, peer) =>
        {
            await peer.ReachAuthAsync();
            await peer.SendAsync(ProtectedFrames.Clear(peer.Reply()));
        }),
        new("HostAuth's frame again", NotAuthentic, async (_, peer) =>
        {
            await peer.ReachAuthAsync();
            await peer.SendAsync(ProtectedFrames.SealRaw(peer.HandshakeTraffic, 0, [0x16, 0, .. peer.Reply()]));
        }),
        new("silent after TechAuth", "ChannelException.TimedOut", async (_, peer) =>
        {
            await peer.ReachAuthAsync();
            await peer.WaitAsync();
        }),
        new("hangs up after TechAuth", Truncated, (_, peer) => peer.ReachAuthAsync()),
    ];

    private static IEnumerable<TechnicianCase> Records =>
    [
        new("hangs up after PakeFinish", Truncated, (_, peer) => peer.ReachChannelAsync()),
        Record("closes instead of answering", "Closed", peer => ProtectedFrames.Seal(peer.Send!, RecordType.Close, [1, 0])),
        Record("changes its key before the answer", "Read 07", peer => [.. ProtectedFrames.Seal(peer.Send!, RecordType.KeyUpdate, [1]), .. Updated(peer, [7])]),
        Record("changes its key and goes on with the old one", NotAuthentic, peer => [.. ProtectedFrames.Seal(peer.Send!, RecordType.KeyUpdate, [1]), .. ProtectedFrames.Seal(peer.Send!, RecordType.Application, [7])]),
        Record("answers under the handshake's key", NotAuthentic, peer => ProtectedFrames.SealRaw(peer.HandshakeTraffic, 2, [0x17, 0, 7])),
        Record("handshake message instead of the answer", OutOfOrder, peer => ProtectedFrames.Seal(peer.Send!, RecordType.Handshake, [1, 0, 0, 0])),
        Record("answer without content", Malformed, peer => ProtectedFrames.Seal(peer.Send!, RecordType.Application, [])),
    ];

    private static TechnicianCase Bytes(string name, string ends, Func<ScriptedHost, byte[]> bytes) => new(name, ends, (_, peer) => peer.SendAsync(bytes(peer)));

    private static TechnicianCase Hello(string name, string ends, Func<byte[], byte[]> change) => Bytes(name, ends, peer => ProtectedFrames.Clear(change(peer.Hello())));

    private static TechnicianCase Auth(string name, string ends, Func<ScriptedHost, byte[]> frame) => new("HostAuth: " + name, ends, async (_, peer) =>
    {
        await peer.GreetAsync();
        await peer.SendAsync(frame(peer));
        Assert.Empty(peer.TakeFrames());
    });

    private static TechnicianCase Reply(string name, string ends, Func<byte[], byte[]> change) => new(name, ends, async (_, peer) =>
    {
        await peer.ReachAuthAsync();
        await peer.SendHandshakeAsync(change(peer.Reply()));
        Assert.Empty(peer.TakeFrames());
    });

    private static TechnicianCase Record(string name, string ends, Func<ScriptedHost, byte[]> frames) => new(name, ends, async (_, peer) =>
    {
        await peer.ReachChannelAsync();
        await peer.SendAsync(frames(peer));
    });

    private static byte[] Updated(ScriptedHost peer, byte[] content)
    {
        KeySchedule.Update(peer.TrafficSecret!);
        return ProtectedFrames.SealRaw(peer.TrafficSecret!, 0, [0x17, 0, .. content]);
    }

    private static byte[] Sealed(ScriptedHost peer, byte[] message) => ProtectedFrames.Seal(peer.Send!, RecordType.Handshake, message);

    private static byte[] With(byte[] message, int index, int value)
    {
        byte[] changed = [.. message];
        changed[index] = (byte)value;
        return changed;
    }

    private static byte[] Body(ReadOnlySpan<byte> body) => [2, 0, (byte)(body.Length >> 8), (byte)body.Length, .. body];

    private static byte[] Key(byte[] hello, byte[] point) => Body([.. hello.AsSpan(4, 36), 0, (byte)point.Length, .. point, 0, 0, 0, 0]);
}
