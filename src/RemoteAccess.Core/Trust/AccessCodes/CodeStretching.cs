using System.Buffers.Binary;
using System.Security.Cryptography;
using Org.BouncyCastle.Crypto.Generators;
using RemoteAccess.Transport;

namespace RemoteAccess.Trust;

/// <summary>
/// scrypt over the access code (docs/protocol.md §4): what makes each guess cost a third of a second and 64 MiB. Cost and salt come from
/// the signed grant only, and are held to limits on both ends: too cheap helps a thief of the verifier, too dear helps whoever hands a
/// technician a hostile grant.
/// </summary>
internal static class CodeStretching
{
    /// <summary>Two scalars of 40 bytes.</summary>
    public const int OutputLength = 2 * P256Scalar.WideLength;
    public const int SaltLength = 16;

    public const int MinLog2N = 15;

    /// <summary>Least N·r·p.</summary>
    public const long MinWork = 1 << 19;

    /// <summary>Most N·r·p: eight times the default, some seconds.</summary>
    public const long MaxWork = 1 << 23;

    /// <summary>Most memory, 128·N·r bytes.</summary>
    public const long MaxMemory = 256L << 20;

    /// <summary>Whether a grant's cost is one that this software computes.</summary>
    public static bool IsAcceptableCost(int log2N, int r, int p)
    {
        if (log2N is < MinLog2N or > 30 || r < 1 || p < 1) return false;
        long n = 1L << log2N, work = n * r * p;
        return work is >= MinWork and <= MaxWork && 128 * n * r <= MaxMemory;
    }

    /// <summary>le64(len)‖code ‖ le64(32)‖tenant_id ‖ le64(32)‖host_id.</summary>
    public static PinnedSecret Password(ReadOnlySpan<byte> code, ReadOnlySpan<byte> tenantId, ReadOnlySpan<byte> hostId)
    {
        var password = new PinnedSecret((3 * 8) + code.Length + tenantId.Length + hostId.Length);
        Span<byte> rest = password.Span;
        Add(ref rest, code);
        Add(ref rest, tenantId);
        Add(ref rest, hostId);
        return password;
    }

    /// <summary>The 80 bytes; about 0.3 s at the default cost. The cost must be acceptable.</summary>
    public static PinnedSecret Stretch(PinnedSecret password, ReadOnlySpan<byte> salt, int log2N, int r, int p)
    {
        byte[] output = SCrypt.Generate(password.Array, salt.ToArray(), 1 << log2N, r, p, OutputLength);
        var stretched = new PinnedSecret(output);
        CryptographicOperations.ZeroMemory(output);
        return stretched;
    }

    private static void Add(ref Span<byte> rest, ReadOnlySpan<byte> part)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(rest, (ulong)part.Length);
        part.CopyTo(rest[8..]);
        rest = rest[(8 + part.Length)..];
    }
}
