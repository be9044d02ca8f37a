namespace RemoteAccess.Picture;

/// <summary>
/// A residual modulo 256 as token and following bits. Folded (0, −1, 1, −2, … are 0, 1, 2, 3, …), values below 8 are their own token; above, a token
/// names the highest two bits and the rest follow.
/// </summary>
internal static class ResidualToken
{
    private const int Direct = 8;
    public const int Count = 18;

    /// <summary>A token's smallest folded value, and number of following bits.</summary>
    public static (int Folded, int Following) Of(int token)
    {
        int following = 2 + (token - Direct) / 2;
        return token < Direct ? (token, 0) : ((2 + (token & 1)) << following, following);
    }
}
