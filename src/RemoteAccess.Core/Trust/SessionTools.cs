using RemoteAccess.Sessions;

namespace RemoteAccess.Trust;

/// <summary>What a session does for the technician beyond picture and input, each with its own rules and its own entries in the ledger. Thread-safe.</summary>
internal sealed class SessionTools(LiveSession session, SessionFacts facts, SessionSurroundings around)
{
    /// <summary>Filling in a stored password; null where the agent keeps none.</summary>
    public CredentialFill? Fill { get; } = around.Vault is { Filling: not null } vault && around.Ask is { } ask ? new CredentialFill(session, facts, around, vault, ask) : null;

    /// <summary>What of a recording concerns the customer.</summary>
    public SessionRecording Recording { get; } = new(facts, around);

    /// <summary>What the ledger gets of the clipboard; the caller's to dispose.</summary>
    public TextsRecord BeginClipboard() => new("clipboard.exchanged", facts, around);

    /// <summary>What the ledger gets of the chat; the caller's to dispose.</summary>
    public TextsRecord BeginChat() => new("chat.exchanged", facts, around);

    /// <summary>Where the customer reads and answers; null where nothing shows them.</summary>
    public ICustomerChat? Chat => around.Chat;

    /// <summary>The computer is about to restart at the technician's request; on the disk, with a signed head, when this completes.</summary>
    /// <exception cref="StateException">It could not be recorded, and must not.</exception>
    public async ValueTask RecordRestartAsync(RestartMode mode)
    {
        await around.Ledger.AppendAsync(TrustEvents.ComputerRestarts(facts, mode), CancellationToken.None).ConfigureAwait(false);
        await around.Ledger.CheckpointAsync(CancellationToken.None).ConfigureAwait(false);
    }

    /// <summary>A file is about to go; on the disk when this completes.</summary>
    /// <exception cref="StateException">It could not be recorded, and must not.</exception>
    public async ValueTask RecordFileBegunAsync(FileTransfer transfer) =>
        await around.Ledger.AppendAsync(TrustEvents.FileBegun(facts, transfer), CancellationToken.None).ConfigureAwait(false);

    /// <summary>What came of it.</summary>
    /// <exception cref="StateException">It could not be recorded.</exception>
    public async ValueTask RecordFileEndedAsync(FileTransfer transfer, RefusalReason reason, long bytes, ReadOnlyMemory<byte> sha256) =>
        await around.Ledger.AppendLastAsync(TrustEvents.FileEnded(facts, transfer, reason, bytes, sha256.Span), CancellationToken.None).ConfigureAwait(false);

    /// <summary>The session is over: what still runs is recorded as over before it. Never throws.</summary>
    public async ValueTask CloseAsync(RefusalReason reason)
    {
        try
        {
            await Recording.EndAsync(reason, null).ConfigureAwait(false);
        }
        catch (StateException error)
        {
            Log.RefusalNotRecorded(around.Logger, error);
        }
    }

    /// <summary>A program is about to be run at the technician's request; on the disk when this completes.</summary>
    /// <exception cref="StateException">It could not be recorded, and must not.</exception>
    public async ValueTask RecordCommandAsync(int number, CommandLine line, string? account) =>
        await around.Ledger.AppendAsync(TrustEvents.CommandStarted(facts, number, line, account), CancellationToken.None).ConfigureAwait(false);

    /// <summary>It is over, or was not started after all.</summary>
    /// <exception cref="StateException">It could not be recorded.</exception>
    public async ValueTask RecordCommandAsync(int number, CommandResult result) =>
        await around.Ledger.AppendLastAsync(TrustEvents.CommandEnded(facts, number, result), CancellationToken.None).ConfigureAwait(false);

    /// <summary>The technician is about to be told about the computer; on the disk when this completes.</summary>
    /// <exception cref="StateException">It could not be recorded, and must not.</exception>
    public async ValueTask RecordSystemInfoAsync() => await around.Ledger.AppendAsync(TrustEvents.SystemInfoRead(facts), CancellationToken.None).ConfigureAwait(false);

    /// <summary>A token for coming back after a restart; its hash is on the disk when this returns.</summary>
    /// <exception cref="StateException">It could not be written.</exception>
    public byte[] IssueResumeToken() => around.IssueResumeToken?.Invoke() ?? throw new InvalidOperationException("This session gives no tokens.");
}
