namespace RemoteAccess.Trust;

/// <summary>
/// The persisted guesses against one grant. Every write is on the disk when the method returns, and the caller holds the state lock for
/// each call. A damaged file refuses; it is never begun anew. A write that was cut short counts as one more charged guess.
/// </summary>
internal sealed class GuessCounter(string path, string grantId, TimeProvider time, Guid boot)
{
    private readonly string context = "guesses " + grantId;

    public static void Create(string path, string grantId) => SlotFile.Create(path, "guesses " + grantId, new GuessRecord().Encode());

    /// <exception cref="StateException">Missing or damaged.</exception>
    public GuessRecord Read()
    {
        SlotContent slot = SlotFile.Read(path, context);
        if (!GuessRecord.TryDecode(slot.Content, out GuessRecord record))
            throw new StateException(StateError.Corrupted, path, $"{path} is damaged. It is not repaired by itself, because that would forget wrong guesses.");
        if (!slot.Torn) return record;
        record = record.Charge(time.GetUtcNow(), Monotonic, boot);
        SlotFile.Write(path, context, record.Encode());
        return record;
    }

    /// <summary>What keeps the next guess out. A delay from before a reboot starts again, in full, when this first sees it.</summary>
    public Lockout ReadLockout() => ReadWithLockout().Lockout;

    /// <inheritdoc cref="ReadLockout"/>
    public (GuessRecord Record, Lockout Lockout) ReadWithLockout()
    {
        GuessRecord record = Read();
        bool fromEarlierBoot = record.Boot != boot || record.LastChargeMonotonic > Monotonic;
        if (fromEarlierBoot && LockoutLadder.DelayAfter(record.Run) > TimeSpan.Zero)
        {
            record = record with { Boot = boot, LastChargeMonotonic = Monotonic };
            SlotFile.Write(path, context, record.Encode());
        }
        return (record, record.LockoutAt(Monotonic, boot));
    }

    /// <summary>Counts a guess before it is answered.</summary>
    public void Charge() => SlotFile.Write(path, context, Read().Charge(time.GetUtcNow(), Monotonic, boot).Encode());

    /// <summary>The charged guess was right. Returns the record from before it: the failures since the last success.</summary>
    public FailedAttempts Refund()
    {
        GuessRecord charged = Read();
        SlotFile.Write(path, context, charged.Refund().Encode());
        return new FailedAttempts(Math.Max(0, charged.Run - 1), charged.RunSince);
    }

    /// <summary>The customer, at the computer, allows guesses again.</summary>
    public void Unlock()
    {
        _ = Read();
        SlotFile.Write(path, context, new GuessRecord().Encode());
    }

    private long Monotonic => (long)time.GetElapsedTime(0).TotalMilliseconds;
}

/// <summary>Wrong codes since the last success, and when the first of them came; the time is meaningless when there were none.</summary>
internal readonly record struct FailedAttempts(int Count, DateTimeOffset Since);
