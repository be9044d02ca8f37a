namespace RemoteAccess.Picture;

/// <summary>Whether something changes at least five times a second, and has for half a second; it ends when it stands still for a second.</summary>
internal struct SustainedChange
{
    // 5 changes a second are 200 ms apart; a capture may come late.
    private const long MaxGapMicroseconds = 250_000;
    private const long LeastRunMicroseconds = 500_000;
    private const long MaxPauseMicroseconds = 1_000_000;

    private long start;
    private long last;
    private bool runs;

    /// <summary>Whether it does now.</summary>
    public bool IsSustained { get; private set; }

    /// <summary>A frame in which it changed; returns whether a new run began.</summary>
    public bool Change(long now)
    {
        bool begins = !runs || now - last > (IsSustained ? MaxPauseMicroseconds : MaxGapMicroseconds);
        if (begins) this = new SustainedChange { runs = true, start = now };
        last = now;
        IsSustained |= now - start >= LeastRunMicroseconds;
        return begins;
    }

    /// <summary>A frame in which it did not.</summary>
    public void Rest(long now)
    {
        if (runs && now - last > MaxPauseMicroseconds) this = default;
    }
}
