using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace RemoteAccess.Picture;

/// <summary>
/// 8×8 inverse DCT of the decoder: Arai, Agui and Nakajima, in whole numbers modulo 2^32, so that every decoder gives the same pixels.
/// docs/picture-natural.md writes it down step by step.
/// </summary>
internal static class InverseTransform
{
    private const int Places = 11;
    private const int Sqrt2 = 2896, TwoCos2 = 3784, TwoCos2MinusCos6 = 2217, TwoCos2PlusCos6 = 5352;

    /// <summary>From 64 coefficients in stored order to 8 rows of 8 bytes; the coefficients are 0 afterwards.</summary>
    public static void Samples(Span<int> coefficients, Span<byte> target, int pitch, bool vectors)
    {
        if (vectors) SamplesByVector(ref coefficients[..64][0], ref target[..(pitch * 7 + 8)][0], pitch);
        else SamplesOneByOne(coefficients, target, pitch);
    }

    /// <summary>The same for a block of which only the lowest frequency is not 0: there both passes only copy it.</summary>
    public static void Flat(Span<int> coefficients, Span<byte> target, int pitch)
    {
        ulong samples = (ulong)Math.Clamp((coefficients[0] + Centre) >> Shift, 0, 255) * 0x0101010101010101;
        coefficients[0] = 0;
        ref byte row = ref target[..(pitch * 7 + 8)][0];
        for (int y = 0; y < 8; y++) Unsafe.WriteUnaligned(ref Unsafe.Add(ref row, y * pitch), samples);
    }

