using System.Runtime.CompilerServices;

namespace RemoteAccess.Picture;

/// <summary>What <see cref="ForwardTransform"/> does, one number at a time; the same operations in the same order.</summary>
internal static class ForwardTransformScalar
{
    public static ulong Levels(ref float samples, int pitch, ref float inverse, ref float rounding, ref short levels)
    {
        Span<float> work = stackalloc float[64];
        for (int column = 0; column < 8; column++)
        {
            for (int row = 0; row < 8; row++) work[column * 8 + row] = Unsafe.Add(ref samples, row * pitch + column);
            Pass(ref work[column * 8], 1);
        }

        // Here work is [column, vertical frequency], so that the second pass leaves it [horizontal frequency, vertical frequency].
        for (int vertical = 0; vertical < 8; vertical++) Pass(ref work[vertical], 8);

        ulong mask = 0;
        for (int place = 0; place < 64; place++)
        {
            float scaled = work[place] * Unsafe.Add(ref inverse, place);
            int magnitude = (int)(MathF.Abs(scaled) + Unsafe.Add(ref rounding, place));
            short level = (short)(BitConverter.SingleToInt32Bits(scaled) < 0 ? -magnitude : magnitude);
            Unsafe.Add(ref levels, place) = level;
            if (level != 0) mask |= 1UL << place;
        }

        return mask;
    }

    private static void Pass(ref float first, int step)
    {
        ref float r0 = ref first, r1 = ref Unsafe.Add(ref first, step), r2 = ref Unsafe.Add(ref first, 2 * step), r3 = ref Unsafe.Add(ref first, 3 * step);
        ref float r4 = ref Unsafe.Add(ref first, 4 * step), r5 = ref Unsafe.Add(ref first, 5 * step), r6 = ref Unsafe.Add(ref first, 6 * step), r7 = ref Unsafe.Add(ref first, 7 * step);
        float s0 = r0 + r7, d0 = r0 - r7, s1 = r1 + r6, d1 = r1 - r6, s2 = r2 + r5, d2 = r2 - r5, s3 = r3 + r4, d3 = r3 - r4;
        float e0 = s0 + s3, e3 = s0 - s3, e1 = s1 + s2, e2 = s1 - s2;
        float even = (e2 + e3) * 0.707106781f;
        (r0, r4, r2, r6) = (e0 + e1, e0 - e1, e3 + even, e3 - even);

        float o0 = d3 + d2, o1 = d2 + d1, o2 = d1 + d0;
        float turn = (o0 - o2) * 0.382683433f;
        float low = o0 * 0.541196100f + turn, high = o2 * 1.306562965f + turn, middle = o1 * 0.707106781f;
        float sum = d0 + middle, difference = d0 - middle;
        (r5, r3, r1, r7) = (difference + low, difference - low, sum + high, sum - high);
    }
}
