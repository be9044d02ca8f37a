using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace RemoteAccess.Picture;

/// <summary>Codes how long a flat run is: as it was last time, or else bit by bit.</summary>
internal readonly ref struct ContextRuns(ContextModel model)
{
    private const uint Whole = 0xFFFF;
    private const int LearntRemainderBits = 3;

    private readonly ref uint guesses = ref MemoryMarshal.GetArrayDataReference(model.RunGuesses);

    /// <summary>Codes a length of 0 to <paramref name="limit"/>.</summary>
    public int Code<TBits>(in ContextCells<TBits> cells, int limit, int length, bool continuesNorth, uint history)
        where TBits : struct, IContextBits
    {
        int log = Math.Min(BitOperations.Log2((uint)limit), 15);
        int north = continuesNorth ? 1 : 0;
        uint hash = ContextColours.Hash(ContextColours.Hash(13, history), (uint)north);
        ref uint slot = ref Unsafe.Add(ref guesses, (int)(hash >> (32 - ContextModel.RunBits)));
        uint held = slot >> 16 & 255, confidence = (slot ^ hash << 24) >> 24 == 0 ? held : 0, guess = slot & 0xFFFF;
        int whole = guess == Whole ? 1 : 0;
        uint coded = length == limit ? Whole : (uint)length;
        bool isAsked = confidence > 0 && (whole != 0 || guess < limit);
        if (isAsked && cells.Code(ContextModel.RunGuess + (int)confidence * 4 + whole * 2 + north, coded == guess ? 1 : 0) != 0)
        {
            if (confidence < ContextModel.MaxConfidence) slot += 1 << 16;
            return whole != 0 ? limit : (int)guess;
        }

        bool isWhole = !(isAsked && whole != 0) && cells.Code(ContextModel.RunWhole + log * 2 + north, coded == Whole ? 1 : 0) != 0;
        if (!isWhole)
        {
            int exponent = cells.CodeTree(ContextModel.RunExponent + log * 16, 4, BitOperations.Log2((uint)length + 1));
            int rest = length + 1 - (1 << exponent);
            int learnt = Math.Min(exponent, LearntRemainderBits), direct = exponent - learnt;
            int high = cells.CodeTree(ContextModel.RunRemainder + exponent * 8, learnt, rest >> direct);
            length = (1 << exponent) + (high << direct) + cells.CodeDirect(direct, rest) - 1;
            if (length >= limit) throw RangeDecoder.Malformed("a run beyond its limit");
        }
        else
        {
            length = limit;
        }

        if (ContextModel.Keeps(held, confidence, out uint left)) slot = (slot & 0xFF00FFFF) | left << 16;
        else slot = hash << 24 | 1 << 16 | (isWhole ? Whole : (uint)length);
        return length;
    }
}
