using RemoteAccess.Transport;

namespace RemoteAccess.Fuzz;

/// <summary>A parser of one handshake body. Mutation knows where lengths and points like to be.</summary>
internal abstract class HandshakeBodyFuzz : FuzzTarget
{
    public override bool MutateStructure(Random random, ref byte[] input)
    {
        ReadOnlySpan<int> interesting = [0, 1, 31, 32, 64, 65, 66, 210, 454, 512, 513, 1088, 1184, 4096, 0xFFFF];
        int value = interesting[random.Next(interesting.Length)], at = random.Next(input.Length + 1);
        switch (random.Next(4))
        {
            case 0 when at + 2 <= input.Length:
                (input[at], input[at + 1]) = ((byte)(value >> 8), (byte)value);
                return true;
            case 1:
                input = [.. input.AsSpan(0, at), (byte)(value >> 8), (byte)value, .. new byte[value], .. input.AsSpan(at)];
                return true;
            case 2:
                input = [.. input.AsSpan(0, at), .. FuzzScene.HostKey.PublicKey, .. input.AsSpan(at)];
                return true;
            default:
                input = input[..at];
                return true;
        }
    }

    /// <summary>The body of a whole message.</summary>
    protected static byte[] BodyOf(byte[] message) => message[HandshakeMessage.HeaderLength..];

    protected static void Require(bool holds, string what)
    {
        if (!holds) throw new InvalidOperationException(what);
    }
}

internal sealed class HandshakeMessageFuzz : HandshakeBodyFuzz
{
    public override string Name => "handshake-message";

    public override IReadOnlyList<byte[]> Seeds { get; } = [ClientHello.Write(new byte[32], FuzzScene.HostKey.PublicKey), PakeFinish.Write(new byte[32])];

    public override void Execute(ReadOnlySpan<byte> input)
    {
        if (HandshakeMessage.TryRead(input, out _, out ReadOnlySpan<byte> body)) Require(body.Length == input.Length - 4, "A message that does not fill its frame was taken.");
    }
}

internal sealed class ClientHelloFuzz : HandshakeBodyFuzz
{
    public override string Name => "client-hello";

    private static readonly byte[] Plain = BodyOf(ClientHello.Write(new byte[32], FuzzScene.HostKey.PublicKey));

    public override IReadOnlyList<byte[]> Seeds { get; } = [Plain, [.. Plain.AsSpan(..^4), 4, 0xA0, .. new byte[1184], 0, 8, 0, 1, 0, 0, 0, 2, 0, 0]];

    public override void Execute(ReadOnlySpan<byte> input)
    {
        if (!ClientHello.TryRead(input, out ClientHello hello)) return;
        Require(hello.Suites.Length is >= 2 and <= 16 && hello.Ephemeral.Length == 65 && hello.KemKey.Length is 0 or 1184, "A ClientHello outside its limits was taken.");
        hello.Offers(CipherSuite.P256);
        P256Group.IsValidPoint(hello.Ephemeral);
        HelloExtensions.IsSubset(hello.Extensions, hello.Extensions);
    }
}

internal sealed class HostHelloFuzz : HandshakeBodyFuzz
{
    public override string Name => "host-hello";

    private static readonly byte[] Plain = BodyOf(HostHello.Write(new byte[32], FuzzScene.HostKey.PublicKey));

    public override IReadOnlyList<byte[]> Seeds { get; } = [Plain, [.. Plain.AsSpan(..^4), 4, 64, .. new byte[1088], 0, 4, 0, 1, 0, 0]];

    public override void Execute(ReadOnlySpan<byte> input)
    {
        if (!HostHello.TryRead(input, out HostHello hello)) return;
        Require(hello.Ephemeral.Length == 65 && hello.KemCiphertext.Length is 0 or 1088, "A HostHello outside its limits was taken.");
        P256Group.IsValidPoint(hello.Ephemeral);
        Require(hello.Extensions.IsEmpty || !HelloExtensions.IsSubset(hello.Extensions, []), "An extension that was not offered was let through.");
    }
}

