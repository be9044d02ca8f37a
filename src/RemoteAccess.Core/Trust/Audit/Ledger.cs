using RemoteAccess.Transport;

namespace RemoteAccess.Trust;

/// <summary>The computer's tamper-evident record (trust.md, "Ledger"). Several processes of one computer may append. Thread-safe.</summary>
internal sealed class Ledger : IAsyncDisposable
{
    /// <summary>Opens or creates the ledger in <paramref name="directory"/>, cutting a torn tail that was never acknowledged.</summary>
    /// <exception cref="StateException">Damaged, newer, not writable or disk full.</exception>
    public static Ledger Open(string directory, ISigningKey hostKey, TimeProvider time) => throw new NotImplementedException();

    /// <summary>Appends and completes when the entry is on the disk; concurrent calls share one fsync. Returns the sequence number.</summary>
    /// <exception cref="StateException">It could not be written: what it authorises must not happen.</exception>
    public ValueTask<long> AppendAsync(LedgerEvent entry, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Signs the present tree head and appends it to the checkpoints, on the disk when it completes.</summary>
    public ValueTask CheckpointAsync(CancellationToken cancellationToken) => throw new NotImplementedException();

    public ValueTask DisposeAsync() => throw new NotImplementedException();
}
