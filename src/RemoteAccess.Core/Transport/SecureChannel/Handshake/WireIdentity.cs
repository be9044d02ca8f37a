using System.Security.Cryptography;

namespace RemoteAccess.Transport;

/// <summary>The 32-byte names of tenants and computers: hashes of their public keys (docs/protocol.md §2).</summary>
internal static class WireIdentity
{
    public const int Length = SHA256.HashSizeInBytes;

    public static byte[] Tenant(ReadOnlySpan<byte> publicKey) => Name("RAS1 tenant\0"u8, publicKey);

    public static byte[] Host(ReadOnlySpan<byte> publicKey) => Name("RAS1 host\0"u8, publicKey);

    private static byte[] Name(ReadOnlySpan<byte> label, ReadOnlySpan<byte> publicKey) => SHA256.HashData([.. label, .. publicKey]);
}
