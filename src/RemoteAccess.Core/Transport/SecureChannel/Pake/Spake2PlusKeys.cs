using System.Buffers.Binary;
using System.Security.Cryptography;
using ECPoint = Org.BouncyCastle.Math.EC.ECPoint;

namespace RemoteAccess.Transport;

/// <summary>
/// SPAKE2+'s transcript and key schedule for P256-SHA256-HKDF-SHA256-HMAC-SHA256 (RFC 9383 §3.3 and §3.4). Both sides come to the same
/// values exactly when the access code is the same.
/// </summary>
internal sealed class Spake2PlusKeys : IDisposable
{
    public const int ConfirmationLength = 32;

    private readonly PinnedSecret confirmationKeys = new(64);

    public PinnedSecret Main { get; } = new(32);

    public PinnedSecret Shared { get; } = new(32);

    public ReadOnlySpan<byte> ConfirmKeyP => confirmationKeys.Span[..32];

    public ReadOnlySpan<byte> ConfirmKeyV => confirmationKeys.Span[32..];

    public byte[] ConfirmP { get; } = new byte[ConfirmationLength];

    public byte[] ConfirmV { get; } = new byte[ConfirmationLength];

    public static Spake2PlusKeys Derive(Spake2PlusParties parties, ReadOnlySpan<byte> shareP, ReadOnlySpan<byte> shareV, ECPoint z, ECPoint v, ReadOnlySpan<byte> w0)
    {
        using PinnedSecret transcript = Transcript(parties, shareP, shareV, z, v, w0);
        var keys = new Spake2PlusKeys();
        SHA256.HashData(transcript.Span, keys.Main.Span);
        HKDF.DeriveKey(HashAlgorithmName.SHA256, keys.Main.Span, keys.confirmationKeys.Span, salt: [], info: "ConfirmationKeys"u8);
        HKDF.DeriveKey(HashAlgorithmName.SHA256, keys.Main.Span, keys.Shared.Span, salt: [], info: "SharedKey"u8);
        HMACSHA256.HashData(keys.ConfirmKeyP, shareV, keys.ConfirmP);
        HMACSHA256.HashData(keys.ConfirmKeyV, shareP, keys.ConfirmV);
        return keys;
    }

    /// <summary>TT: each part behind its length in 8 bytes, little-endian.</summary>
    internal static PinnedSecret Transcript(Spake2PlusParties parties, ReadOnlySpan<byte> shareP, ReadOnlySpan<byte> shareV, ECPoint z, ECPoint v, ReadOnlySpan<byte> w0)
    {
        const int Prefix = 8, Parts = 10, Points = 6;
        var transcript = new PinnedSecret(
            (Parts * Prefix) + parties.Context.Length + parties.IdProver.Length + parties.IdVerifier.Length + (Points * P256.PointLength) + w0.Length);
        Span<byte> rest = transcript.Span;
        Add(ref rest, parties.Context.Span);
        Add(ref rest, parties.IdProver.Span);
        Add(ref rest, parties.IdVerifier.Span);
        Add(ref rest, P256Group.Encode(P256Group.M));
        Add(ref rest, P256Group.Encode(P256Group.N));
        Add(ref rest, shareP);
        Add(ref rest, shareV);
        AddSecret(ref rest, z);
        AddSecret(ref rest, v);
        Add(ref rest, w0);
        return transcript;
    }

    public void Dispose()
    {
        confirmationKeys.Dispose();
        Main.Dispose();
        Shared.Dispose();
        CryptographicOperations.ZeroMemory(ConfirmP);
        CryptographicOperations.ZeroMemory(ConfirmV);
    }

    private static void AddSecret(ref Span<byte> rest, ECPoint point)
    {
        byte[] encoded = P256Group.Encode(point);
        Add(ref rest, encoded);
        CryptographicOperations.ZeroMemory(encoded);
    }

    private static void Add(ref Span<byte> rest, ReadOnlySpan<byte> part)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(rest, (ulong)part.Length);
        part.CopyTo(rest[8..]);
        rest = rest[(8 + part.Length)..];
    }
}

/// <summary>What both sides must agree on beforehand: the context and the two names.</summary>
internal sealed record Spake2PlusParties(ReadOnlyMemory<byte> Context, ReadOnlyMemory<byte> IdProver, ReadOnlyMemory<byte> IdVerifier)
{
    /// <summary>Context and names of this protocol; <paramref name="transcriptHash"/> is th_b (docs/protocol.md §6).</summary>
    public static Spake2PlusParties For(ushort suite, ReadOnlySpan<byte> transcriptHash, ReadOnlyMemory<byte> tenantId, ReadOnlyMemory<byte> hostId)
    {
        byte[] context = [.. "RAS1 SPAKE2+ v1\0"u8, (byte)(suite >> 8), (byte)suite, .. transcriptHash];
        return new Spake2PlusParties(context, tenantId, hostId);
    }
}
