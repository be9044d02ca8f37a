namespace RemoteAccess.Transport;

/// <summary>What a bad network does to the bytes of one direction. Immutable. By default it does nothing.</summary>
public sealed record BadDirection
{
    /// <summary>Time from leaving to arriving. Zero or more; default none.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>The most that is added to <see cref="Delay"/>, by seed; bytes still arrive in order. Zero or more; default none.</summary>
    public TimeSpan Jitter { get; init; }

    /// <summary>The line's rate in bits a second, 1 or more; null, the default, for no limit. The writer feels it.</summary>
    public long? BitsPerSecond { get; init; }

    /// <summary>After exactly this many bytes of the direction have arrived, the whole link is lost. 0 or more; null, the default, for never.</summary>
    public long? CutAfterBytes { get; init; }

    /// <summary>Bits to turn over, each as byte position × 8 + bit (0 the lowest), counted from the start of the direction. Default none.</summary>
    public IReadOnlyList<long> FlipBits { get; init; } = [];

    /// <summary>How many of all bits are turned over, by seed. 0 to 1; default 0.</summary>
    public double BitFlipRate { get; init; }

    /// <summary>How often two neighbouring chunks that are under way together change places, by seed. 0 to 1; default 0.</summary>
    public double SwapRate { get; init; }

    /// <summary>How often a chunk arrives twice, by seed. 0 to 1; default 0.</summary>
    public double DuplicateRate { get; init; }

    /// <summary>The most bytes that travel as one. 1 or more; default 1400.</summary>
    public int ChunkBytes { get; init; } = 1400;

    /// <summary>How long the far end pauses after each chunk it takes, a slow reader. Zero or more; default none.</summary>
    public TimeSpan ReadPause { get; init; }

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Delay, TimeSpan.Zero, nameof(Delay));
        ArgumentOutOfRangeException.ThrowIfLessThan(Jitter, TimeSpan.Zero, nameof(Jitter));
        ArgumentOutOfRangeException.ThrowIfLessThan(BitsPerSecond ?? 1, 1, nameof(BitsPerSecond));
        ArgumentOutOfRangeException.ThrowIfNegative(CutAfterBytes ?? 0, nameof(CutAfterBytes));
        ArgumentOutOfRangeException.ThrowIfLessThan(ChunkBytes, 1, nameof(ChunkBytes));
        ArgumentOutOfRangeException.ThrowIfLessThan(ReadPause, TimeSpan.Zero, nameof(ReadPause));
        foreach (long bit in FlipBits) ArgumentOutOfRangeException.ThrowIfNegative(bit, nameof(FlipBits));
        ValidateRate(BitFlipRate, nameof(BitFlipRate));
        ValidateRate(SwapRate, nameof(SwapRate));
        ValidateRate(DuplicateRate, nameof(DuplicateRate));
    }

    private static void ValidateRate(double rate, string name)
    {
        if (!(rate is >= 0 and <= 1)) throw new ArgumentOutOfRangeException(name, rate, "A rate is between 0 and 1.");
    }
}
