using System.Numerics;
using System.Runtime.CompilerServices;

namespace RemoteAccess.Picture;

/// <summary>Writes the levels of one block.</summary>
internal static class LossyBlockWriter
{
    /// <summary>The most bytes a block can take: 64 escapes with eleven value bits.</summary>
    public const int MaxBytes = 64 * 5;

    /// <summary>Writes levels in scan order, the first for certain and of the others those in <paramref name="mask"/>; returns how many others that are.</summary>
    public static int Write(ref BitRun target, ref short scanned, ulong mask, int prediction, int lowestTable, int othersTable)
    {
        // A local copy, which the JIT keeps in registers.
        BitRun bits = target;
        ref uint codes = ref LossyCodes.Codes;
        int difference = scanned - prediction, differenceSize = SizeOf(difference);
        Value(ref bits, Unsafe.Add(ref codes, (lowestTable << 8) + differenceSize), difference, differenceSize);

        ulong left = mask & ~1UL;
        int count = BitOperations.PopCount(left);
        ref byte bands = ref Unsafe.AsRef(in LossyContext.BandOf[0]);
        int last = 0;
        for (; left != 0; left &= left - 1)
        {
            int place = BitOperations.TrailingZeroCount(left);
            int value = Unsafe.Add(ref scanned, place);
            int run = place - last - 1;
            int size = SizeOf(value);
            int table = othersTable + Unsafe.Add(ref bands, last);
            uint code = run < 16 ? Unsafe.Add(ref codes, (table << 8) + (run << 4 | size)) : 0;
            if (code == 0)
            {
                uint escape = Unsafe.Add(ref codes, (table << 8) + LossyCodes.Escape);
                bits.Put((escape >> 4) << 10 | (uint)(run << 4 | size), (int)(escape & 15) + 10);
            }

            Value(ref bits, code, value, size);
            last = place;
        }

        if (last < 63)
        {
            uint end = Unsafe.Add(ref codes, (othersTable + Unsafe.Add(ref bands, last)) << 8);
            bits.Put(end >> 4, (int)(end & 15));
        }

        target = bits;
        return count;
    }

    private static int SizeOf(int value) => 32 - BitOperations.LeadingZeroCount((uint)((value ^ (value >> 31)) - (value >> 31)));

    /// <summary>A code, then as many bits of the value as its size: the value itself, or less 1 if it is negative.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Value(ref BitRun bits, uint code, int value, int size)
    {
        uint low = (uint)(value + (value >> 31)) & ((1u << size) - 1);
        bits.Put((code >> 4) << size | low, (int)(code & 15) + size);
    }
}
