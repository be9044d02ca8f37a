using System.Numerics;

namespace RemoteAccess.Picture;

/// <summary>
/// Tables of the entropy coder of lossless tiles: asymmetric numeral systems in tables (Duda, 2013), one table of 512 states a context.
/// Four states take turns, column by column, so that none waits for the one before; each is handed from context to context.
/// </summary>
internal static class LosslessStates
{
    public const int Bits = 9;
    public const int Count = 1 << Bits;
    private const int Mask = Count - 1;

    /// <summary>How many states take turns.</summary>
    public const int Turns = 4;

    /// <summary>Odd, so that every state is reached.</summary>
    private const int SpreadStep = (Count >> 1) + (Count >> 3) + 3;

    /// <summary>
    /// Reading, by context × 512 + state: next state's base × 2^21 + the token's smallest folded value × 2^13 + how many of the bits to read, the last, are
    /// added to that value, not the base × 2^8 + number of bits to read.
    /// </summary>
    public static readonly uint[] Reading = new uint[LosslessContext.All << Bits];

    /// <summary>
    /// Writing, by context × 256 + folded residual: what makes of a state the number of its bits to write; and what makes of the rest the place in <see cref="Next"/> × 2^16 + the
    /// bits that follow the token × 2^8 + how many.
    /// </summary>
    public static readonly (int Bits, uint Others)[] Writing = new (int, uint)[LosslessContext.All * 256];

    /// <summary>By 512 + place in a context's sum of frequencies, the contexts one after the other: states from 512 to 1023 after a token.</summary>
    public static readonly ushort[] Next = new ushort[(LosslessContext.All + 1) << Bits];

    static LosslessStates()
    {
        for (int context = 0; context < LosslessContext.All; context++) Fill(context, LosslessFrequencies.ByContext[context]);
    }

    private static void Fill(int context, short[] frequencies)
    {
        byte[] tokens = new byte[Count];
        int[] seen = new int[frequencies.Length], first = new int[frequencies.Length];
        int place = 0, total = 0;
        for (int token = 0; token < frequencies.Length; token++)
        {
            int frequency = frequencies[token];
            for (int time = 0; time < frequency; time++, place = (place + SpreadStep) & Mask) tokens[place] = (byte)token;
            int mostBits = Bits - BitOperations.Log2((uint)Math.Max(1, frequency - 1));
            (int folded, int following) = ResidualToken.Of(token);
            for (int rest = 0; rest < 1 << following; rest++)
                Writing[context * 256 + folded + rest] = ((mostBits << 16) - (frequency << mostBits), (uint)((context + 1) * Count + total - frequency) << 16 | (uint)rest << 8 | (uint)following);
            (first[token], seen[token]) = (total, frequency);
            total += frequency;
        }

        if (total != Count) throw new InvalidOperationException($"Lossless frequencies {context} are {total} in sum.");
        for (int state = 0; state < Count; state++)
        {
            int token = tokens[state];
            int step = seen[token]++;
            int bits = Bits - BitOperations.Log2((uint)step);
            (int folded, int following) = ResidualToken.Of(token);
            Reading[context * Count + state] = (uint)(((step << bits) - Count) << 21 | folded << 13 | following << 8 | (bits + following));
            Next[(context + 1) * Count + first[token] + step - frequencies[token]] = (ushort)(Count + state);
        }
    }
}
