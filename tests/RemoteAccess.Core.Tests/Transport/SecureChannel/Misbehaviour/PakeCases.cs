using RemoteAccess.Transport;

namespace RemoteAccess.Tests;

/// <summary>What a certified technician can do who is past the gate. What comes after the charge stays charged.</summary>
internal static class PakeCases
{
    private const string Malformed = "ChannelException.Malformed", OutOfOrder = "ChannelException.OutOfOrder";
    private const string WrongCode = "AccessRefused.WrongAccessCode", Silence = "nothing";

    public static IEnumerable<HostCase> All =>
    [
        Wants("unknown grant", "GrantUnknown", new TechAuthParts { GrantId = new byte[16] }),
        Wants("stale grant digest", "GrantChanged", new TechAuthParts { GrantDigest = new byte[32] }),
        Wants("operations beyond grant and certificate", "OperationNotGranted", new TechAuthParts { Wanted = Operations.RecordSession }),
        Wants("unknown operation bits", "OperationNotGranted", new TechAuthParts { Wanted = (Operations)0x8000_0001 }),
        new("locked out", "AccessRefused.LockedOut", "Reject.LockedOut", null, 0, (scene, peer) =>
        {
            scene.Authority.AdmitRefusal = RefusalReason.LockedOut;
            return AuthAsync(peer, new TechAuthParts());
        }),
        Share("shareP = w0·M", KnownAnswer.Suite1["w0M"]),
        Share("shareP off the curve", BadPoints.OffCurve),
        Share("shareP all zero", BadPoints.Zeros),
        Share("shareP with prefix 02", BadPoints.CompressedPrefix),
        Share("shareP not reduced", BadPoints.CoordinateNotReduced),
        Finish("hangs up after PakeReply", "ChannelException.Truncated", _ => []),
        new("silent after PakeReply", "ChannelException.TimedOut", Silence, null, 1, async (_, peer) =>
        {
            await peer.ReachReplyAsync();
            await peer.WaitAsync();
        }),
        Finish("confirmP wrong", WrongCode, peer => Sealed(peer, PakeFinish.Write(new byte[32]))),
        Finish("confirmP is confirmV sent back", WrongCode, peer => Sealed(peer, PakeFinish.Write(peer.ConfirmV!))),
        Finish("PakeFinish a byte short", Malformed, peer => Sealed(peer, [6, 0, 0, 31, .. new byte[31]])),
        Finish("PakeFinish a byte long", Malformed, peer => Sealed(peer, [6, 0, 0, 33, .. new byte[33]])),
        Finish("PakeFinish clear", OutOfOrder, peer => ProtectedFrames.Clear(peer.Finish())),
        Finish("TechAuth again", OutOfOrder, peer => Sealed(peer, peer.Auth())),
        Finish("application data instead of PakeFinish", OutOfOrder, peer => ProtectedFrames.Seal(peer.Send!, RecordType.Application, [1])),
        Finish("PakeFinish out of sequence", "ChannelException.NotAuthentic", peer => ProtectedFrames.SealRaw(peer.HandshakeTraffic, 2, [0x16, 0, .. peer.Finish()])),
        Finish("TechAuth's frame replayed", "ChannelException.NotAuthentic", peer => ProtectedFrames.SealRaw(peer.HandshakeTraffic, 0, [0x16, 0, .. peer.Finish()])),
        Finish("data on the heels of PakeFinish", OutOfOrder, peer => [.. Sealed(peer, peer.Finish()), .. ProtectedFrames.Raw(FrameKind.Protected, new byte[40])]),
        Finish("more than 16 KiB in all", "ChannelException.LimitExceeded", _ => [2, 0, 0x3F, 0]),
    ];

    private static HostCase Wants(string name, string refusal, TechAuthParts parts) =>
        new(name, "AccessRefused." + refusal, "Reject." + refusal, null, Charged: 0, (_, peer) => AuthAsync(peer, parts));

    private static HostCase Share(string name, byte[] share) => new(name, WrongCode, "Reject.WrongAccessCode", null, Charged: 1, (_, peer) =>
    {
        peer.ShareP = share;
        return AuthAsync(peer, new TechAuthParts());
    });

    private static HostCase Finish(string name, string ends, Func<ScriptedTechnician, byte[]> bytes) => new(name, ends, Silence, null, Charged: 1, async (_, peer) =>
    {
        await peer.ReachReplyAsync();
        await peer.SendAsync(bytes(peer));
    });

    private static async Task AuthAsync(ScriptedTechnician peer, TechAuthParts parts)
    {
        await peer.GreetAsync();
        await peer.SendHandshakeAsync(peer.Auth(parts));
    }

    private static byte[] Sealed(ScriptedTechnician peer, byte[] message) => ProtectedFrames.Seal(peer.Send!, RecordType.Handshake, message);
}
