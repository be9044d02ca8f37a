using System.Numerics;
using RemoteAccess.Transport;

namespace RemoteAccess.Picture;

/// <summary>Codes how long a run is, by what was seen before it in this row.</summary>
internal struct ContextRuns
{
    private const int FarthestBreak = 63;
    private const int MixedRemainderBits = 5;

    /// <summary>Where the last run was broken, or -1.</summary>
    public int LastBreak;

    /// <summary>The colour that broke it.</summary>
    public uint LastColour;

    /// <summary>A byte of each of the last four colours that differ from the pixel before: a letter's part of the row, wherever it stands in it.</summary>
    public uint History;

    public void Saw(uint colour) => History = (History << 8) | (ContextColours.Hash(77, colour) >> 24);

    public void Broke(int at, uint colour)
    {
        LastBreak = at;
        LastColour = colour;
        Saw(colour);
    }

    /// <summary>Codes a length of 0 to <paramref name="limit"/>.</summary>
    public int Code<TBits>(ref ContextMixer<TBits> mixer, int at, int limit, int length, bool continuesNorth)
        where TBits : struct, IContextBits
    {
        int log = Math.Min(BitOperations.Log2((uint)limit), 15);
        int distance = LastBreak < 0 ? FarthestBreak : Math.Min(at - LastBreak, FarthestBreak);
        uint limitClass = (uint)(limit > 40 ? 40 + log : limit);
        int isWhole = Code(ref mixer, ContextModel.RunSets + log, 0,
            ContextColours.Hash(11, (limitClass * 64 + (uint)distance) * 2 + (continuesNorth ? 1u : 0)),
            ContextColours.Hash(13, ContextColours.Hash(History, limitClass)), length == limit ? 1 : 0);
        if (isWhole != 0) return limit;

        uint first = ContextColours.Hash(21, (uint)distance * 64 + limitClass), second = ContextColours.Hash(22, History);
        int exponent = BitOperations.Log2((uint)length + 1);
        uint node = 1;
        for (int i = 3; i >= 0; i--)
        {
            node = node * 2 + (uint)Code(ref mixer, ContextModel.RunExponentSets + i, node, first, second, (exponent >> i) & 1);
        }

        exponent = (int)node & 15;
        int remainder = length + 1 - (1 << exponent);
        int coded = 0;
        node = 1;
        for (int i = exponent - 1; i >= 0; i--)
        {
            int bit = (remainder >> i) & 1;
            if (exponent - 1 - i < MixedRemainderBits)
            {
                bit = Code(ref mixer, ContextModel.RunRemainderSets + exponent, (uint)exponent * 64 + node + 100, first, second, bit);
                node = node * 2 + (uint)bit;
            }
            else
            {
                bit = mixer.CodeEven(bit);
            }

            coded = coded * 2 + bit;
        }

        length = (1 << exponent) + coded - 1;
        if (length >= limit) throw RangeDecoder.Malformed("a run beyond its limit");
        return length;
    }

    private static int Code<TBits>(ref ContextMixer<TBits> mixer, int set, uint node, uint first, uint second, int bit)
        where TBits : struct, IContextBits
    {
        int cell0 = mixer.Find(ContextModel.RunHash, ContextModel.RunHashBits, first, node);
        int cell1 = mixer.Find(ContextModel.RunHash, ContextModel.RunHashBits, second, node);
        return mixer.Code(set, cell0, cell1, bit);
    }
}
