using System.Security.Cryptography;
using System.Text;

namespace RemoteAccess.Transport;

/// <summary>The key schedule of docs/protocol.md §6: HKDF-SHA256 with the protocol's labels.</summary>
internal static class KeySchedule
{
    public const int SecretLength = 32;
    public const int SessionIdLength = 16;

    private const int MaxLabel = 255;

    /// <summary>XL(secret, label, context, L): L is the length of <paramref name="output"/>.</summary>
    public static void Expand(ReadOnlySpan<byte> secret, ReadOnlySpan<byte> label, ReadOnlySpan<byte> context, Span<byte> output)
    {
        ReadOnlySpan<byte> prefix = "ras1 "u8;
        if (prefix.Length + label.Length > MaxLabel) throw new ArgumentException("A label has at most 250 bytes.", nameof(label));
        Span<byte> info = stackalloc byte[2 + 1 + MaxLabel + 1 + byte.MaxValue];
        var writer = new BodyWriter(info);
        writer.U16(output.Length);
        writer.U8((byte)(prefix.Length + label.Length));
        writer.Bytes(prefix);
        writer.Bytes(label);
        writer.U8(checked((byte)context.Length));
        writer.Bytes(context);
        HKDF.Expand(HashAlgorithmName.SHA256, secret, output, info[..^writer.Remaining]);
    }

    /// <summary>HS from the ECDH value.</summary>
    public static void HandshakeSecret(ReadOnlySpan<byte> sharedX, Span<byte> secret) =>
        HKDF.Extract(HashAlgorithmName.SHA256, sharedX, SHA256.HashData("RAS1 handshake"u8), secret);

    /// <summary>MS from HS's "derived" and SPAKE2+'s K_shared.</summary>
    public static void MasterSecret(ReadOnlySpan<byte> derived, ReadOnlySpan<byte> sharedKey, Span<byte> secret) =>
        HKDF.Extract(HashAlgorithmName.SHA256, sharedKey, derived, secret);

    public static void RecordKey(ReadOnlySpan<byte> trafficSecret, Span<byte> key) => Expand(trafficSecret, "key"u8, [], key);

    public static void RecordIv(ReadOnlySpan<byte> trafficSecret, Span<byte> iv) => Expand(trafficSecret, "iv"u8, [], iv);

    /// <summary>The next traffic secret of a direction, in place of the present one.</summary>
    public static void Update(PinnedSecret trafficSecret)
    {
        using var next = new PinnedSecret(SecretLength);
        Expand(trafficSecret.Span, "upd"u8, [], next.Span);
        next.Span.CopyTo(trafficSecret.Span);
    }

    /// <summary>Key material for a use outside the channel: XL(exporter, "use "+label, H(context), L).</summary>
    public static void Export(ReadOnlySpan<byte> exporter, string label, ReadOnlySpan<byte> context, Span<byte> output) =>
        Expand(exporter, Encoding.ASCII.GetBytes("use " + label), SHA256.HashData(context), output);
}
