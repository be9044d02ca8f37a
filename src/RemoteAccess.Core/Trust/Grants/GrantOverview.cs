namespace RemoteAccess.Trust;

/// <summary>All grants at one moment, for people.</summary>
internal static class GrantOverview
{
    /// <summary>So many at a time, that others who want the state's lock meanwhile wait for milliseconds.</summary>
    private const int AtATime = 64;

    /// <summary>Every grant with its state. Reading a counter also starts a delay anew that a reboot interrupted.</summary>
    public static IReadOnlyList<GrantSummary> Read(GrantStore store, StateDirectory state, DateTimeOffset now)
    {
        IReadOnlyList<string> names = store.Names;
        var all = new List<GrantSummary>(names.Count);
        foreach (string[] some in names.Chunk(AtATime))
        {
            try
            {
                using (state.Lock())
                {
                    PrivateFile.RequirePrivateDirectory(state.Grants);
                    foreach (string name in some) all.Add(TrySummarise(store, name, now));
                }
            }
            catch (StateException)
            {
                // The directory of all of them is exposed, or the lock is not to be had.
                all.AddRange(some.Skip(all.Count % AtATime).Select(Damaged));
            }
        }
        return all;
    }

    private static GrantSummary TrySummarise(GrantStore store, string name, DateTimeOffset now)
    {
        try
        {
            return Summarise(store, name, now);
        }
        catch (StateException)
        {
            return Damaged(name);
        }
    }

    private static GrantSummary Summarise(GrantStore store, string name, DateTimeOffset now)
    {
        if (store.FindBelow(name) is not { } stored) return Damaged(name);
        (GuessRecord record, Lockout lockout) = store.Guesses(stored.Grant).ReadWithLockout();
        return new GrantSummary
        {
            Id = stored.Grant.Id,
            State = StateOf(stored, record, lockout, now),
            Nickname = stored.Nickname,
            Grant = stored.Grant,
            Withdrawn = stored.Withdrawn.Operations & stored.Grant.MaxOperations,
            RevokedAt = stored.RevokedAt,
            FailedAttempts = record.Run,
            RetryAfter = lockout.Remaining,
            NeedsUnlock = lockout.NeedsUnlock,
        };
    }

    private static GrantState StateOf(StoredGrant stored, GuessRecord guesses, Lockout lockout, DateTimeOffset now)
    {
        if (stored.IsRevoked) return GrantState.Revoked;
        if (now >= stored.Grant.LastEntry || (stored.Grant.IsAttended && guesses.IsSpent)) return GrantState.Expired;
        if (lockout.IsActive) return GrantState.LockedOut;
        return now < stored.Grant.NotBefore ? GrantState.NotYet : GrantState.Live;
    }

    private static GrantSummary Damaged(string name) =>
        new() { Id = Convert.FromHexString(name), State = GrantState.Damaged, Nickname = "", Grant = null };
}
