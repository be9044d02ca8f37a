using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace RemoteAccess.Picture;

/// <summary>
/// 8×8 DCT and quantisation of the encoder: Arai, Agui and Nakajima (1988), 5 multiplications for 8 samples. Single precision without fused
/// multiplications, so that the scalar path gives the same bits as the vectors.
/// </summary>
internal static class ForwardTransform
{
    private const float Cos4 = 0.707106781f, Cos6 = 0.382683433f, Cos2MinusCos6 = 0.541196100f, Cos2PlusCos6 = 1.306562965f;

    /// <summary>Writes 64 levels in stored order and returns which are not 0 (bit = stored place).</summary>
    public static ulong Levels(ref float samples, int pitch, ref float inverse, ref float rounding, ref short levels)
    {
        Vector256<float> r0 = Vector256.LoadUnsafe(ref samples), r1 = Row(ref samples, pitch, 1), r2 = Row(ref samples, pitch, 2), r3 = Row(ref samples, pitch, 3);
        Vector256<float> r4 = Row(ref samples, pitch, 4), r5 = Row(ref samples, pitch, 5), r6 = Row(ref samples, pitch, 6), r7 = Row(ref samples, pitch, 7);
        Pass(ref r0, ref r1, ref r2, ref r3, ref r4, ref r5, ref r6, ref r7);
        Transposition.Swap(ref r0, ref r1, ref r2, ref r3, ref r4, ref r5, ref r6, ref r7);
        Pass(ref r0, ref r1, ref r2, ref r3, ref r4, ref r5, ref r6, ref r7);

        ulong mask = Store(r0, r1, 0, ref inverse, ref rounding, ref levels);
        mask |= Store(r2, r3, 16, ref inverse, ref rounding, ref levels);
        mask |= Store(r4, r5, 32, ref inverse, ref rounding, ref levels);
        return mask | Store(r6, r7, 48, ref inverse, ref rounding, ref levels);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Row(ref float samples, int pitch, int row) => Vector256.LoadUnsafe(ref samples, (nuint)(row * pitch));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Store(Vector256<float> a, Vector256<float> b, int place, ref float inverse, ref float rounding, ref short levels)
    {
        Vector256<short> both = Vector256.Narrow(Level(a, ref inverse, ref rounding, (nuint)place), Level(b, ref inverse, ref rounding, (nuint)place + 8));
        both.StoreUnsafe(ref levels, (nuint)place);
        return (ulong)(~Vector256.Equals(both, Vector256<short>.Zero).ExtractMostSignificantBits() & 0xFFFF) << place;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Level(Vector256<float> value, ref float inverse, ref float rounding, nuint place)
    {
        Vector256<float> scaled = value * Vector256.LoadUnsafe(ref inverse, place);
        Vector256<int> sign = Vector256.ShiftRightArithmetic(scaled.AsInt32(), 31);
        Vector256<int> magnitude = Vector256.ConvertToInt32Native(Vector256.Abs(scaled) + Vector256.LoadUnsafe(ref rounding, place));
        return (magnitude ^ sign) - sign;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Pass(
        ref Vector256<float> r0, ref Vector256<float> r1, ref Vector256<float> r2, ref Vector256<float> r3,
        ref Vector256<float> r4, ref Vector256<float> r5, ref Vector256<float> r6, ref Vector256<float> r7)
    {
        Vector256<float> s0 = r0 + r7, d0 = r0 - r7, s1 = r1 + r6, d1 = r1 - r6, s2 = r2 + r5, d2 = r2 - r5, s3 = r3 + r4, d3 = r3 - r4;
        Vector256<float> e0 = s0 + s3, e3 = s0 - s3, e1 = s1 + s2, e2 = s1 - s2;
        Vector256<float> even = (e2 + e3) * Vector256.Create(Cos4);
        (r0, r4, r2, r6) = (e0 + e1, e0 - e1, e3 + even, e3 - even);

        Vector256<float> o0 = d3 + d2, o1 = d2 + d1, o2 = d1 + d0;
        Vector256<float> turn = (o0 - o2) * Vector256.Create(Cos6);
        Vector256<float> low = o0 * Vector256.Create(Cos2MinusCos6) + turn, high = o2 * Vector256.Create(Cos2PlusCos6) + turn, middle = o1 * Vector256.Create(Cos4);
        Vector256<float> sum = d0 + middle, difference = d0 - middle;
        (r5, r3, r1, r7) = (difference + low, difference - low, sum + high, sum - high);
    }
}
