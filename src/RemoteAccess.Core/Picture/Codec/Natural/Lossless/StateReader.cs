using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace RemoteAccess.Picture;

/// <summary>Reads the symbols of a tile and makes pixels of them.</summary>
internal sealed class StateReader
{
    private readonly ushort[][] energyAbove = [new ushort[64], new ushort[64], new ushort[64]];

    /// <summary>Reads pixels of the current row from one column up to another.</summary>
    public void Read(ref BitReader source, ref int lastState, LosslessRows rows, int from, int to, Span<uint> pixels)
    {
        for (int component = 0; component < LosslessRows.Components; component++) Prepare(rows, component, from, to);
        BitReader bits = source;
        int state = lastState;
        int start = LosslessRows.Start + from;
        var green = new Neighbours(rows, 0, start, energyAbove[0]);
        var red = new Neighbours(rows, 1, start, energyAbove[1]);
        var blue = new Neighbours(rows, 2, start, energyAbove[2]);
        for (int x = from; x < to; x++)
        {
            Next(ref bits, ref state, ref green, x, 0, 0);
            Next(ref bits, ref state, ref red, x, green.MagnitudeLeft, LosslessContext.Count << LosslessStates.Bits);
            Next(ref bits, ref state, ref blue, x, green.MagnitudeLeft + red.MagnitudeLeft, LosslessContext.Count << LosslessStates.Bits);
            pixels[x] = (uint)(((red.Left + green.Left + 128) & 255) << 16 | green.Left << 8 | ((blue.Left + green.Left + 128) & 255));
        }

        source = bits;
        lastState = state;
    }

    /// <summary>The part of the energy that the row above gives.</summary>
    private void Prepare(LosslessRows rows, int component, int from, int to)
    {
        ushort[] above = rows.Above[component], magnitudes = rows.MagnitudesAbove[component], energy = energyAbove[component];
        for (int x = from; x < to; x++)
        {
            int at = LosslessRows.Start + x;
            energy[x] = (ushort)(Math.Abs(above[at] - above[at - 1]) + Math.Abs(above[at + 1] - above[at]) + 4 * magnitudes[at] + 2 * (magnitudes[at - 1] + magnitudes[at + 1]));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Next(ref BitReader bits, ref int state, ref Neighbours near, int x, int magnitudesHere, int firstState)
    {
        int upper = near.Above(x);
        int energy = near.EnergyAbove(x) + Math.Abs(near.Left - near.UpperLeft) + 4 * (near.MagnitudeLeft + magnitudesHere);
        int context = Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(LosslessContext.OfEnergy), energy >> 2);
        bits.Fill();
        int entry = Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(LosslessStates.Reading), (context << LosslessStates.Bits) + firstState + state);
        int following = entry & 7, count = entry >> 3 & 31;
        int read = (int)bits.PeekOrNone(count);
        bits.Skip(count);
        state = (entry >> 16) + (read >> following);
        int folded = (entry >> 8 & 255) + (read & ((1 << following) - 1));
        int residual = (folded >> 1) ^ -(folded & 1);
        near.Set(x, upper, (LosslessSymbols.Median(near.Left, upper, near.UpperLeft) + residual) & 255, Math.Abs(residual));
    }

    /// <summary>What stands around the next pixel in one component.</summary>
    private ref struct Neighbours(LosslessRows rows, int component, int start, ushort[] energyAbove)
    {
        private readonly ref ushort above = ref rows.Above[component][LosslessRows.Start];
        private readonly ref ushort energyAbove = ref energyAbove[0];
        private readonly ref ushort current = ref rows.Current[component][LosslessRows.Start];
        private readonly ref ushort magnitudes = ref rows.Magnitudes[component][LosslessRows.Start];

        public int Left { readonly get; private set; } = rows.Current[component][start - 1];

        public int UpperLeft { readonly get; private set; } = rows.Above[component][start - 1];

        public int MagnitudeLeft { readonly get; private set; } = rows.Magnitudes[component][start - 1];

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly int Above(int x) => Unsafe.Add(ref above, x);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly int EnergyAbove(int x) => Unsafe.Add(ref energyAbove, x);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Set(int x, int upper, int value, int magnitude)
        {
            (Left, UpperLeft, MagnitudeLeft) = (value, upper, magnitude);
            Unsafe.Add(ref current, x) = (ushort)value;
            Unsafe.Add(ref magnitudes, x) = (ushort)magnitude;
        }
    }
}
