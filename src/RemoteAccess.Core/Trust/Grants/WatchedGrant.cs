namespace RemoteAccess.Trust;

/// <summary>
/// What can end a running session, on the disk: its grant, the block, the stop and the computer's own policy, looked at several times a second for as long as it runs. Files are opened again only
/// when the system says that one of them changed, for <see cref="Unsettled"/> after that, because a second change may carry the same
/// time stamp as the first, and every <see cref="ReadAnyway"/>, because time stamps can be set and directories above be opened up.
/// Only for watching what was already allowed: whether to allow is always decided on what the disk holds. One caller at a time.
/// </summary>
internal sealed class WatchedGrant(GrantStore store, StateDirectory state, ReadOnlyMemory<byte> grantId, TimeProvider time)
{
    /// <summary>The coarsest time stamps of a file system in use, FAT's.</summary>
    public static readonly TimeSpan Unsettled = TimeSpan.FromSeconds(2);

    public static readonly TimeSpan ReadAnyway = TimeSpan.FromSeconds(10);

    private readonly FileInfo[] files = [.. ((string[])[state.Block, state.Stop, state.Policy, .. store.FilesOf(grantId.Span)]).Select(static path => new FileInfo(path))];
    private FileStamp[]? stamps;
    private long changedAt;
    private long readAt;
    private SessionGround ground;

    /// <exception cref="StateException">Damaged or exposed; it is read afresh next time.</exception>
    public SessionGround Read()
    {
        // Stamps before content: what changes in between is noticed the next time.
        FileStamp[]? before = stamps, now = ReadStamps();
        stamps = null;
        long timestamp = time.GetTimestamp();
        if (now is null || before is null || !now.AsSpan().SequenceEqual(before)) changedAt = timestamp;
        if (changedAt == timestamp || time.GetElapsedTime(changedAt, timestamp) <= Unsettled || time.GetElapsedTime(readAt, timestamp) >= ReadAnyway)
        {
            ground = SessionGround.Read(store, state, grantId);
            readAt = timestamp;
        }
        stamps = now;
        return ground;
    }

    /// <summary>Null when the system does not say; reading the content then tells why.</summary>
    private FileStamp[]? ReadStamps()
    {
        try
        {
            return Array.ConvertAll(files, FileStamp.Of);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}

/// <summary>
/// What a session stands on, from the disk: its grant, null when it is gone; until when everybody is blocked; how often everything was
/// stopped; the computer's own rules, null when it has none.
/// </summary>
internal readonly record struct SessionGround(StoredGrant? Stored, DateTimeOffset BlockedUntil, ulong Stops, AccessRules? Computer)
{
    /// <summary>What the customer took away from the grant.</summary>
    public WithdrawnOperations Withdrawn => Stored?.Withdrawn ?? default;

    /// <exception cref="StateException">Something of it is damaged or exposed.</exception>
    public static SessionGround Read(GrantStore store, StateDirectory state, ReadOnlyMemory<byte> grantId) =>
        new(store.Find(grantId.Span), BlockMarker.Read(state.Block), StopMarker.Read(state.Stop), ComputerPolicy.Read(state.Policy));
}
