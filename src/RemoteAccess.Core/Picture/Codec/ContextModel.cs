namespace RemoteAccess.Picture;

/// <summary>
/// Everything the context coder learns. Encoder and decoder hold equal models after equal pixels; it lives across frames and is reset at
/// the beginning of an epoch. Layout and rules: docs/picture-context-coder.md. About 1.1 MB.
/// </summary>
internal sealed class ContextModel
{
    /// <summary>The most a slot's confidence can be.</summary>
    public const uint MaxConfidence = 15;

    // Where the cells stand.
    public const int Quad = 0;
    public const int QuadRight = Quad + 16;
    public const int Narrow = QuadRight + 4;
    public const int RunGuess = Narrow + 32;
    public const int RunWhole = RunGuess + 64;
    public const int RunExponent = RunWhole + 32;
    public const int RunRemainder = RunExponent + 256;
    public const int Any = RunRemainder + 128;
    public const int IsWest = Any + 128;
    public const int IsNorth = IsWest + 128;
    public const int Known = IsNorth + 128;
    public const int Place = Known + 4;
    public const int LiteralExponent = Place + 1024;
    public const int LiteralRemainder = LiteralExponent + 3 * 128 * 16;
    private const int CellCount = LiteralRemainder + 3 * 512;

    public const int QuadBits = 15;
    public const int NarrowBits = 17;
    public const int RunBits = 12;
    public const int RecentBits = 13;
    public const int DictionaryBits = 10;

    internal readonly ushort[] Cells = new ushort[CellCount];
    internal readonly uint[] Quads = new uint[4 << QuadBits];
    internal readonly uint[] Narrows = new uint[1 << NarrowBits];
    internal readonly uint[] RunGuesses = new uint[1 << RunBits];
    internal readonly uint[] RecentColours = new uint[1 << RecentBits];
    internal readonly uint[] Dictionary = new uint[1 << DictionaryBits];

    public ContextModel() => Cells.AsSpan().Fill(RangeEncoder.Even);

    /// <summary>Forgets everything: a new epoch begins.</summary>
    public void Reset()
    {
        Cells.AsSpan().Fill(RangeEncoder.Even);
        foreach (uint[] learnt in (ReadOnlySpan<uint[]>)[Quads, Narrows, RunGuesses, RecentColours, Dictionary]) learnt.AsSpan().Clear();
    }

    /// <summary>
    /// What a slot's confidence falls to when it was wrong (<paramref name="confidence"/> is all it held), or is another context's (0, whatever it holds). False where it
    /// gives way to what is true.
    /// </summary>
    public static bool Keeps(uint held, uint confidence, out uint left)
    {
        left = confidence > 0 ? held >> 2 : held >> 1;
        return left > 0;
    }

    /// <summary>Two models are equal when they hold the same; for tests and for the hash both sides exchange.</summary>
    public bool HoldsTheSameAs(ContextModel other) =>
        Cells.AsSpan().SequenceEqual(other.Cells) && Quads.AsSpan().SequenceEqual(other.Quads) && Narrows.AsSpan().SequenceEqual(other.Narrows)
        && RunGuesses.AsSpan().SequenceEqual(other.RunGuesses)
        && RecentColours.AsSpan().SequenceEqual(other.RecentColours) && Dictionary.AsSpan().SequenceEqual(other.Dictionary);
}
