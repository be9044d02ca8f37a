using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using RemoteAccess.Transport;

namespace RemoteAccess.Picture;

/// <summary>Reads the levels of one block.</summary>
internal static class LossyBlockReader
{
    private const int MaxSize = 11;

    /// <summary>
    /// Reads a block into coefficients that are all 0, in stored order; returns how many others than the lowest frequency are not 0.
    /// <paramref name="lowest"/> comes in as the prediction of the lowest frequency's level and goes out as the level.
    /// </summary>
    /// <exception cref="ChannelException"><see cref="ChannelError.Malformed"/>: no bits of a block.</exception>
    public static int Read(ref BitReader source, Span<int> coefficients, int[] steps, ref int lowest, int lowestTable, int othersTable)
    {
        // A local copy, which the JIT keeps in registers.
        BitReader bits = source;
        ref ushort lookup = ref LossyCodes.Lookup;
        bits.Fill();
        lowest += Value(ref bits, LossyCodes.Read(ref bits, ref lookup, lowestTable));
        ref int coefficient = ref coefficients[..64][0];
        ref int step = ref MemoryMarshal.GetArrayDataReference(steps);
        ref byte stored = ref ScanOrder.Stored[0];
        ref byte bands = ref Unsafe.AsRef(in LossyContext.BandOf[0]);
        coefficient = lowest * step;

        int count = 0;
        for (int last = 0; last < 63; count++)
        {
            bits.Fill();
            int symbol = LossyCodes.Read(ref bits, ref lookup, othersTable + Unsafe.Add(ref bands, last));
            if (symbol == LossyCodes.EndOfBlock) break;
            (int run, int size) = (symbol >> 4, symbol & 15);
            if (symbol == LossyCodes.Escape)
            {
                uint escaped = bits.Peek(10);
                bits.Skip(10);
                bits.Fill();
                (run, size) = ((int)(escaped >> 4), (int)(escaped & 15));
                if (size is 0 or > MaxSize) throw BitReader.Malformed("size of a level");
            }

            last += run + 1;
            if (last > 63) throw BitReader.Malformed("run of levels");
            int place = Unsafe.Add(ref stored, last);
            Unsafe.Add(ref coefficient, place) = Value(ref bits, size) * Unsafe.Add(ref step, place);
        }

        source = bits;
        return count;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Value(ref BitReader bits, int size)
    {
        if (size == 0) return 0;
        int value = (int)bits.Peek(size);
        bits.Skip(size);
        // Without a branch, which would be guessed wrong every other time: less 2^size − 1 if the highest bit is 0.
        return value + (((value >> (size - 1)) - 1) & (1 - (1 << size)));
    }
}
