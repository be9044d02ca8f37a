using RemoteAccess.Sessions;

namespace RemoteAccess.Trust;

/// <summary>What a session does for the technician beyond picture and input, each with its own rules and its own entries in the ledger. Thread-safe.</summary>
internal sealed class SessionTools
{
    /// <summary>What a tool may still take to record its own end when the session is over. Of the real clock, as disks and processes are.</summary>
    public static readonly TimeSpan LastWords = TimeSpan.FromSeconds(1);

    private readonly SessionFacts facts;
    private readonly SessionSurroundings around;
    private readonly OpenEntries open;

    public SessionTools(LiveSession session, SessionFacts facts, SessionSurroundings around)
    {
        (this.facts, this.around) = (facts, around);
        open = new OpenEntries(() => session.EndReason);
        Fill = around.Vault is { Filling: not null } vault && around.Ask is { } ask ? new CredentialFill(session, facts, around, vault, ask) : null;
        Recording = new SessionRecording(facts, around, open);
        ClipboardTexts = new TextsRecord("clipboard.exchanged", Operations.Clipboard, facts, around, open);
        ChatTexts = new TextsRecord("chat.exchanged", Operations.Chat, facts, around, open);
    }

    /// <summary>Filling in a stored password; null where the agent keeps none.</summary>
    public CredentialFill? Fill { get; }

    /// <summary>What of a recording concerns the customer.</summary>
    public SessionRecording Recording { get; }

    /// <summary>What the ledger gets of the clipboard.</summary>
    public TextsRecord ClipboardTexts { get; }

    /// <summary>What the ledger gets of the chat.</summary>
    public TextsRecord ChatTexts { get; }

    /// <summary>Where the customer reads and answers; null where nothing shows them.</summary>
    public ICustomerChat? Chat => around.Chat;

    /// <inheritdoc cref="OpenEntries.Begin"/>
    public IDisposable Begin(Operations operation) => open.Begin(operation);

    /// <summary>The computer is about to restart at the technician's request; on the disk, with a signed head, when this completes.</summary>
    /// <exception cref="StateException">It could not be recorded, and must not.</exception>
    /// <exception cref="AccessRefusedException">The session is over.</exception>
    public async ValueTask RecordRestartAsync(RestartMode mode)
    {
        using IDisposable entry = Begin(Operations.Restart);
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

    /// <summary>
    /// The session is over, and every tool told so: waits for what they have to say of their own ends, and records what is outstanding. What takes longer than <see cref="SessionSurroundings.LastWords"/> stands behind
    /// the session's end, and is not lost. Never throws.
    /// </summary>
    public async ValueTask CloseAsync(RefusalReason reason)
    {
        await open.CloseAsync().WaitAsync(around.LastWords, TimeProvider.System, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await ClipboardTexts.DisposeAsync().ConfigureAwait(false);
        await ChatTexts.DisposeAsync().ConfigureAwait(false);
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
    /// <exception cref="AccessRefusedException">The session is over.</exception>
    public async ValueTask RecordSystemInfoAsync()
    {
        using IDisposable entry = Begin(Operations.SystemInfo);
        await around.Ledger.AppendAsync(TrustEvents.SystemInfoRead(facts), CancellationToken.None).ConfigureAwait(false);
    }

    /// <summary>A token for coming back after a restart; its hash is on the disk when this returns.</summary>
    /// <exception cref="StateException">It could not be written.</exception>
    public byte[] IssueResumeToken() => around.IssueResumeToken?.Invoke() ?? throw new InvalidOperationException("This session gives no tokens.");
}
