namespace RemoteAccess.Transport;

/// <summary>When a direction changes its key (docs/protocol.md §6, "Rekey"); smaller only in tests.</summary>
internal sealed record RekeyLimits
{
    public static RekeyLimits Protocol { get; } = new();

    public long Records { get; init; } = 1L << 20;

    /// <summary>Bytes of whole frames.</summary>
    public long Bytes { get; init; } = 4L << 30;

    public TimeSpan Age { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>The hard stop.</summary>
    public long MaxRecords { get; init; } = RecordCipher.MaxRecords;

    /// <summary>Key changes a peer may make before they are due, at once; one more for each <see cref="EarlyChangeInterval"/> that passes.</summary>
    public int EarlyChanges { get; init; } = 8;

    public TimeSpan EarlyChangeInterval { get; init; } = TimeSpan.FromMinutes(1);
}
