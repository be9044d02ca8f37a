namespace RemoteAccess.Trust;

/// <summary>
/// Notices that another process changed what a surface shows, by the system's word about the files and without opening them; as
/// <see cref="WatchedGrant"/>, also for a while after a change and every 10 s. One caller at a time.
/// </summary>
internal sealed class StateStamps(StateDirectory state, TimeProvider time)
{
    private Dictionary<string, FileStamp>? before;
    private long changedAt;
    private long answeredAt;

    public bool HaveChanged()
    {
        Dictionary<string, FileStamp>? now = Read();
        long timestamp = time.GetTimestamp();
        bool isSame = now is not null && before is not null && now.Count == before.Count
            && now.All(stamp => before.TryGetValue(stamp.Key, out FileStamp known) && known == stamp.Value);
        before = now;
        if (!isSame) changedAt = timestamp;
        if (isSame && time.GetElapsedTime(changedAt, timestamp) > WatchedGrant.Unsettled && time.GetElapsedTime(answeredAt, timestamp) < WatchedGrant.ReadAnyway) return false;
        answeredAt = timestamp;
        return true;
    }

    /// <summary>Null when the system does not say; reading the content then tells why.</summary>
    private Dictionary<string, FileStamp>? Read()
    {
        try
        {
            var stamps = new Dictionary<string, FileStamp>(StringComparer.Ordinal);
            foreach (string path in (string[])[state.Block, state.Policy, state.Grants, state.Notices]) stamps[path] = FileStamp.Of(path);
            foreach (string path in Directory.EnumerateFileSystemEntries(state.Grants, "*", SearchOption.AllDirectories)) stamps[path] = FileStamp.Of(path);
            return stamps;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
