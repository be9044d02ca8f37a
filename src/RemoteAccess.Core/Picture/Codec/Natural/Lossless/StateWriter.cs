using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace RemoteAccess.Picture;

/// <summary>Writes the symbols of a tile: backwards, as asymmetric numeral systems want it, so that they are read forwards. Not thread-safe.</summary>
internal sealed class StateWriter
{
    /// <summary>A symbol takes ten bits of state and six that follow its token at most.</summary>
    private const int MaxWords = 64 * 64 * LosslessRows.Components * 16 / 32 + 2;

    private readonly uint[] words = new uint[MaxWords];

    public void Write(BitWriter bits, ushort[] green, ushort[] red, ushort[] blue, int count)
    {
        // The bits written first are the last ones of the tile: new ones go above them, full words to the front.
        ulong pending = 0;
        int pendingBits = 0, free = MaxWords;
        // One state a component, so that none has to wait for the other two.
        uint greenState = LosslessStates.Count, redState = LosslessStates.Count, blueState = LosslessStates.Count;
        ref uint word = ref words[0];
        var tables = new Tables();
        for (int at = count - 1; at >= 0; at--)
        {
            Put(tables, ref pending, ref pendingBits, ref blueState, blue[at]);
            Put(tables, ref pending, ref pendingBits, ref redState, red[at]);
            Flush(ref pending, ref pendingBits, ref free, ref word);
            Put(tables, ref pending, ref pendingBits, ref greenState, green[at]);
            Flush(ref pending, ref pendingBits, ref free, ref word);
        }

        BitRun run = bits.Open((MaxWords - free) * 4 + 16);
        run.Put(greenState - LosslessStates.Count, LosslessStates.Bits);
        run.Put(redState - LosslessStates.Count, LosslessStates.Bits);
        run.Put(blueState - LosslessStates.Count, LosslessStates.Bits);
        run.Put((uint)pending, pendingBits);
        for (; free < MaxWords; free++) run.Put(words[free], 32);
        bits.Close(run);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put(in Tables tables, ref ulong pending, ref int pendingBits, ref uint state, ushort symbol)
    {
        int token = Unsafe.Add(ref tables.Tokens, symbol & 255);
        (int bitsOffset, int nextOffset) = Unsafe.Add(ref tables.Writing, (symbol >> 8) * 32 + (token & 31));
        int stateBits = (int)(state + (uint)bitsOffset) >> 16, following = token >> 5 & 7;
        uint chunk = (state & ((1u << stateBits) - 1)) << following | (uint)token >> 8;
        pending |= (ulong)chunk << pendingBits;
        pendingBits += stateBits + following;
        state = Unsafe.Add(ref tables.Next, (int)(state >> stateBits) + nextOffset);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Flush(ref ulong pending, ref int pendingBits, ref int free, ref uint word)
    {
        if (pendingBits < 32) return;
        Unsafe.Add(ref word, --free) = (uint)pending;
        pending >>= 32;
        pendingBits -= 32;
    }

    /// <summary>Looked up once a tile.</summary>
    private readonly ref struct Tables()
    {
        public readonly ref ushort Tokens = ref MemoryMarshal.GetArrayDataReference(ResidualToken.OfResidual);
        public readonly ref (int BitsOffset, int NextOffset) Writing = ref MemoryMarshal.GetArrayDataReference(LosslessStates.Writing);
        public readonly ref ushort Next = ref MemoryMarshal.GetArrayDataReference(LosslessStates.Next);
    }
}
