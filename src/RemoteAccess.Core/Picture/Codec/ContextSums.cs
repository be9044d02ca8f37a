using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace RemoteAccess.Picture;

/// <summary>What slots are found by: hashes of the pixels around a place. Up to six pixels after it are read in the rows above.</summary>
internal static class ContextSums
{
    /// <summary>The hash of six neighbours.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Narrow(ref uint northNorth, ref uint north, ref uint row, int at)
    {
        ref uint here = ref Unsafe.Add(ref row, at);
        ref uint n = ref Unsafe.Add(ref north, at);
        return Finish(n * 0x85EBCA77 + Unsafe.Add(ref n, -1) * 0xC2B2AE3D + Unsafe.Add(ref n, 1) * 0x27D4EB2F + Unsafe.Add(ref northNorth, at) * 0xD3A2646D
            + Unsafe.Add(ref here, -1) * 0x9E3779B1 + Unsafe.Add(ref here, -2) * 0x165667B1);
    }

    /// <summary>The hash of the seventeen around four pixels.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Quad(ref uint northNorth, ref uint north, ref uint row, int at)
    {
        ref uint here = ref Unsafe.Add(ref row, at);
        Vector256<uint> above = Vector256.LoadUnsafe(ref Unsafe.Add(ref north, at - 2))
            * Vector256.Create(0xB55A4F09, 0xC2B2AE3D, 0x85EBCA77, 0x27D4EB2F, 0xFD7046C5, 0xB5297A4D, 0x1B56C4E9, 0x94D049BB);
        Vector256<uint> higher = Vector256.LoadUnsafe(ref Unsafe.Add(ref northNorth, at - 1))
            * Vector256.Create(0x297A2D39, 0xD3A2646D, 0x2C1B3C6D, 0x7FEB352D, 0x846CA68B, 0xBF58476D, 0u, 0u);
        return Finish(Vector256.Sum(above + higher) + Unsafe.Add(ref here, -1) * 0x9E3779B1 + Unsafe.Add(ref here, -2) * 0x165667B1 + Unsafe.Add(ref here, -3) * 0x68E31DA5);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Finish(uint sum) => ContextColours.Hash(sum, sum >> 15);
}
