using System.Numerics;
using System.Runtime.InteropServices;

namespace RemoteAccess.Picture;

/// <summary>
/// Makes the fourth byte of pixels 0. An X server hands out whatever the programs left there, and it differs from pixel to pixel; so
/// every row that was read is looked at (a third of the time of a frame), and written only where a byte is set.
/// </summary>
internal static class UnusedByte
{
    private const uint Mask = 0xff000000;

    public static void Clear(Span<uint> pixels)
    {
        Span<Vector<uint>> vectors = MemoryMarshal.Cast<uint, Vector<uint>>(pixels);
        Vector<uint> unused = new(Mask);
        int i = 0;
        for (; i + 4 <= vectors.Length; i += 4)
        {
            Span<Vector<uint>> four = vectors.Slice(i, 4);
            Vector<uint> any = (four[0] | four[1] | four[2] | four[3]) & unused;
            if (any == Vector<uint>.Zero) continue;
            four[0] = Vector.AndNot(four[0], unused);
            four[1] = Vector.AndNot(four[1], unused);
            four[2] = Vector.AndNot(four[2], unused);
            four[3] = Vector.AndNot(four[3], unused);
        }
        foreach (ref uint pixel in pixels[(i * Vector<uint>.Count)..]) pixel &= ~Mask;
    }
}
