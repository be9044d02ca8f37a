namespace RemoteAccess.Trust;

/// <summary>
/// Notices that another process changed what a surface shows, by the system's word about the files and without opening them; as
/// <see cref="WatchedGrant"/>, also for a while after a change and every 10 s. What is in the grants' directories is looked at no more often than that it costs
/// <see cref="Share"/> of the time, at the latest after 10 s: of ten thousand grants another process's change is shown some seconds later, and acts at once all the same. One caller at a time.
/// </summary>
internal sealed class StateStamps(StateDirectory state, TimeProvider time)
{
    /// <summary>One part in so many.</summary>
    private const int Share = 20;

    private Dictionary<string, FileStamp>? before;
    private Dictionary<string, FileStamp> grants = [];
    private long changedAt;
    private long answeredAt;
    private long grantsAt;
    private TimeSpan grantsCost;

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
            foreach (string path in (string[])[state.Block, state.Policy, state.Grants, state.Notices, state.SharedFolders]) stamps[path] = FileStamp.Of(path);
            long begin = time.GetTimestamp();
            bool isOther = before is null || !before.TryGetValue(state.Grants, out FileStamp known) || known != stamps[state.Grants];
            TimeSpan since = time.GetElapsedTime(grantsAt, begin);
            if (isOther || since >= grantsCost * Share || since >= WatchedGrant.ReadAnyway)
            {
                grants = Directory.EnumerateFileSystemEntries(state.Grants, "*", SearchOption.AllDirectories).ToDictionary(static path => path, FileStamp.Of, StringComparer.Ordinal);
                grantsAt = time.GetTimestamp();
                grantsCost = time.GetElapsedTime(begin, grantsAt);
            }
            foreach ((string path, FileStamp stamp) in grants) stamps[path] = stamp;
            return stamps;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
