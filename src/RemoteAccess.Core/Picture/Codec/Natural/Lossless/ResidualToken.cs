using System.Numerics;

namespace RemoteAccess.Picture;

/// <summary>
/// A residual modulo 256 as token and following bits. Folded (0, −1, 1, −2, … are 0, 1, 2, 3, …), values below 8 are their own token; above, a token
/// names the highest two bits and the rest follow.
/// </summary>
internal static class ResidualToken
{
    private const int Direct = 8;
    public const int Count = 18;

    /// <summary>By residual: following bits × 256 + their number × 32 + token.</summary>
    public static readonly ushort[] OfResidual = Build();

    /// <summary>A token's smallest folded value, and number of following bits.</summary>
    public static (int Folded, int Following) Of(int token)
    {
        int following = 2 + (token - Direct) / 2;
        return token < Direct ? (token, 0) : ((2 + (token & 1)) << following, following);
    }

    private static ushort[] Build()
    {
        ushort[] tokens = new ushort[256];
        for (int residual = 0; residual < 256; residual++)
        {
            int value = (sbyte)residual;
            int folded = value < 0 ? -2 * value - 1 : 2 * value;
            int log = BitOperations.Log2((uint)folded);
            tokens[residual] = (ushort)(folded < Direct ? folded : (folded & ((1 << (log - 1)) - 1)) << 8 | (log - 1) << 5 | (Direct + (log - 3) * 2 + (folded >> (log - 1) & 1)));
        }

        return tokens;
    }
}
