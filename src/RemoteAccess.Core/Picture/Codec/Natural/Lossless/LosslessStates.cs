using System.Numerics;

namespace RemoteAccess.Picture;

/// <summary>
/// Tables of the entropy coder of lossless tiles: asymmetric numeral systems in tables (Duda, 2013), one table of 1024 states a context.
/// The state is handed from context to context.
/// </summary>
internal static class LosslessStates
{
    public const int Bits = 10;
    public const int Count = 1 << Bits;
    private const int Mask = Count - 1;

    /// <summary>Odd, so that every state is reached.</summary>
    private const int SpreadStep = (Count >> 1) + (Count >> 3) + 3;

    /// <summary>Reading, by context × 1024 + state: next state's base × 65536 + the token's smallest folded value × 256 + number of bits to read × 8 + how many of them, the last, are added to that value, not the base.</summary>
    public static readonly int[] Reading = new int[LosslessFrequencies.ByContext.Length << Bits];

    /// <summary>Writing, by context × 32 + token: what makes of a state the number of its bits to write, and of the rest the place in <see cref="Next"/>.</summary>
    public static readonly (int BitsOffset, int NextOffset)[] Writing = new (int, int)[LosslessFrequencies.ByContext.Length * 32];

    /// <summary>States from 1024 to 2047 after a token.</summary>
    public static readonly ushort[] Next = new ushort[LosslessFrequencies.ByContext.Length << Bits];

    static LosslessStates()
    {
        for (int context = 0; context < LosslessFrequencies.ByContext.Length; context++) Fill(context, LosslessFrequencies.ByContext[context]);
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
            Writing[context * 32 + token] = ((mostBits << 16) - (frequency << mostBits), context * Count + total - frequency);
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
            Reading[context * Count + state] = ((step << bits) - Count) << 16 | folded << 8 | (bits + following) << 3 | following;
            Next[context * Count + first[token] + step - frequencies[token]] = (ushort)(Count + state);
        }
    }
}
