using System.Security.Cryptography;
using Org.BouncyCastle.Math;

namespace RemoteAccess.Transport;

/// <summary>Numbers modulo the group order n, 32 bytes big-endian on the outside (docs/protocol.md §2).</summary>
internal static class P256Scalar
{
    /// <summary>Bytes a scalar is made from: 64 bits more than n, so that the reduction's bias is below 2^−64.</summary>
    public const int WideLength = 40;

    /// <summary>40 random bytes mod (n−1) + 1: uniform on 1…n−1.</summary>
    public static void FillRandom(Span<byte> scalar)
    {
        using var wide = new PinnedSecret(WideLength);
        RandomNumberGenerator.Fill(wide.Span);
        BigInteger value = new BigInteger(1, wide.Array).Mod(P256Group.Order.Subtract(BigInteger.One)).Add(BigInteger.One);
        Write(value, scalar);
    }

    /// <summary>40 bytes mod n; false when the result is 0 (docs/protocol.md §4: then the salt is changed).</summary>
    public static bool TryReduce(ReadOnlySpan<byte> wide, Span<byte> scalar)
    {
        BigInteger value = Read(wide).Mod(P256Group.Order);
        Write(value, scalar);
        return value.SignValue > 0;
    }

    /// <summary>True for 1…n−1 in 32 bytes.</summary>
    public static bool IsInRange(ReadOnlySpan<byte> scalar) =>
        scalar.Length == P256.ScalarLength && scalar.ContainsAnyExcept((byte)0) && scalar.SequenceCompareTo(P256Group.OrderBytes) < 0;

    /// <summary>True for 64 bytes with 0&lt;r,s&lt;n.</summary>
    public static bool IsSignatureInRange(ReadOnlySpan<byte> signature) =>
        signature.Length == P256.SignatureLength && IsInRange(signature[..P256.ScalarLength]) && IsInRange(signature[P256.ScalarLength..]);

    public static BigInteger Read(ReadOnlySpan<byte> bytes)
    {
        using var copy = new PinnedSecret(bytes);
        return new BigInteger(1, copy.Array);
    }

    public static void Write(BigInteger value, Span<byte> destination)
    {
        byte[] bytes = value.ToByteArrayUnsigned();
        destination[..^bytes.Length].Clear();
        bytes.CopyTo(destination[^bytes.Length..]);
        CryptographicOperations.ZeroMemory(bytes);
    }
}
