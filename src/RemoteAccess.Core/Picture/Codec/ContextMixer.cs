using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace RemoteAccess.Picture;

/// <summary>
/// Codes bits by cells of a <see cref="ContextModel"/>: by one, or by up to eight mixed in the logistic domain with learnt weights.
/// A cell is <c>u16 probability of 1 | u8 count | u8 tag</c>, lowest first.
/// </summary>
internal ref struct ContextMixer<TBits>(TBits bits, ContextModel model)
    where TBits : struct, IContextBits
{
    private const int MinProbability = 24;
    private const int PlainLimit = 250;
    private const int MixedLimit = 60;
    private const int LearningShift = 14;
    private const int MaxWeight = 1 << 19;

    private readonly TBits bits = bits;
    private readonly ref uint cells = ref MemoryMarshal.GetArrayDataReference(model.Cells);
    private readonly ref int weights = ref MemoryMarshal.GetArrayDataReference(model.Weights);
    private readonly ref short stretch = ref MemoryMarshal.GetArrayDataReference(ContextLogistic.Stretch);
    private readonly ref ushort squash = ref MemoryMarshal.GetArrayDataReference(ContextLogistic.Squash);
    private readonly ref int rate = ref MemoryMarshal.GetArrayDataReference(ContextLogistic.Rate);
    private Inputs inputs;
    private int count;

    /// <summary>The cells of a context's nodes stand in pairs; of two that are not its own, the one that saw less gives way.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void AddHashed(int region, int regionBits, uint context, uint node)
    {
        uint hash = Hash(context, node);
        int at = region + (int)(hash >> (32 - regionBits));
        uint tag = hash << 24;
        ref uint first = ref Unsafe.Add(ref cells, at);
        if (((first ^ tag) >> 24) != 0)
        {
            ref uint second = ref Unsafe.Add(ref cells, at ^ 1);
            if (((second ^ tag) >> 24) == 0)
            {
                at ^= 1;
            }
            else
            {
                uint firstCount = (first >> 16) & 255, secondCount = (second >> 16) & 255;
                if (firstCount <= secondCount)
                {
                    first = tag | ContextModel.NewCell;
                    second -= (secondCount >> 2) << 16;
                }
                else
                {
                    second = tag | ContextModel.NewCell;
                    first -= (firstCount >> 2) << 16;
                    at ^= 1;
                }
            }
        }

        Add(at);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(int cell) => Unsafe.Add(ref inputs.First, count++) = cell;

    /// <summary>An input that knows nothing, so that the others keep their weights.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void AddNothing() => Add(0);

    /// <summary>Codes a bit by one cell.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int CodePlain(int cell, int bit)
    {
        ref uint c = ref Unsafe.Add(ref cells, cell);
        int one = Math.Clamp((int)(c & 0xFFFF), MinProbability, 0x10000 - MinProbability);
        bit = bits.Code((uint)(0x10000 - one), bit);
        c = Learn(c, bit, PlainLimit);
        return bit;
    }

    /// <summary>Codes a bit of which nothing is known.</summary>
    public int CodeEven(int bit) => bits.Code(RangeEncoder.Even, bit);

    /// <summary>Codes a bit by the cells added since the last one, mixed by a set of weights.</summary>
    public int CodeMixed(int set, int bit)
    {
        ref int weight = ref Unsafe.Add(ref weights, set * ContextModel.SetSize);
        ref int input = ref inputs.First;
        int n = count;
        Inputs gathered = default;
        for (int i = 0; i < n; i++)
            Unsafe.Add(ref gathered.First, i) = Unsafe.Add(ref stretch, (int)(Unsafe.Add(ref cells, Unsafe.Add(ref input, i)) & 0xFFFF) >> 4);

        // Inputs that are not there are 0: they add nothing and their weights stay.
        Vector256<int> stretched = Vector256.LoadUnsafe(ref gathered.First);
        Vector256<int> weighting = Vector256.LoadUnsafe(ref weight);
        int dot = Math.Clamp(Vector256.Sum((weighting * stretched) >> 8) >> 8, -ContextLogistic.Limit, ContextLogistic.Limit);
        int one = Math.Clamp((int)Unsafe.Add(ref squash, dot + ContextLogistic.Limit), MinProbability, 0x10000 - MinProbability);
        bit = bits.Code((uint)(0x10000 - one), bit);
        int error = (bit << 16) - one;
        weighting += ((stretched * error) + Vector256.Create(1 << (LearningShift - 1))) >> LearningShift;
        Vector256.Min(Vector256.Max(weighting, Vector256.Create(-MaxWeight)), Vector256.Create(MaxWeight)).StoreUnsafe(ref weight);
        for (int i = 0; i < n; i++)
        {
            ref uint c = ref Unsafe.Add(ref cells, Unsafe.Add(ref input, i));
            c = Learn(c, bit, MixedLimit);
        }

        cells = ContextModel.NewCell;
        count = 0;
        return bit;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Hash(uint context, uint node)
    {
        uint x = ((context * 0x2C1B3C6D) ^ node) * 0x9E3779B1;
        return x ^ (x >> 15);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly uint Learn(uint cell, int bit, int limit)
    {
        int one = (int)(cell & 0xFFFF);
        int seen = (int)(cell >> 16) & 255;
        one += ((-bit & 0xFFFF) - one) * Unsafe.Add(ref rate, seen) >> 16;
        return (cell & 0xFFFF0000) + (seen < limit ? 0x10000u : 0) | (uint)one;
    }

    [InlineArray(ContextModel.SetSize)]
    private struct Inputs
    {
        private int first;

        [System.Diagnostics.CodeAnalysis.UnscopedRef]
        public ref int First => ref first;
    }
}
