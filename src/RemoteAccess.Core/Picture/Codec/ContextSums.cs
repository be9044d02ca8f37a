using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace RemoteAccess.Picture;

/// <summary>What slots are found by. The rows above are summed for eight pixels at once, where somebody asks; what stands to the left is added for each.</summary>
internal struct ContextSums
{
    private const int Count = 8;

    private Vector256<uint> narrow;
    private Vector256<uint> quad;
    private int first;

    public ContextSums() => first = -Count;

    /// <summary>The hash of six neighbours. Pixels are asked for in their order; up to twelve after it are read.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint Narrow(ref uint northNorth, ref uint north, ref uint row, int at)
    {
        if (at - first >= Count) Fill(ref northNorth, ref north, at);
        ref uint here = ref Unsafe.Add(ref row, at);
        return Finish(Unsafe.Add(ref Unsafe.As<Vector256<uint>, uint>(ref narrow), at - first) + Unsafe.Add(ref here, -1) * 0x9E3779B1 + Unsafe.Add(ref here, -2) * 0x165667B1);
    }

    /// <summary>The hash of the seventeen around four pixels.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint Quad(ref uint northNorth, ref uint north, ref uint row, int at)
    {
        if (at - first >= Count) Fill(ref northNorth, ref north, at);
        ref uint here = ref Unsafe.Add(ref row, at);
        return Finish(Unsafe.Add(ref Unsafe.As<Vector256<uint>, uint>(ref quad), at - first)
            + Unsafe.Add(ref here, -1) * 0x9E3779B1 + Unsafe.Add(ref here, -2) * 0x165667B1 + Unsafe.Add(ref here, -3) * 0x68E31DA5);
    }

    private void Fill(ref uint northNorth, ref uint north, int at)
    {
        ref uint n = ref Unsafe.Add(ref north, at);
        ref uint nn = ref Unsafe.Add(ref northNorth, at);
        first = at;
        narrow = Term(ref n, 0, 0x85EBCA77) + Term(ref n, -1, 0xC2B2AE3D) + Term(ref n, 1, 0x27D4EB2F) + Term(ref nn, 0, 0xD3A2646D);
        quad = narrow + Term(ref n, -2, 0xB55A4F09) + Term(ref n, 2, 0xFD7046C5) + Term(ref n, 3, 0xB5297A4D) + Term(ref n, 4, 0x1B56C4E9) + Term(ref n, 5, 0x94D049BB)
            + Term(ref nn, -1, 0x297A2D39) + Term(ref nn, 1, 0x2C1B3C6D) + Term(ref nn, 2, 0x7FEB352D) + Term(ref nn, 3, 0x846CA68B) + Term(ref nn, 4, 0xBF58476D);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> Term(ref uint pixel, int offset, uint factor) => Vector256.LoadUnsafe(ref Unsafe.Add(ref pixel, offset)) * factor;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Finish(uint sum) => ContextColours.Hash(sum, sum >> 15);
}