internal sealed class HostAuthFuzz : HandshakeBodyFuzz
{
    public override string Name => "host-auth";

    public override IReadOnlyList<byte[]> Seeds { get; } = [BodyOf(HostAuth.Write(FuzzScene.HostKey, new byte[32]))];

    public override void Execute(ReadOnlySpan<byte> input)
    {
        if (HostAuth.TryRead(input, out HostAuth auth)) Require(auth.HostKey.Length == 65 && auth.Signature.Length == 64, "A HostAuth outside its limits was taken.");
    }
}

internal sealed class TechAuthFuzz : HandshakeBodyFuzz
{
    public override string Name => "tech-auth";

    public override IReadOnlyList<byte[]> Seeds { get; } =
    [
        BodyOf(FuzzScene.UnsignedTechAuth("reason", [])),
        BodyOf(FuzzScene.UnsignedTechAuth(new string('ä', 256), new byte[32])),
    ];

    public override void Execute(ReadOnlySpan<byte> input)
    {
        if (!TechAuth.TryRead(input, out TechAuth auth)) return;
        Require(auth.Reason.Length <= 512 && auth.ResumeToken.Length is 0 or 32 && auth.ShareP.Length == 65 && auth.Signature.Length == 64, "A TechAuth outside its limits was taken.");
        System.Text.Encoding.UTF8.GetString(auth.Reason);
    }
}

internal sealed class PakeReplyFuzz : HandshakeBodyFuzz
{
    public override string Name => "pake-reply";

    public override IReadOnlyList<byte[]> Seeds { get; } = [BodyOf(PakeReply.Write(FuzzScene.HostKey.PublicKey, new byte[32]))];

    public override void Execute(ReadOnlySpan<byte> input)
    {
        if (PakeReply.TryRead(input, out PakeReply reply)) P256Group.TryDecode(reply.ShareV, out _);
        Require(input.Length == 97 || !PakeReply.TryRead(input, out _), "A PakeReply of another length was taken.");
    }
}

internal sealed class PakeFinishFuzz : HandshakeBodyFuzz
{
    public override string Name => "pake-finish";

    public override IReadOnlyList<byte[]> Seeds { get; } = [BodyOf(PakeFinish.Write(new byte[32]))];

    public override void Execute(ReadOnlySpan<byte> input) =>
        Require(PakeFinish.TryRead(input, out _) == (input.Length == 32), "A PakeFinish of another length was taken.");
}

internal sealed class RejectFuzz : HandshakeBodyFuzz
{
    public override string Name => "reject";

    public override IReadOnlyList<byte[]> Seeds { get; } = [BodyOf(new Reject(RefusalReason.LockedOut, TimeSpan.FromSeconds(30)).Write())];

    public override void Execute(ReadOnlySpan<byte> input)
    {
        if (!Reject.TryRead(input, out Reject reject)) return;
        Require(reject.Reason != RefusalReason.None && reject.RetryAfter >= TimeSpan.Zero && reject.RetryAfter <= TimeSpan.FromDays(1), "A Reject outside its limits was taken.");
        _ = new AccessRefusedException(reject.Reason, reject.RetryAfter);
    }
}

internal sealed class RecordBodyFuzz : HandshakeBodyFuzz
{
    public override string Name => "record-body";

    public override IReadOnlyList<byte[]> Seeds { get; } = [[0x17, 0, 1, 2, 3], [0x16, 3, 9, 0, 0, 0], [0x15, 0, 1, 0], [0x18, 0, 1]];

    public override void Execute(ReadOnlySpan<byte> input)
    {
        if (!RecordBody.TryRead(input, out _, out Range content)) return;
        int padding = input.Length - content.End.Value;
        Require(padding == input[1] && !input[content.End.Value..].ContainsAnyExcept((byte)0), "Wrong padding was taken.");
    }
}
