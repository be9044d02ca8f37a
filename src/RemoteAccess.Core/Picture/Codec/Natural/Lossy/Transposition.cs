using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace RemoteAccess.Picture;

/// <summary>Swaps rows and columns of 8×8 numbers of 32 bits.</summary>
internal static class Transposition
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Swap(
        ref Vector256<float> r0, ref Vector256<float> r1, ref Vector256<float> r2, ref Vector256<float> r3,
        ref Vector256<float> r4, ref Vector256<float> r5, ref Vector256<float> r6, ref Vector256<float> r7)
    {
        if (Avx.IsSupported)
        {
            Vector256<float> a0 = Avx.UnpackLow(r0, r1), a1 = Avx.UnpackHigh(r0, r1), a2 = Avx.UnpackLow(r2, r3), a3 = Avx.UnpackHigh(r2, r3);
            Vector256<float> a4 = Avx.UnpackLow(r4, r5), a5 = Avx.UnpackHigh(r4, r5), a6 = Avx.UnpackLow(r6, r7), a7 = Avx.UnpackHigh(r6, r7);
            Vector256<float> b0 = Avx.Shuffle(a0, a2, 0x44), b1 = Avx.Shuffle(a0, a2, 0xEE), b2 = Avx.Shuffle(a1, a3, 0x44), b3 = Avx.Shuffle(a1, a3, 0xEE);
            Vector256<float> b4 = Avx.Shuffle(a4, a6, 0x44), b5 = Avx.Shuffle(a4, a6, 0xEE), b6 = Avx.Shuffle(a5, a7, 0x44), b7 = Avx.Shuffle(a5, a7, 0xEE);
            (r0, r1, r2, r3) = (Avx.Permute2x128(b0, b4, 0x20), Avx.Permute2x128(b1, b5, 0x20), Avx.Permute2x128(b2, b6, 0x20), Avx.Permute2x128(b3, b7, 0x20));
            (r4, r5, r6, r7) = (Avx.Permute2x128(b0, b4, 0x31), Avx.Permute2x128(b1, b5, 0x31), Avx.Permute2x128(b2, b6, 0x31), Avx.Permute2x128(b3, b7, 0x31));
            return;
        }

        Vector256<float> c0 = r0, c1 = r1, c2 = r2, c3 = r3, c4 = r4, c5 = r5, c6 = r6, c7 = r7;
        r0 = Vector256.Create(c0[0], c1[0], c2[0], c3[0], c4[0], c5[0], c6[0], c7[0]);
        r1 = Vector256.Create(c0[1], c1[1], c2[1], c3[1], c4[1], c5[1], c6[1], c7[1]);
        r2 = Vector256.Create(c0[2], c1[2], c2[2], c3[2], c4[2], c5[2], c6[2], c7[2]);
        r3 = Vector256.Create(c0[3], c1[3], c2[3], c3[3], c4[3], c5[3], c6[3], c7[3]);
        r4 = Vector256.Create(c0[4], c1[4], c2[4], c3[4], c4[4], c5[4], c6[4], c7[4]);
        r5 = Vector256.Create(c0[5], c1[5], c2[5], c3[5], c4[5], c5[5], c6[5], c7[5]);
        r6 = Vector256.Create(c0[6], c1[6], c2[6], c3[6], c4[6], c5[6], c6[6], c7[6]);
        r7 = Vector256.Create(c0[7], c1[7], c2[7], c3[7], c4[7], c5[7], c6[7], c7[7]);
    }
}
