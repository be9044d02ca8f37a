using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace RemoteAccess.Picture;

/// <summary>
/// Codes bits by cells of a <see cref="ContextModel"/>: by one, or by two mixed in the logistic domain with learnt weights.
/// A cell is <c>u16 probability of 1 | u8 count | u8 tag</c>, lowest first.
/// </summary>
internal ref struct ContextMixer<TBits>(TBits bits, ContextModel model)
    where TBits : struct, IContextBits
{
    private const int MinProbability = 24;
    private const int PlainLimit = 120;
    private const int MixedLimit = 60;
    private const int LearningShift = 14;
    private const int MaxWeight = 1 << 19;

    private readonly TBits bits = bits;
    private readonly ref uint cells = ref MemoryMarshal.GetArrayDataReference(model.Cells);
    private readonly ref int weights = ref MemoryMarshal.GetArrayDataReference(model.Weights);
    private readonly ref short stretch = ref MemoryMarshal.GetArrayDataReference(ContextLogistic.Stretch);
    private readonly ref ushort squash = ref MemoryMarshal.GetArrayDataReference(ContextLogistic.Squash);
    private readonly ref int rate = ref MemoryMarshal.GetArrayDataReference(ContextLogistic.Rate);

    /// <summary>The cell of a context's node. They stand in pairs; of two that are not its own, the one that saw less gives way.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly int Find(int region, int regionBits, uint context, uint node)
    {
        uint hash = Hash(context, node);
        int at = region + (int)(hash >> (32 - regionBits));
        uint tag = hash << 24;
        return ((Unsafe.Add(ref cells, at) ^ tag) >> 24) == 0 ? at : FindOther(at, tag);
    }

    private readonly int FindOther(int at, uint tag)
    {
        ref uint first = ref Unsafe.Add(ref cells, at);
        ref uint second = ref Unsafe.Add(ref cells, at ^ 1);
        if (((second ^ tag) >> 24) == 0) return at ^ 1;
        uint firstCount = (first >> 16) & 255, secondCount = (second >> 16) & 255;
        if (firstCount <= secondCount)
        {
            first = tag | ContextModel.NewCell;
            second -= (secondCount >> 2) << 16;
            return at;
        }

        second = tag | ContextModel.NewCell;
        first -= (firstCount >> 2) << 16;
        return at ^ 1;
    }

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

    /// <summary>Codes a bit by two cells mixed by a set of weights.</summary>
    public int Code(int set, int cell0, int cell1, int bit)
    {
        ref int w = ref Unsafe.Add(ref weights, set * ContextModel.SetSize);
        int x0 = Stretched(cell0), x1 = Stretched(cell1);
        int one = Squashed(Weighted(ref w, 0, x0) + Weighted(ref w, 1, x1));
        bit = bits.Code((uint)(0x10000 - one), bit);
        int error = (bit << 16) - one;
        Adapt(ref w, 0, x0, error);
        Adapt(ref w, 1, x1, error);
        Learn(cell0, bit);
        Learn(cell1, bit);
        return bit;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Hash(uint context, uint node)
    {
        uint x = ((context * 0x2C1B3C6D) ^ node) * 0x9E3779B1;
        return x ^ (x >> 15);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly int Stretched(int cell) => Unsafe.Add(ref stretch, (int)(Unsafe.Add(ref cells, cell) & 0xFFFF) >> 4);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Weighted(ref int set, int i, int stretched) => Unsafe.Add(ref set, i) * stretched >> 8;

    /// <summary>The probability of 1 that a sum says.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly int Squashed(int sum)
    {
        int dot = Math.Clamp(sum >> 8, -ContextLogistic.Limit, ContextLogistic.Limit);
        return Math.Clamp((int)Unsafe.Add(ref squash, dot + ContextLogistic.Limit), MinProbability, 0x10000 - MinProbability);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Adapt(ref int set, int i, int stretched, int error)
    {
        ref int weight = ref Unsafe.Add(ref set, i);
        weight = Math.Clamp(weight + ((stretched * error + (1 << (LearningShift - 1))) >> LearningShift), -MaxWeight, MaxWeight);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly void Learn(int cell, int bit)
    {
        ref uint c = ref Unsafe.Add(ref cells, cell);
        c = Learn(c, bit, MixedLimit);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly uint Learn(uint cell, int bit, int limit)
    {
        int one = (int)(cell & 0xFFFF);
        int seen = (int)(cell >> 16) & 255;
        one += ((-bit & 0xFFFF) - one) * Unsafe.Add(ref rate, seen) >> 16;
        return (cell & 0xFFFF0000) + (seen < limit ? 0x10000u : 0) | (uint)one;
    }
}
