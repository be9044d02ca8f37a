using System.Buffers.Binary;
using RemoteAccess.Transport;

namespace RemoteAccess.Trust;

/// <summary>What both sides sign at the end of a session (docs/ledger-witness.md §4). One layout of fixed length, integers big-endian.</summary>
internal sealed record ReceiptBody
{
    public const int Length = 1 + IdLength + IdLength + 8 + 8 + 8 + MerkleFrontier.HashSize + 8 + MerkleFrontier.HashSize + 4;

    private const byte Version = 1;
    private const int IdLength = 16;
    private const ulong LatestUnixMilliseconds = 253_402_300_799_999;

    /// <summary>16 bytes.</summary>
    public required ReadOnlyMemory<byte> SessionId { get; init; }

    /// <summary>16 bytes.</summary>
    public required ReadOnlyMemory<byte> GrantId { get; init; }

    public required DateTimeOffset Began { get; init; }
    public required DateTimeOffset Ended { get; init; }

    /// <summary>Size of the computer's ledger once the session's end was in it.</summary>
    public required long HostSize { get; init; }

    /// <summary>32 bytes.</summary>
    public required ReadOnlyMemory<byte> HostRoot { get; init; }

    /// <summary>Size of the technician's ledger as the technician's checkpoint had it.</summary>
    public required long TechnicianSize { get; init; }

    /// <summary>32 bytes.</summary>
    public required ReadOnlyMemory<byte> TechnicianRoot { get; init; }

    public required Operations Used { get; init; }

    public byte[] Encode()
    {
        byte[] bytes = new byte[Length];
        bytes[0] = Version;
        Span<byte> rest = Put(bytes.AsSpan(1), SessionId.Span);
        rest = Put(rest, GrantId.Span);
        rest = Put(rest, (ulong)Began.ToUnixTimeMilliseconds());
        rest = Put(rest, (ulong)Ended.ToUnixTimeMilliseconds());
        rest = Put(rest, (ulong)HostSize);
        rest = Put(rest, HostRoot.Span);
        rest = Put(rest, (ulong)TechnicianSize);
        rest = Put(rest, TechnicianRoot.Span);
        BinaryPrimitives.WriteUInt32BigEndian(rest, (uint)Used);
        return bytes;
    }

    /// <summary>False when it is not a receipt, or says what cannot be.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out ReceiptBody? receipt)
    {
        receipt = null;
        if (bytes.Length != Length || bytes[0] != Version) return false;
        bytes = bytes[1..];
        byte[] session = Take(ref bytes, IdLength), grant = Take(ref bytes, IdLength);
        ulong began = TakeInteger(ref bytes), ended = TakeInteger(ref bytes), hostSize = TakeInteger(ref bytes);
        byte[] hostRoot = Take(ref bytes, MerkleFrontier.HashSize);
        ulong technicianSize = TakeInteger(ref bytes);
        byte[] technicianRoot = Take(ref bytes, MerkleFrontier.HashSize);
        var used = (Operations)BinaryPrimitives.ReadUInt32BigEndian(bytes);
        if (began > ended || ended > LatestUnixMilliseconds || hostSize > CanonicalJson.MaxInteger || technicianSize > CanonicalJson.MaxInteger || (used & ~Operations.All) != 0) return false;
        receipt = new ReceiptBody
        {
            SessionId = session,
            GrantId = grant,
            Began = DateTimeOffset.FromUnixTimeMilliseconds((long)began),
            Ended = DateTimeOffset.FromUnixTimeMilliseconds((long)ended),
            HostSize = (long)hostSize,
            HostRoot = hostRoot,
            TechnicianSize = (long)technicianSize,
            TechnicianRoot = technicianRoot,
            Used = used,
        };
        return true;
    }

    /// <summary>The signature of the key's owner, 64 bytes.</summary>
    public static byte[] Sign(ReadOnlySpan<byte> receipt, ISigningKey key)
    {
        byte[] signature = new byte[P256.SignatureLength];
        key.Sign(SignedStatement.OverHashOf(SignedStatement.Receipt, receipt), signature);
        return signature;
    }

    public static bool IsSigned(ReadOnlySpan<byte> receipt, ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> signature) =>
        signature.Length == P256.SignatureLength && P256.Verify(publicKey, SignedStatement.OverHashOf(SignedStatement.Receipt, receipt), signature);

    private static Span<byte> Put(Span<byte> target, ReadOnlySpan<byte> value)
    {
        value.CopyTo(target);
        return target[value.Length..];
    }

    private static Span<byte> Put(Span<byte> target, ulong value)
    {
        BinaryPrimitives.WriteUInt64BigEndian(target, value);
        return target[8..];
    }

    private static byte[] Take(ref ReadOnlySpan<byte> source, int count)
    {
        byte[] taken = source[..count].ToArray();
        source = source[count..];
        return taken;
    }

    private static ulong TakeInteger(ref ReadOnlySpan<byte> source)
    {
        ulong value = BinaryPrimitives.ReadUInt64BigEndian(source);
        source = source[8..];
        return value;
    }
}
