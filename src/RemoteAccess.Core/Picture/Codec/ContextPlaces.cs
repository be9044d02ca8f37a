using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace RemoteAccess.Picture;

/// <summary>
/// Codes a colour's place in the dictionary, two fifths of what text takes. Each of its bits is foretold by three cells: what is frequent, what stood between such
/// neighbours, and what came after such a history. Their probabilities are mixed in the logistic domain, by weights that learn who is right.
/// </summary>
internal readonly ref struct ContextPlaces<TBits>(TBits bits, ContextModel model)
    where TBits : struct, IContextBits
{
    private const int HalfBits = ContextModel.DictionaryBits / 2;
    private const int LearningShift = 14;
    private const int MaxWeight = 1 << 18;
    private const int LineCells = 16;

    private readonly TBits bits = bits;
    private readonly ref uint frequent = ref model.Cells[ContextModel.Place];
    private readonly ref uint between = ref MemoryMarshal.GetArrayDataReference(model.PlacesBetween);
    private readonly ref uint after = ref MemoryMarshal.GetArrayDataReference(model.PlacesAfter);
    private readonly ref int weights = ref MemoryMarshal.GetArrayDataReference(model.Weights);
    private readonly ref short stretch = ref MemoryMarshal.GetArrayDataReference(ContextLogistic.Stretch);
    private readonly ref ushort squash = ref MemoryMarshal.GetArrayDataReference(ContextLogistic.Squash);

    public int Code(uint neighbours, uint history, int place)
    {
        if (!TBits.Decodes) Foresee(neighbours, history, 1 << HalfBits | place >> HalfBits);
        int node = 1;
        for (int bits = ContextModel.DictionaryBits; bits > 0; bits -= HalfBits)
            node = CodeHalf(Context(neighbours, node), Context(history, node), node, place, bits);
        return node - (1 << ContextModel.DictionaryBits);
    }

    /// <summary>An encoder fetches the cells that the half behind this node is going to use: there are two lines of them in each table.</summary>
    public void Foresee(uint neighbours, uint history, int node)
    {
        ref uint second = ref Unsafe.Add(ref between, Place(Context(neighbours, node)) & -LineCells * 2);
        ref uint third = ref Unsafe.Add(ref after, Place(Context(history, node)) & -LineCells * 2);
        NearCache.Fetch(ref second);
        NearCache.Fetch(ref Unsafe.Add(ref second, LineCells));
        NearCache.Fetch(ref third);
        NearCache.Fetch(ref Unsafe.Add(ref third, LineCells));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Context(uint hash, int node) => ContextColours.Hash(hash, (uint)node * 0x2C1B3C6D);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Place(uint hash) => (int)(hash >> (32 - ContextModel.MixedBits));

    /// <summary>Five of the bits that are left, whose cells stand near each other; returns the node they lead to.</summary>
    private int CodeHalf(uint neighbours, uint history, int node, int place, int left)
    {
        for (int near = 1; near < 1 << HalfBits;)
        {
            ref uint first = ref Unsafe.Add(ref frequent, node);
            ref uint second = ref Find(ref between, neighbours, near);
            ref uint third = ref Find(ref after, history, near);
            left--;
            int set = left * 4 + (int)Math.Min(AdaptiveBit.Learnt(second), 3);
            int bit = Code(ref Unsafe.Add(ref weights, set * ContextModel.SetSize), ref first, ref second, ref third, (place >> left) & 1);
            node = node * 2 + bit;
            near = near * 2 + bit;
        }

        return node;
    }

    /// <summary>The cell of a context's node; one that was another's begins anew.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ref uint Find(ref uint cells, uint hash, int near)
    {
        ref uint cell = ref Unsafe.Add(ref cells, Place(hash) ^ near);
        uint tag = (hash & 255) << 8;
        if (((cell ^ tag) & 0xFF00) != 0) cell = AdaptiveBit.New | tag;
        return ref cell;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Code(ref int weight, ref uint first, ref uint second, ref uint third, int bit)
    {
        int x0 = Stretched(first), x1 = Stretched(second), x2 = Stretched(third);
        ref int weight1 = ref Unsafe.Add(ref weight, 1);
        ref int weight2 = ref Unsafe.Add(ref weight, 2);
        int mixed = Math.Clamp((weight * x0 + weight1 * x1 + weight2 * x2) >> 16, -ContextLogistic.Limit, ContextLogistic.Limit);
        int zero = Unsafe.Add(ref squash, ContextLogistic.Limit + mixed);
        bit = bits.Code((uint)zero, bit);
        int error = (bit == 0 ? 0x10000 : 0) - zero;
        weight = Adapted(weight, x0, error);
        weight1 = Adapted(weight1, x1, error);
        weight2 = Adapted(weight2, x2, error);
        first = AdaptiveBit.Learn(first, bit);
        second = AdaptiveBit.Learn(second, bit);
        third = AdaptiveBit.Learn(third, bit);
        return bit;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Stretched(uint cell) => Unsafe.Add(ref stretch, (int)(cell >> 20));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Adapted(int weight, int x, int error) =>
        Math.Clamp(weight + ((x * error + (1 << (LearningShift - 1))) >> LearningShift), -MaxWeight, MaxWeight);
}
