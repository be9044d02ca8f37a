using Org.BouncyCastle.Asn1.X9;
using Org.BouncyCastle.Crypto.EC;
using Org.BouncyCastle.Math;
using Org.BouncyCastle.Math.EC;
using Org.BouncyCastle.Math.EC.Multiplier;

namespace RemoteAccess.Transport;

/// <summary>
/// Group arithmetic for SPAKE2+ and for the fallback provider. Every multiplication is blinded as k·P = (k−r)·P + r·P with a fresh r, so
/// that its course does not depend on k alone. The big integers of the library cannot be zeroed; they are short-lived.
/// </summary>
internal static class P256Group
{
    private static readonly X9ECParameters Parameters = CustomNamedCurves.GetByName("secp256r1");
    private static readonly ECCurve Curve = Parameters.Curve;
    private static readonly FixedPointCombMultiplier Comb = new();
    private static readonly byte[] FieldBytes = ToBytes(Curve.Field.Characteristic);

    public static BigInteger Order { get; } = Parameters.N;

    public static ReadOnlySpan<byte> OrderBytes => OrderArray;

    private static readonly byte[] OrderArray = ToBytes(Order);

    /// <summary>The generator.</summary>
    public static ECPoint G { get; } = Parameters.G;

    /// <summary>SPAKE2+'s M and N for P-256 (RFC 9383 §4).</summary>
    public static ECPoint M { get; } = Fixed("04886e2f97ace46e55ba9dd7242579f2993b64e16ef3dcab95afd497333d8fa12f5ff355163e43ce224e0b0e65ff02ac8e5c7be09419c785e0ca547d55a12e2d20");

    public static ECPoint N { get; } = Fixed("04d8bbd6c639c62937b04d997f38c3770719c629d7014d49a24b4f98baa1292b4907d60aa6bfade45008a636337f5168c64d9bd36034808cd564490b1e656edbe7");

    /// <summary>True for exactly 65 bytes: 04 and a point of the curve. The identity has no such form; the cofactor is 1.</summary>
    public static bool IsValidPoint(ReadOnlySpan<byte> encoded) => TryDecode(encoded, out _);

    public static bool TryDecode(ReadOnlySpan<byte> encoded, out ECPoint point)
    {
        point = Curve.Infinity;
        if (encoded.Length != P256.PointLength || encoded[0] != 4) return false;
        ReadOnlySpan<byte> x = encoded.Slice(1, P256.CoordinateLength), y = encoded[^P256.CoordinateLength..];
        if (x.SequenceCompareTo(FieldBytes) >= 0 || y.SequenceCompareTo(FieldBytes) >= 0) return false;
        ECPoint candidate = Curve.CreatePoint(P256Scalar.Read(x), P256Scalar.Read(y));
        if (!candidate.IsValid()) return false;
        point = candidate;
        return true;
    }

    /// <summary>The 65 bytes of a point that is not the identity.</summary>
    public static byte[] Encode(ECPoint point) => point.GetEncoded(false);

    /// <summary>k·P for one of the fixed points, from their tables.</summary>
    public static ECPoint MultiplyFixed(ECPoint fixedPoint, ReadOnlySpan<byte> scalar)
    {
        (BigInteger remainder, BigInteger blind) = Split(scalar);
        return Comb.Multiply(fixedPoint, remainder).Add(Comb.Multiply(fixedPoint, blind)).Normalize();
    }

    /// <summary>k·P for any point.</summary>
    public static ECPoint Multiply(ECPoint point, ReadOnlySpan<byte> scalar)
    {
        (BigInteger remainder, BigInteger blind) = Split(scalar);
        return ECAlgorithms.SumOfTwoMultiplies(point, remainder, point, blind).Normalize();
    }

    private static (BigInteger Remainder, BigInteger Blind) Split(ReadOnlySpan<byte> scalar)
    {
        Span<byte> random = stackalloc byte[P256.ScalarLength];
        P256Scalar.FillRandom(random);
        BigInteger blind = P256Scalar.Read(random);
        random.Clear();
        return (P256Scalar.Read(scalar).Subtract(blind).Mod(Order), blind);
    }

    private static ECPoint Fixed(string hex) => Curve.DecodePoint(Convert.FromHexString(hex));

    private static byte[] ToBytes(BigInteger value)
    {
        byte[] bytes = new byte[P256.ScalarLength];
        P256Scalar.Write(value, bytes);
        return bytes;
    }
}
