namespace RemoteAccess.Trust;

/// <summary>
/// Keeps the processes of one computer that append to one ledger apart: an exclusively opened file (flock on Unix, share mode on Windows),
/// let go by the operating system when its holder dies. Also keeps two ledgers of one process apart.
/// </summary>
internal static class LedgerLock
{
    /// <summary>How long another holder may take: far longer than any batch.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Blocks until the lock is held; disposing the result lets it go.</summary>
    /// <exception cref="StateException">Another process has held it for <see cref="Patience"/>.</exception>
    public static FileStream Acquire(string directory)
    {
        string path = Path.Combine(directory, LedgerFiles.Lock);
        // The operating system's lock lives in real time, whatever clock the ledger was given.
        long started = TimeProvider.System.GetTimestamp();
        var pause = new SpinWait();
        while (true)
        {
            if (LedgerFiles.TryOpenExclusively(path) is { } held) return held;
            if (TimeProvider.System.GetElapsedTime(started) > Patience)
            {
                throw new StateException(StateError.NotWritable, path, $"Another process has held {path} for {Patience.TotalSeconds:0} s. Find it and end it.");
            }

            // Gives the processor away, and after a few turns sleeps for a millisecond at a time: about as long as another's flush takes.
            pause.SpinOnce();
        }
    }

    /// <summary>Refuses a place where the lock would not keep anybody out (some network file systems, or file locking switched off).</summary>
    /// <exception cref="StateException">It holds nobody out.</exception>
    public static void RequireExclusion(string directory)
    {
        LedgerFiles.RefuseExposed(Path.Combine(directory, LedgerFiles.Lock));
        using FileStream held = Acquire(directory);
        using FileStream? second = LedgerFiles.TryOpenExclusively(held.Name);
        if (second is null) return;
        throw new StateException(StateError.NotWritable, held.Name, $"Files in {directory} cannot be locked, so two processes could spoil the ledger. Put it on a local disk.");
    }
}
