namespace RemoteAccess.Picture;

/// <summary>
/// Everything the context coder learns. Encoder and decoder hold equal models after equal pixels; it lives across frames and is reset at
/// the beginning of an epoch. Layout and rules: docs/picture-context-coder.md. About 2.8 MB.
/// </summary>
internal sealed class ContextModel
{
    /// <summary>The most a slot's confidence can be.</summary>
    public const uint MaxConfidence = 15;

    /// <summary>What neighbours of a pixel are equal to each other: so many cases.</summary>
    public const int Patterns = 128;

    // Where the cells stand.
    public const int Quad = 0;
    public const int QuadRight = Quad + 16 * Patterns;
    public const int Narrow = QuadRight + (4 << RightBits);
    public const int RunGuess = Narrow + 32 * Patterns;
    public const int RunWhole = RunGuess + 64;
    public const int RunExponent = RunWhole + 32;
    public const int RunRemainder = RunExponent + 256;
    public const int Any = RunRemainder + 128;
    public const int IsWest = Any + 4 * Patterns;
    public const int IsNorth = IsWest + 4 * Patterns;
    public const int Known = IsNorth + 4 * Patterns;
    public const int Place = Known + 4;
    public const int LiteralExponent = Place + 1024;
    public const int LiteralRemainder = LiteralExponent + 3 * 128 * 16;
    private const int CellCount = LiteralRemainder + 3 * 512;

    public const int QuadBits = 16;
    public const int RightBits = 12;
    public const int NarrowBits = 17;
    public const int RunBits = 12;
    public const int RecentBits = 13;
    public const int DictionaryBits = 10;
    public const int MixedBits = 17;

    /// <summary>Weights of a set, of which the last is not used: sets begin at multiples of four.</summary>
    public const int SetSize = 4;

    private const int FirstWeight = 22937;

    internal readonly uint[] Cells = new uint[CellCount];
    internal readonly uint[] PlacesBetween = new uint[1 << MixedBits];
    internal readonly uint[] PlacesAfter = new uint[1 << MixedBits];
    internal readonly int[] Weights = new int[DictionaryBits * 4 * SetSize];
    internal readonly uint[] Quads = new uint[4 << QuadBits];
    internal readonly uint[] Narrows = new uint[1 << NarrowBits];
    internal readonly uint[] RunGuesses = new uint[1 << RunBits];
    internal readonly uint[] RecentColours = new uint[1 << RecentBits];
    internal readonly uint[] Dictionary = new uint[1 << DictionaryBits];

    public ContextModel() => Reset();

    /// <summary>Forgets everything: a new epoch begins.</summary>
    public void Reset()
    {
        foreach (uint[] bits in (ReadOnlySpan<uint[]>)[Cells, PlacesBetween, PlacesAfter]) bits.AsSpan().Fill(AdaptiveBit.New);
        Weights.AsSpan().Fill(FirstWeight);
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
        Cells.AsSpan().SequenceEqual(other.Cells) && PlacesBetween.AsSpan().SequenceEqual(other.PlacesBetween) && PlacesAfter.AsSpan().SequenceEqual(other.PlacesAfter)
        && Weights.AsSpan().SequenceEqual(other.Weights) && Quads.AsSpan().SequenceEqual(other.Quads) && Narrows.AsSpan().SequenceEqual(other.Narrows)
        && RunGuesses.AsSpan().SequenceEqual(other.RunGuesses)
        && RecentColours.AsSpan().SequenceEqual(other.RecentColours) && Dictionary.AsSpan().SequenceEqual(other.Dictionary);
}
