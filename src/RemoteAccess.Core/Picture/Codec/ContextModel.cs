namespace RemoteAccess.Picture;

/// <summary>
/// Everything the context coder learns. Encoder and decoder hold equal models after equal pixels; it lives across frames and is reset at
/// the beginning of an epoch. Layout and rules: docs/picture-context-coder.md. About 2.4 MB.
/// </summary>
internal sealed class ContextModel
{
    /// <summary>Of a cell that has seen nothing: probability 1/2, count 0, tag 0.</summary>
    public const uint NewCell = 0x8000;

    // Where the cells stand.
    public const int RunHash = 1 << RunHashBits;
    public const int LiteralHash = RunHash + (1 << RunHashBits);
    public const int WideSlots = LiteralHash + (1 << LiteralHashBits);
    public const int NarrowSlots = WideSlots + (2 << SlotBits);
    public const int Confident = 16;
    public const int Joint = Confident + 512;
    public const int Alone = Joint + 512;
    public const int Second = Alone + 512;
    public const int CandidatePattern = Second + 256;
    public const int Break = CandidatePattern + 2048;
    public const int KnownKind = Break + 16;
    public const int KnownFlatness = KnownKind + 64;
    public const int ColourNode = KnownFlatness + 512;
    public const int GuessTrust = ColourNode + 2048;
    private const int DirectEnd = GuessTrust + 128;

    public const int RunHashBits = 15;
    public const int LiteralHashBits = 14;
    public const int SlotBits = 17;
    public const int PairBits = 13;
    public const int DictionaryBits = 10;
    public const int GuessBits = 14;

    /// <summary>The first two candidates for a colour, W and N, are asked for by context too.</summary>
    public const int MixedCandidates = 2;

    // Sets of weights.
    public const int RunSets = 0;
    public const int RunExponentSets = RunSets + 16;
    public const int RunRemainderSets = RunExponentSets + 4;
    public const int JointSets = RunRemainderSets + 16;
    public const int AloneSets = JointSets + 32;
    public const int KnownSets = AloneSets + 16;
    public const int LiteralSets = KnownSets + 2;
    public const int CandidateSets = LiteralSets + 3 * 16;
    public const int PlaceSets = CandidateSets + 2 * MixedCandidates;
    private const int SetCount = PlaceSets + 2 * DictionaryBits;

    /// <summary>Weights of one set.</summary>
    public const int SetSize = 2;

    private const int InitialWeight = 22937;

    internal readonly uint[] Cells = new uint[NarrowSlots + (2 << SlotBits)];
    internal readonly int[] Weights = new int[SetCount * SetSize];
    internal readonly uint[] PairColours = new uint[1 << PairBits];
    internal readonly uint[] BreakColours = new uint[1 << PairBits];
    internal readonly uint[] Dictionary = new uint[1 << DictionaryBits];
    internal readonly uint[] Guesses = new uint[1 << GuessBits];

    /// <summary>Of the row that is being coded; nothing that is learnt.</summary>
    internal ContextSums Sums { get; } = new();

    public ContextModel()
    {
        if (DirectEnd > RunHash) throw new InvalidOperationException("Regions of cells overlap.");
        FillInitial();
    }

    /// <summary>Forgets everything: a new epoch begins.</summary>
    public void Reset()
    {
        FillInitial();
        Cells.AsSpan(WideSlots).Clear();
        PairColours.AsSpan().Clear();
        BreakColours.AsSpan().Clear();
        Dictionary.AsSpan().Clear();
        Guesses.AsSpan().Clear();
    }

    /// <summary>What does not begin as zero.</summary>
    private void FillInitial()
    {
        Cells.AsSpan(0, WideSlots).Fill(NewCell);
        Weights.AsSpan().Fill(InitialWeight);
    }

    /// <summary>Two models are equal when they hold the same; for tests and for the hash both sides exchange.</summary>
    public bool HoldsTheSameAs(ContextModel other) =>
        Cells.AsSpan().SequenceEqual(other.Cells) && Weights.AsSpan().SequenceEqual(other.Weights)
        && PairColours.AsSpan().SequenceEqual(other.PairColours) && BreakColours.AsSpan().SequenceEqual(other.BreakColours)
        && Dictionary.AsSpan().SequenceEqual(other.Dictionary) && Guesses.AsSpan().SequenceEqual(other.Guesses);
}
