using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace RemoteAccess.Picture;

/// <summary>Reads the symbols of a tile and makes pixels of them.</summary>
internal sealed class StateReader
{
    private readonly ushort[][] energyAbove = [new ushort[64], new ushort[64], new ushort[64]];

    /// <summary>The state of each component where a tile begins, and where it ends.</summary>
    public (int Green, int Red, int Blue) States { get; set; }

    /// <summary>Reads pixels of the current row from one column up to another.</summary>
    public void Read(ref BitReader source, LosslessRows rows, int from, int to, Span<uint> pixels)
    {
        for (int component = 0; component < LosslessRows.Components; component++) Prepare(rows, component, from, to);
        ref byte contexts = ref MemoryMarshal.GetArrayDataReference(LosslessContext.OfEnergy);
        ref int reading = ref MemoryMarshal.GetArrayDataReference(LosslessStates.Reading);
        ref int readingColour = ref Unsafe.Add(ref reading, LosslessContext.Count << LosslessStates.Bits);
        BitReader bits = source;
        (int greenState, int redState, int blueState) = States;
        int start = LosslessRows.Start + from;
        var green = new Neighbours(rows, 0, start, energyAbove[0]);
        var red = new Neighbours(rows, 1, start, energyAbove[1]);
        var blue = new Neighbours(rows, 2, start, energyAbove[2]);
        for (int x = from; x < to; x++)
        {
            Next(ref bits, ref greenState, ref green, x, 0, ref contexts, ref reading);
            Next(ref bits, ref redState, ref red, x, green.MagnitudeLeft, ref contexts, ref readingColour);
            Next(ref bits, ref blueState, ref blue, x, green.MagnitudeLeft + red.MagnitudeLeft, ref contexts, ref readingColour);
            pixels[x] = (uint)(((red.Left + green.Left + 128) & 255) << 16 | green.Left << 8 | ((blue.Left + green.Left + 128) & 255));
        }

        source = bits;
        States = (greenState, redState, blueState);
    }

    /// <summary>The part of the energy that the row above gives; what lies past the last column means nothing.</summary>
    private void Prepare(LosslessRows rows, int component, int from, int to)
    {
        ref ushort above = ref rows.Above[component][LosslessRows.Start], magnitudes = ref rows.MagnitudesAbove[component][LosslessRows.Start];
        ref ushort before = ref rows.Above[component][LosslessRows.Start - 1], magnitudesBefore = ref rows.MagnitudesAbove[component][LosslessRows.Start - 1];
        ref ushort energies = ref energyAbove[component][0];
        for (nuint x = (nuint)from; x < (nuint)to; x += 8)
        {
            Vector128<short> upper = Vector128.LoadUnsafe(ref above, x).AsInt16(), corner = Vector128.LoadUnsafe(ref before, x).AsInt16(), next = Vector128.LoadUnsafe(ref above, x + 1).AsInt16();
            Vector128<short> corners = Vector128.LoadUnsafe(ref magnitudesBefore, x).AsInt16() + Vector128.LoadUnsafe(ref magnitudes, x + 1).AsInt16();
            Vector128<short> energy = Vector128.Abs(upper - corner) + Vector128.Abs(next - upper) + (Vector128.LoadUnsafe(ref magnitudes, x).AsInt16() << 2) + (corners << 1);
            energy.AsUInt16().StoreUnsafe(ref energies, x);
        }
    }

    // Without branches, which would be guessed wrong as often as not.
    private static int Magnitude(int value) => (value ^ (value >> 31)) - (value >> 31);

    private static int Lower(int a, int b) => b + ((a - b) & ((a - b) >> 31));

    private static int Higher(int a, int b) => a - ((a - b) & ((a - b) >> 31));

    private static int Median(int left, int upper, int upperLeft) => Higher(Lower(left + upper - upperLeft, Higher(left, upper)), Lower(left, upper));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Next(ref BitReader bits, ref int state, ref Neighbours near, int x, int magnitudesHere, ref byte contexts, ref int reading)
    {
        int upper = near.Above(x);
        int energy = near.EnergyAbove(x) + Magnitude(near.Left - near.UpperLeft) + 4 * (near.MagnitudeLeft + magnitudesHere);
        int context = Unsafe.Add(ref contexts, energy >> 2);
        bits.Fill();
        int entry = Unsafe.Add(ref reading, (context << LosslessStates.Bits) + state);
        int following = entry & 7, count = entry >> 3 & 31;
        int read = (int)bits.PeekOrNone(count);
        bits.Skip(count);
        state = (entry >> 16) + (read >> following);
        int folded = (entry >> 8 & 255) + (read & ((1 << following) - 1));
        int residual = (folded >> 1) ^ -(folded & 1);
        near.Set(x, upper, (Median(near.Left, upper, near.UpperLeft) + residual) & 255, (folded + 1) >> 1);
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
