using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace RemoteAccess.Picture;

internal readonly record struct ContextNeighbours(uint West, uint North, uint NorthWest, uint NorthEast);

/// <summary>The hash all contexts are made with.</summary>
internal static class ContextColours
{
    /// <summary>No colour.</summary>
    public const uint None = uint.MaxValue;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Hash(uint hash, uint value)
    {
        uint x = (hash ^ value) * 0x9E3779B1;
        return x ^ (x >> 15);
    }
}

/// <summary>Codes a colour that no slot foretold: the left or upper neighbour's, the one seen last in its place, one of the dictionary, or a literal.</summary>
internal ref struct ContextColours<TBits>(TBits bits, ContextModel model)
    where TBits : struct, IContextBits
{
    private readonly ref uint recent = ref MemoryMarshal.GetArrayDataReference(model.RecentColours);
    private readonly ref uint dictionary = ref MemoryMarshal.GetArrayDataReference(model.Dictionary);
    private readonly TBits bits = bits;
    private readonly ContextModel model = model;

    /// <summary>
    /// Codes the colour, which is neither of two, and remembers it under <paramref name="hash"/>. Kind is 1 after a run; else 0, or 2 or 3 where one or two are excluded.
    /// </summary>
    public readonly uint Code(in ContextCells<TBits> cells, uint value, in ContextNeighbours around, int kind, int pattern, uint hash, uint history, uint excluded, uint excludedToo)
    {
        ref uint remembered = ref Unsafe.Add(ref recent, (int)(hash >> (32 - ContextModel.RecentBits)));
        uint west = around.West, north = around.North, last = remembered;
        if (!TBits.Decodes && value != west && value != north && value != last) new ContextPlaces<TBits>(bits, model).Foresee(Neighbours(around), ContextColours.Hash(5, history), 1);
        bool asksWest = west != excluded && west != excludedToo;
        bool asksNorth = north != west && north != excluded && north != excludedToo;
        bool asksLast = last != west && last != north && last != excluded && last != excludedToo;
        int context = kind * ContextModel.Patterns + pattern;
        if ((asksWest | asksNorth | asksLast)
            && cells.Code(ContextModel.Any + context, (asksWest & value == west) | (asksNorth & value == north) | (asksLast & value == last) ? 1 : 0) != 0)
        {
            if (asksWest && (!(asksNorth | asksLast) || cells.Code(ContextModel.IsWest + context, value == west ? 1 : 0) != 0)) value = west;
            else if (asksNorth && (!asksLast || cells.Code(ContextModel.IsNorth + context, value == north ? 1 : 0) != 0)) value = north;
            else value = last;
        }
        else
        {
            value = CodeUnseen(cells, value, around, kind, history);
        }

        remembered = value;
        return value;
    }

    private readonly uint CodeUnseen(in ContextCells<TBits> cells, uint value, in ContextNeighbours around, int kind, uint history)
    {
        int place = Place(value);
        if (cells.Code(ContextModel.Known + kind, Unsafe.Add(ref dictionary, place) == value ? 1 : 0) != 0)
        {
            return Unsafe.Add(ref dictionary, new ContextPlaces<TBits>(bits, model).Code(Neighbours(around), ContextColours.Hash(5, history), place));
        }

        value = ContextLiteral.Code(cells, value, around);
        Unsafe.Add(ref dictionary, Place(value)) = value;
        return value;
    }

    private static uint Neighbours(in ContextNeighbours around) => ContextColours.Hash(ContextColours.Hash(ContextColours.Hash(0, around.West), around.North), around.NorthEast);

    private static int Place(uint colour) => (int)((colour * 0x9E3779B1) >> (32 - ContextModel.DictionaryBits));
}
