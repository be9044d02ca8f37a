using Microsoft.Extensions.Logging;

namespace RemoteAccess.Trust;

/// <summary>How trust writes to the ledger: with a signed head, from the reserve, or as a refusal that must not fail. Thread-safe.</summary>
internal sealed class TrustRecord(Ledger ledger, ILogger logger)
{
    /// <summary>For what allows something: entry and signed head are on the disk when it completes.</summary>
    /// <exception cref="StateException">They are not: what they authorise must not happen.</exception>
    public async ValueTask WriteAsync(LedgerEvent entry, CancellationToken cancellationToken)
    {
        await ledger.AppendAsync(entry, cancellationToken).ConfigureAwait(false);
        // The entry stands; who cancels now must not leave it without what it announces.
        await ledger.CheckpointAsync(CancellationToken.None).ConfigureAwait(false);
    }

    /// <summary>For what takes something away: on a full disk it may use the ledger's reserve.</summary>
    /// <exception cref="StateException">Not recorded.</exception>
    public async ValueTask WriteLastAsync(LedgerEvent entry, CancellationToken cancellationToken)
    {
        await ledger.AppendLastAsync(entry, cancellationToken).ConfigureAwait(false);
        await ledger.CheckpointAsync(CancellationToken.None).ConfigureAwait(false);
    }

    /// <summary>For what was refused or given up, where nothing depends on the entry; false, and a line in the log, when it could not be written.</summary>
    public async ValueTask<bool> TryWriteAsync(LedgerEvent entry)
    {
        try
        {
            await ledger.AppendAsync(entry, CancellationToken.None).ConfigureAwait(false);
            return true;
        }
        catch (StateException exception)
        {
            Log.RefusalNotRecorded(logger, exception);
            return false;
        }
    }
}
