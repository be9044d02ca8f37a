namespace RemoteAccess.Transport;

/// <summary>
/// How bad the network is. Immutable. The same seed and options do the same to the same bytes: turned bits, cuts and losses depend on byte
/// positions and time alone; swapped, doubled and delayed chunks also on how the writer flushed.
/// </summary>
public sealed record BadNetworkOptions
{
    /// <summary>Decides everything that is left to chance. Default 1.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>What happens to bytes written to the bad link, on their way to its peer.</summary>
    public BadDirection Sending { get; init; } = new();

    /// <summary>What happens to bytes from the peer before the bad link can read them.</summary>
    public BadDirection Receiving { get; init; } = new();

    /// <summary>Bytes each direction holds before the line, like a socket's send buffer, before a flush waits. 1 or more; default 16 KiB.</summary>
    public int BufferBytes { get; init; } = 16 * 1024;

    /// <summary>The link is lost this long after it was made: both ends see it end. Zero or more; null, the default, for never.</summary>
    public TimeSpan? LostAfter { get; init; }

    /// <summary>From this long after it was made nothing passes any more and neither end is told, as if a cable were pulled. Zero or more;
    /// null, the default, for never.</summary>
    public TimeSpan? SilentAfter { get; init; }

    internal void Validate()
    {
        ArgumentNullException.ThrowIfNull(Sending);
        ArgumentNullException.ThrowIfNull(Receiving);
        ArgumentOutOfRangeException.ThrowIfLessThan(BufferBytes, 1, nameof(BufferBytes));
        ArgumentOutOfRangeException.ThrowIfLessThan(LostAfter ?? TimeSpan.Zero, TimeSpan.Zero, nameof(LostAfter));
        ArgumentOutOfRangeException.ThrowIfLessThan(SilentAfter ?? TimeSpan.Zero, TimeSpan.Zero, nameof(SilentAfter));
        Sending.Validate();
        Receiving.Validate();
    }
}
