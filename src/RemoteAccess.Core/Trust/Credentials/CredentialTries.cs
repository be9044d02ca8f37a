namespace RemoteAccess.Trust;

/// <summary>
/// The wrong credentials given under one grant, over sessions, processes and restarts. The delays are those of wrong access codes, up to an hour,
/// but nothing locks for good: the session is short, and locking accounts is the operating system's matter. A success forgets the failures: who
/// has one account's password may try others inside the session anyway. Thread-safe.
/// </summary>
internal sealed class CredentialTries(StateDirectory state, string path, string grantId, TimeProvider time, Guid boot)
{
    private readonly string owner = "credentials " + grantId;

    /// <summary>Counts a try as failed before it is made, on the disk when this returns.</summary>
    /// <returns>Zero; or how long to wait, and nothing was counted.</returns>
    /// <exception cref="StateException">It cannot be counted, and may not be made.</exception>
    public TimeSpan Charge()
    {
        using (state.Lock())
        {
            // Grants of an earlier version have none.
            if (!File.Exists(path)) GuessCounter.Create(path, owner);
            GuessCounter counter = Counter();
            TimeSpan wait = counter.ReadLockout().Remaining;
            if (wait == TimeSpan.Zero) counter.Charge();
            return wait;
        }
    }

    /// <summary>The try was right.</summary>
    /// <exception cref="StateException">It stays counted as failed.</exception>
    public void Refund()
    {
        using (state.Lock()) Counter().Refund();
    }

    private GuessCounter Counter() => new(path, owner, time, boot);
}
