using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using RemoteAccess.Transport;

namespace RemoteAccess.Trust;

/// <summary>
/// Which bytes were seen to be a grant with its signatures right, by their SHA-256, so that reading them again costs a hash and no signatures. Holds no grant, so that
/// ten thousand cost half a megabyte; when it is full it begins anew. Thread-safe.
/// </summary>
internal sealed class VerifiedGrants
{
    /// <summary>How many hashes are kept.</summary>
    public const int Capacity = 16_384;

    private readonly HashSet<(UInt128, UInt128)> seen = [];

    /// <summary>As <see cref="Grant.TryRead(ReadOnlySpan{byte}, out Grant?)"/>.</summary>
    public bool TryRead(ReadOnlySpan<byte> encoded, [NotNullWhen(true)] out Grant? grant) => TryRead(encoded, P256.Verify, out grant);

    /// <inheritdoc cref="TryRead(ReadOnlySpan{byte}, out Grant?)"/>
    public bool TryRead(ReadOnlySpan<byte> encoded, SignatureCheck isSigned, [NotNullWhen(true)] out Grant? grant)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(encoded, hash);
        (UInt128, UInt128) key = (BinaryPrimitives.ReadUInt128BigEndian(hash), BinaryPrimitives.ReadUInt128BigEndian(hash[16..]));
        bool isKnown;
        lock (seen) isKnown = seen.Contains(key);
        if (isKnown) return Grant.TryReadVerified(encoded, hash, out grant);
        if (!Grant.TryRead(encoded, isSigned, out grant)) return false;
        lock (seen)
        {
            if (seen.Count >= Capacity) seen.Clear();
            seen.Add(key);
        }
        return true;
    }
}
