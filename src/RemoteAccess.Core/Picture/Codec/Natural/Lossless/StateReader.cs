using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace RemoteAccess.Picture;

/// <summary>Reads the symbols of a tile.</summary>
internal sealed class StateReader
{
    /// <summary>Eight symbols of 15 bits take no more.</summary>
    private const int MaxBytes = 16;

    private (uint First, uint Second, uint Third, uint Fourth) states;

    /// <summary>Whether the states are where the writer began.</summary>
    public bool IsAtEnd => states == default;

    /// <summary>Reads the states with which a tile begins.</summary>
    public void Begin(ref BitReader bits) =>
        states = (bits.Read(LosslessStates.Bits), bits.Read(LosslessStates.Bits), bits.Read(LosslessStates.Bits), bits.Read(LosslessStates.Bits));

    /// <summary>Puts folded residuals in place of a component's contexts, in a row's columns from one up to another, both multiples of eight.</summary>
    public void Read(ref BitReader bits, Span<byte> symbols)
    {
        int rushed = bits.HasAhead(symbols.Length / 8 * MaxBytes) ? symbols.Length : 0;
        if (rushed > 0) Rush(ref bits, symbols);
        else
            for (int x = 0; x < symbols.Length; x += LosslessStates.Turns)
            {
                Step(ref bits, ref states.First, ref symbols[x]);
                Step(ref bits, ref states.Second, ref symbols[x + 1]);
                Step(ref bits, ref states.Third, ref symbols[x + 2]);
                Step(ref bits, ref states.Fourth, ref symbols[x + 3]);
            }
    }

    private void Rush(ref BitReader source, Span<byte> symbols)
    {
        // Local copies, which the JIT keeps in registers.
        ref byte bits = ref source.Open(out ulong ready, out int readyBits);
        (uint first, uint second, uint third, uint fourth) = states;
        ref uint reading = ref MemoryMarshal.GetArrayDataReference(LosslessStates.Reading);
        ref byte at = ref MemoryMarshal.GetReference(symbols);
        ref byte end = ref Unsafe.Add(ref at, symbols.Length);
        while (Unsafe.IsAddressLessThan(ref at, ref end))
        {
            // A symbol takes 15 bits at most, three take fewer than are ready.
            bits = ref BitRush.Fill(ref bits, ref ready, ref readyBits);
            Next(ref ready, ref readyBits, ref first, ref at, ref reading);
            Next(ref ready, ref readyBits, ref second, ref Unsafe.Add(ref at, 1), ref reading);
            Next(ref ready, ref readyBits, ref third, ref Unsafe.Add(ref at, 2), ref reading);
            bits = ref BitRush.Fill(ref bits, ref ready, ref readyBits);
            Next(ref ready, ref readyBits, ref fourth, ref Unsafe.Add(ref at, 3), ref reading);
            Next(ref ready, ref readyBits, ref first, ref Unsafe.Add(ref at, 4), ref reading);
            Next(ref ready, ref readyBits, ref second, ref Unsafe.Add(ref at, 5), ref reading);
            bits = ref BitRush.Fill(ref bits, ref ready, ref readyBits);
            Next(ref ready, ref readyBits, ref third, ref Unsafe.Add(ref at, 6), ref reading);
            Next(ref ready, ref readyBits, ref fourth, ref Unsafe.Add(ref at, 7), ref reading);
            at = ref Unsafe.Add(ref at, 8);
        }

        source.Close(ref bits, ready, readyBits);
        states = (first, second, third, fourth);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Next(ref ulong ready, ref int readyBits, ref uint state, ref byte symbol, ref uint reading)
    {
        uint entry = Unsafe.Add(ref reading, ((uint)symbol << LosslessStates.Bits) + state);
        uint read = BitRush.Take(ref ready, ref readyBits, entry);
        // Shifts take the lowest bits of a count.
        uint high = read >> (int)(entry >> 8);
        state = (entry >> 21) + high;
        symbol = (byte)((entry >> 13) + read - (high << (int)(entry >> 8)));
    }

    private static void Step(ref BitReader bits, ref uint state, ref byte symbol)
    {
        uint entry = LosslessStates.Reading[((uint)symbol << LosslessStates.Bits) + state];
        int count = (int)entry & 63, following = (int)entry >> 8 & 31;
        uint read = count == 0 ? 0 : bits.Read(count);
        state = (entry >> 21) + (read >> following);
        symbol = (byte)((entry >> 13) + (read & ((1u << following) - 1)));
    }
}
