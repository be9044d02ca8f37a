using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace RemoteAccess.Picture;

internal readonly record struct ContextNeighbours(uint West, uint North, uint NorthEast, uint NorthWest);

/// <summary>The hash all contexts are made with.</summary>
internal static class ContextColours
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Hash(uint hash, uint value)
    {
        uint x = (hash ^ value) * 0x9E3779B1;
        return x ^ (x >> 15);
    }
}

/// <summary>Codes a colour that no slot foretold: one of the neighbours', one of the dictionary, or a literal.</summary>
internal ref struct ContextColours<TBits>(ContextModel model)
    where TBits : struct, IContextBits
{
    private const int GuessCount = 3;
    private const int MaxTrust = 15;

    private readonly ref uint pairColours = ref MemoryMarshal.GetArrayDataReference(model.PairColours);
    private readonly ref uint breakColours = ref MemoryMarshal.GetArrayDataReference(model.BreakColours);
    private readonly ref uint dictionary = ref MemoryMarshal.GetArrayDataReference(model.Dictionary);
    private readonly ref uint guesses = ref MemoryMarshal.GetArrayDataReference(model.Guesses);
    private Colours excluded;
    private int excludedCount;

    /// <summary>Names a colour that it is not.</summary>
    public void Exclude(uint colour) => excluded[excludedCount++] = colour;

    private readonly bool IsExcluded(uint colour)
    {
        for (int i = 0; i < excludedCount; i++)
            if (excluded[i] == colour) return true;
        return false;
    }

    public void Clear() => excludedCount = 0;

    public readonly ref uint BreakColour(uint west, uint last) =>
        ref Unsafe.Add(ref breakColours, (int)(ContextColours.Hash(ContextColours.Hash(ContextColours.Hash(0, west), last), 0) >> (32 - ContextModel.PairBits)));

    /// <summary>Codes the colour; kind is 1 after a run, 2 or 3 after a slot that was wrong, 8 + pattern where no slot had a colour.</summary>
    public uint Code(ref ContextMixer<TBits> mixer, uint value, in ContextNeighbours around, int kind, int pattern, uint context1, uint context2, uint context3)
    {
        int afterRun = kind == 1 ? 1 : 0;
        ref uint pair = ref Unsafe.Add(ref pairColours, (int)(ContextColours.Hash(ContextColours.Hash(0, around.West), around.North) >> (32 - ContextModel.PairBits)));
        Colours candidates = default;
        candidates[0] = around.West;
        candidates[1] = around.North;
        candidates[2] = around.NorthEast;
        candidates[3] = around.NorthWest;
        candidates[4] = pair;
        candidates[5] = ContextGradient.Plane(around.West, around.North, around.NorthWest);
        for (int i = 0; i < 6; i++)
        {
            uint candidate = candidates[i];
            if (IsExcluded(candidate)) continue;
            int cell = ContextModel.CandidatePattern + (i * 32 + pattern) * 8 + Math.Min(kind, 4);
            int isIt = value == candidate ? 1 : 0;
            if (i < ContextModel.MixedCandidates)
            {
                int byContext = mixer.Find(ContextModel.LiteralHash, ContextModel.LiteralHashBits, ContextColours.Hash(300 + (uint)i, context1), 1);
                isIt = mixer.Code(ContextModel.CandidateSets + i * 2 + afterRun, cell, byContext, isIt);
            }
            else
            {
                isIt = mixer.CodePlain(cell, isIt);
            }

            if (isIt != 0)
            {
                pair = candidate;
                return candidate;
            }

            Exclude(candidate);
        }

        value = CodeUnseen(ref mixer, value, around, kind, afterRun, context1, context2, context3);
        pair = value;
        return value;
    }

    private readonly uint CodeUnseen(ref ContextMixer<TBits> mixer, uint value, in ContextNeighbours around, int kind, int afterRun, uint context1, uint context2, uint context3)
    {
        int place = (int)((value * 0x9E3779B1) >> (32 - ContextModel.DictionaryBits));
        uint flatness = ContextGradient.Flatness(around);
        int byKind = ContextModel.KnownKind + kind, byFlatness = ContextModel.KnownFlatness + (int)flatness;
        bool known = mixer.Code(ContextModel.KnownSets + afterRun, byKind, byFlatness, Unsafe.Add(ref dictionary, place) == value ? 1 : 0) != 0;

        uint salt = (uint)afterRun;
        ref uint guess1 = ref Guess(ContextColours.Hash(100 + salt, context1));
        ref uint guess2 = ref Guess(ContextColours.Hash(102 + salt, context2));
        ref uint guess3 = ref Guess(ContextColours.Hash(104 + salt, context3));
        if (known)
        {
            uint context = afterRun != 0 ? ContextColours.Hash(200, context2) : ContextColours.Hash(201, around.West);
            place = CodePlace(ref mixer, place, afterRun, context, guess1, guess2, guess3);
            value = Unsafe.Add(ref dictionary, place);
        }
        else
        {
            value = ContextLiteral.Code(ref mixer, value, around, flatness);
            place = (int)((value * 0x9E3779B1) >> (32 - ContextModel.DictionaryBits));
            Unsafe.Add(ref dictionary, place) = value;
        }

        Confirm(ref guess1, (uint)place);
        Confirm(ref guess2, (uint)place);
        Confirm(ref guess3, (uint)place);
        return value;
    }

    /// <summary>The place of a colour that the dictionary holds: one of the guesses', else bit by bit.</summary>
    private static int CodePlace(ref ContextMixer<TBits> mixer, int place, int afterRun, uint context, uint guess1, uint guess2, uint guess3)
    {
        int trust = ContextModel.GuessTrust + afterRun * 64;
        int place1 = Place(guess1), place2 = Place(guess2), place3 = Place(guess3);
        if (place1 >= 0 && mixer.CodePlain(trust + Trust(guess1), place == place1 ? 1 : 0) != 0) return place1;
        if (place2 >= 0 && place2 != place1 && mixer.CodePlain(trust + 16 + Trust(guess2), place == place2 ? 1 : 0) != 0) return place2;
        if (place3 >= 0 && place3 != place1 && place3 != place2 && mixer.CodePlain(trust + 32 + Trust(guess3), place == place3 ? 1 : 0) != 0) return place3;
        int node = 1;
        for (int i = ContextModel.DictionaryBits - 1; i >= 0; i--)
        {
            int own = ContextModel.ColourNode + (afterRun << ContextModel.DictionaryBits) + node;
            int byContext = mixer.Find(ContextModel.LiteralHash, ContextModel.LiteralHashBits, context, (uint)node);
            node = node * 2 + mixer.Code(ContextModel.PlaceSets + afterRun * ContextModel.DictionaryBits + i, own, byContext, (place >> i) & 1);
        }

        return node & ((1 << ContextModel.DictionaryBits) - 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Trust(uint guess) => (int)(guess >> 16) & 255;

    /// <summary>The place guessed; −1 where there is no guess.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Place(uint guess) => Trust(guess) != 0 ? (int)(guess & 0xFFFF) : -1;

    /// <summary>A guess is <c>u16 place | u8 trust | u8 tag</c>, lowest first; with a trust of 0 there is none.</summary>
    private readonly ref uint Guess(uint hash)
    {
        ref uint guess = ref Unsafe.Add(ref guesses, (int)(hash >> (32 - ContextModel.GuessBits)));
        if ((guess ^ (hash << 24)) >> 24 != 0) guess = hash << 24;
        return ref guess;
    }

    private static void Confirm(ref uint guess, uint place)
    {
        int trust = Trust(guess);
        if (trust != 0 && (guess & 0xFFFF) == place) guess += trust < MaxTrust ? 0x10000u : 0;
        else if (trust > 3) guess = (guess & 0xFF00FFFF) | ((uint)(1 + (trust >> 2)) << 16);
        else guess = (guess & 0xFF000000) | 0x10000 | place;
    }

    [InlineArray(16)]
    private struct Colours
    {
        private uint first;
    }
}