    private static void SamplesByVector(ref int coefficients, ref byte target, int pitch)
    {
        Vector256<int> r0 = Vector256.LoadUnsafe(ref coefficients), r1 = Vector256.LoadUnsafe(ref coefficients, 8), r2 = Vector256.LoadUnsafe(ref coefficients, 16), r3 = Vector256.LoadUnsafe(ref coefficients, 24);
        Vector256<int> r4 = Vector256.LoadUnsafe(ref coefficients, 32), r5 = Vector256.LoadUnsafe(ref coefficients, 40), r6 = Vector256.LoadUnsafe(ref coefficients, 48), r7 = Vector256.LoadUnsafe(ref coefficients, 56);
        for (nuint at = 0; at < 64; at += 8) Vector256<int>.Zero.StoreUnsafe(ref coefficients, at);
        Pass(ref r0, ref r1, ref r2, ref r3, ref r4, ref r5, ref r6, ref r7);
        Vector256<float> f0 = r0.AsSingle(), f1 = r1.AsSingle(), f2 = r2.AsSingle(), f3 = r3.AsSingle(), f4 = r4.AsSingle(), f5 = r5.AsSingle(), f6 = r6.AsSingle(), f7 = r7.AsSingle();
        Transposition.Swap(ref f0, ref f1, ref f2, ref f3, ref f4, ref f5, ref f6, ref f7);
        (r0, r1, r2, r3, r4, r5, r6, r7) = (f0.AsInt32(), f1.AsInt32(), f2.AsInt32(), f3.AsInt32(), f4.AsInt32(), f5.AsInt32(), f6.AsInt32(), f7.AsInt32());
        Pass(ref r0, ref r1, ref r2, ref r3, ref r4, ref r5, ref r6, ref r7);
        Store(r0, r1, ref target, pitch);
        Store(r2, r3, ref Unsafe.Add(ref target, 2 * pitch), pitch);
        Store(r4, r5, ref Unsafe.Add(ref target, 4 * pitch), pitch);
        Store(r6, r7, ref Unsafe.Add(ref target, 6 * pitch), pitch);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector256<int> a, Vector256<int> b, ref byte target, int pitch)
    {
        Vector256<short> words = Vector256.Narrow(Clamp(a), Clamp(b));
        Vector128<byte> bytes = Vector128.Narrow(words.GetLower(), words.GetUpper()).AsByte();
        Unsafe.WriteUnaligned(ref target, bytes.AsUInt64()[0]);
        Unsafe.WriteUnaligned(ref Unsafe.Add(ref target, pitch), bytes.AsUInt64()[1]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Clamp(Vector256<int> value)
    {
        Vector256<int> level = Vector256.ShiftRightArithmetic(value + Vector256.Create(Centre), Shift);
        return Vector256.Min(Vector256.Max(level, Vector256<int>.Zero), Vector256.Create(255));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Pass(
        ref Vector256<int> r0, ref Vector256<int> r1, ref Vector256<int> r2, ref Vector256<int> r3,
        ref Vector256<int> r4, ref Vector256<int> r5, ref Vector256<int> r6, ref Vector256<int> r7)
    {
        Vector256<int> e0 = r0 + r4, e1 = r0 - r4, e3 = r2 + r6, e2 = Times(r2 - r6, Sqrt2) - e3;
        Vector256<int> p0 = e0 + e3, p3 = e0 - e3, p1 = e1 + e2, p2 = e1 - e2;

        Vector256<int> s53 = r5 + r3, d53 = r5 - r3, s17 = r1 + r7, d17 = r1 - r7;
        Vector256<int> q7 = s17 + s53, turn = Times(d53 + d17, TwoCos2);
        Vector256<int> q6 = turn - Times(d53, TwoCos2PlusCos6) - q7;
        Vector256<int> q5 = Times(s17 - s53, Sqrt2) - q6;
        Vector256<int> q4 = Times(d17, TwoCos2MinusCos6) - turn + q5;
        (r0, r1, r2, r3, r4, r5, r6, r7) = (p0 + q7, p1 + q6, p2 + q5, p3 - q4, p3 + q4, p2 - q5, p1 - q6, p0 - q7);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Times(Vector256<int> value, int factor) => Vector256.ShiftRightArithmetic(value * Vector256.Create(factor), Places);

    private const int Shift = Quantisation.Places + 3;
    private const int Centre = (128 << Shift) + (1 << (Shift - 1));

    private static void SamplesOneByOne(Span<int> coefficients, Span<byte> target, int pitch)
    {
        for (int column = 0; column < 8; column++) Pass(ref coefficients[column], 8);
        for (int row = 0; row < 8; row++) Pass(ref coefficients[row * 8], 1);
        for (int x = 0; x < 8; x++)
            for (int y = 0; y < 8; y++) target[y * pitch + x] = (byte)Math.Clamp((coefficients[x * 8 + y] + Centre) >> Shift, 0, 255);
        coefficients[..64].Clear();
    }

    private static void Pass(ref int first, int step)
    {
        ref int r0 = ref first, r1 = ref Unsafe.Add(ref first, step), r2 = ref Unsafe.Add(ref first, 2 * step), r3 = ref Unsafe.Add(ref first, 3 * step);
        ref int r4 = ref Unsafe.Add(ref first, 4 * step), r5 = ref Unsafe.Add(ref first, 5 * step), r6 = ref Unsafe.Add(ref first, 6 * step), r7 = ref Unsafe.Add(ref first, 7 * step);
        int e0 = r0 + r4, e1 = r0 - r4, e3 = r2 + r6, e2 = Times(r2 - r6, Sqrt2) - e3;
        int p0 = e0 + e3, p3 = e0 - e3, p1 = e1 + e2, p2 = e1 - e2;

        int s53 = r5 + r3, d53 = r5 - r3, s17 = r1 + r7, d17 = r1 - r7;
        int q7 = s17 + s53, turn = Times(d53 + d17, TwoCos2);
        int q6 = turn - Times(d53, TwoCos2PlusCos6) - q7;
        int q5 = Times(s17 - s53, Sqrt2) - q6;
        int q4 = Times(d17, TwoCos2MinusCos6) - turn + q5;
        (r0, r1, r2, r3, r4, r5, r6, r7) = (p0 + q7, p1 + q6, p2 + q5, p3 - q4, p3 + q4, p2 - q5, p1 - q6, p0 - q7);
    }

    private static int Times(int value, int factor) => unchecked(value * factor) >> Places;
}
