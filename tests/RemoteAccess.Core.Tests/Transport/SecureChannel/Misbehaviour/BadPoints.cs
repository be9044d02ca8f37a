using System.Numerics;

namespace RemoteAccess.Tests;

/// <summary>65 bytes (or not) that must never be taken for a point of P-256.</summary>
internal static class BadPoints
{
    private static readonly byte[] Valid = KnownAnswer.Suite1["host_pk"];

    public static byte[] OffCurve => [.. Valid.AsSpan(..^1), (byte)(Valid[^1] ^ 1)];

    public static byte[] Zeros => new byte[65];

    public static byte[] ZeroCoordinates => [4, .. new byte[64]];

    public static byte[] CompressedPrefix => [2, .. Valid.AsSpan(1)];

    public static byte[] HybridPrefix => [(byte)(6 | (Valid[^1] & 1)), .. Valid.AsSpan(1)];

    /// <summary>x + p where x is tiny: a second encoding of a point whose x fits 32 bytes after adding the field prime.</summary>
    public static byte[] CoordinateNotReduced
    {
        get
        {
            // x = 5 is on the curve; p + 5 < 2^256.
            BigInteger p = (BigInteger.One << 256) - (BigInteger.One << 224) + (BigInteger.One << 192) + (BigInteger.One << 96) - 1;
            BigInteger b = BigInteger.Parse("05ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b", System.Globalization.NumberStyles.HexNumber, null);
            BigInteger x = 5, square = ((x * x * x) - (3 * x) + b) % p, y = BigInteger.ModPow(square, (p + 1) / 4, p);
            Assert.Equal(square, y * y % p);
            return [4, .. Bytes(p + x), .. Bytes(y)];
        }
    }

    public static byte[] Compressed => [(byte)(2 | (Valid[^1] & 1)), .. Valid.AsSpan(1, 32)];

    public static byte[] Identity => [0];

    private static byte[] Bytes(BigInteger value)
    {
        byte[] bytes = value.ToByteArray(isUnsigned: true, isBigEndian: true);
        return [.. new byte[32 - bytes.Length], .. bytes];
    }
}
