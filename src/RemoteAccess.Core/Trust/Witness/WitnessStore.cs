using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Win32.SafeHandles;
using RemoteAccess.Transport;

namespace RemoteAccess.Trust;

/// <summary>
/// The technician's side's record: a ledger of its own, signed with the technician's key, the latest checkpoint of each computer, and the receipts
/// (docs/ledger-witness.md). One private directory on a local disk for one technician's key; several processes may have it open. Thread-safe.
/// </summary>
public sealed class WitnessStore : IAsyncDisposable
{
    private const string LedgerFolder = "ledger", Computers = "computers", Alarms = "alarms", Receipts = "receipts", LockFile = "lock";
    private const string ReceiptExtension = ".receipt";
    private const int MaxReceiptText = 2048;
    private static readonly TimeSpan LockPatience = TimeSpan.FromSeconds(10);

    private readonly string root;
    private readonly Ledger ledger;

    private WitnessStore(string root, ISigningKey technicianKey, Ledger ledger)
    {
        this.root = root;
        this.ledger = ledger;
        TechnicianKey = technicianKey;
    }

    /// <summary>The ledger, for <see cref="LedgerReader"/> and <see cref="LedgerVerifier"/>; its key is the technician's.</summary>
    public string LedgerDirectory => Path.Combine(root, LedgerFolder);

    internal ISigningKey TechnicianKey { get; }

    /// <summary>Opens the store, making it when there is none.</summary>
    /// <param name="directory">Readable by this account only. Not another key's.</param>
    /// <param name="technicianKey">Signs the checkpoints and receipts; it stays the caller's and must live as long as the store.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="StateException">Exposed, damaged, another key's, not writable, or the disk is full.</exception>
    public static WitnessStore Open(string directory, ISigningKey technicianKey, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(directory);
        ArgumentNullException.ThrowIfNull(technicianKey);
        directory = Path.GetFullPath(directory);
        foreach (string path in (string[])[directory, .. Folders(directory)])
        {
            if (new FileInfo(path).LinkTarget is null && !Directory.Exists(path)) PrivateFile.CreateDirectory(path);
            PrivateFile.RequirePrivateDirectory(path);
        }

        return new WitnessStore(directory, technicianKey, Ledger.Open(Path.Combine(directory, LedgerFolder), technicianKey, time ?? TimeProvider.System));
    }

    /// <summary>
    /// The receipts in a store's directory, oldest file first, each verified; a null receipt is a file that is not one, or was altered. The store need not be
    /// open.
    /// </summary>
    /// <exception cref="StateException">There is no such store, or a file cannot be read.</exception>
    public static IReadOnlyList<KeyValuePair<string, SessionReceipt?>> ReadReceipts(string directory)
    {
        ArgumentNullException.ThrowIfNull(directory);
        string folder = Path.Combine(Path.GetFullPath(directory), Receipts);
        if (!Directory.Exists(folder)) throw new StateException(StateError.Missing, folder, $"{directory} is not a witness store.");
        FileInfo[] files = FileFault.Run(folder, () => new DirectoryInfo(folder).GetFiles("*" + ReceiptExtension));
        return [.. files.OrderBy(static file => file.LastWriteTimeUtc).Select(file => KeyValuePair.Create(file.FullName, ReadReceipt(file.FullName)))];
    }

    /// <summary>
    /// Forgets a computer's checkpoint, so that its next one counts as the first: for a computer whose state was set back or begun anew and whose alarm
    /// somebody has looked into. Alarms and receipts stay.
    /// </summary>
    /// <param name="hostKey">The computer's public key, 65 bytes: the grant's.</param>
    /// <param name="forgottenBy">The person, for the store's ledger; 1 to 255 UTF-8 bytes without control characters.</param>
    /// <param name="cancellationToken">Cancels before it is recorded.</param>
    /// <returns>False when none was kept.</returns>
    /// <exception cref="StateException">Not recorded, and not forgotten.</exception>
    public async ValueTask<bool> ForgetAsync(ReadOnlyMemory<byte> hostKey, string forgottenBy, CancellationToken cancellationToken)
    {
        OnSiteConsent.ValidateName(forgottenBy);
        using var notes = new CheckpointNote(hostKey.Span);
        if (Find(notes) is not { } kept) return false;
        var data = new JsonObject { ["computer"] = notes.HostId, ["kept"] = kept.Note };
        await ledger.AppendAsync(new LedgerEvent { Type = "witness.forgotten", Actor = new JsonObject { ["kind"] = "technician", ["name"] = forgottenBy }, Data = data }, cancellationToken).ConfigureAwait(false);
        using (Lock()) FileFault.Run(root, () => File.Delete(ComputerPath(notes)));
        return true;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ledger.DisposeAsync();

    /// <summary>The checkpoint kept of a computer; null when none is.</summary>
    /// <exception cref="StateException">It cannot be read, or is not the computer's.</exception>
    internal LedgerCheckpoint? Find(CheckpointNote notes)
    {
        string path = ComputerPath(notes);
        if (!File.Exists(path)) return null;
        return notes.TryReadOne(PrivateFile.Read(path, CheckpointNote.MaxLength), out LedgerCheckpoint? kept)
            ? kept
            : throw new StateException(StateError.Corrupted, path, $"{path} is not a checkpoint of that computer. It was damaged or altered; keep it and have it looked at.");
    }

    /// <summary>
    /// Keeps <paramref name="next"/> when <paramref name="proven"/>, which it continues, is still what is kept. False when it is not: the caller compares again.
    /// </summary>
    internal bool TryAdvance(CheckpointNote notes, LedgerCheckpoint? proven, LedgerCheckpoint next)
    {
        using (Lock())
        {
            if (Find(notes)?.Note != proven?.Note) return false;
            PrivateFile.Write(ComputerPath(notes), Encoding.UTF8.GetBytes(next.Note));
            return true;
        }
    }

    /// <summary>Appends to the technician's ledger.</summary>
    internal async ValueTask RecordAsync(LedgerEvent entry) => await ledger.AppendAsync(entry, CancellationToken.None).ConfigureAwait(false);

    /// <summary>The technician's checkpoint, covering everything recorded before.</summary>
    internal ValueTask<LedgerCheckpoint> CheckpointAsync() => ledger.CheckpointAsync(CancellationToken.None);

    /// <summary>Keeps two checkpoints that do not go together, in a file of their own and in the ledger.</summary>
    internal async ValueTask RecordAlarmAsync(LedgerEvent entry, CheckpointNote notes, string session, LedgerCheckpoint kept, LedgerCheckpoint shown)
    {
        await ledger.AppendLastAsync(entry, CancellationToken.None).ConfigureAwait(false);
        await ledger.CheckpointAsync(CancellationToken.None).ConfigureAwait(false);
        string path = Path.Combine(root, Alarms, $"{notes.HostId}-{session}");
        PrivateFile.Write(path, Encoding.UTF8.GetBytes($"{kept.Note}\n{shown.Note}"));
    }

    /// <summary>Keeps a receipt; it is on the disk when this completes.</summary>
    internal async ValueTask RecordReceiptAsync(LedgerEvent entry, SessionReceipt receipt)
    {
        await ledger.AppendLastAsync(entry, CancellationToken.None).ConfigureAwait(false);
        string path = Path.Combine(root, Receipts, Convert.ToHexStringLower(receipt.SessionId.Span) + ReceiptExtension);
        PrivateFile.Write(path, Encoding.ASCII.GetBytes(receipt.ToPem()));
    }

    private static string[] Folders(string root) => [Path.Combine(root, Computers), Path.Combine(root, Alarms), Path.Combine(root, Receipts)];

    private static SessionReceipt? ReadReceipt(string path) =>
        new FileInfo(path).Length <= MaxReceiptText && SessionReceipt.TryReadPem(Encoding.ASCII.GetString(PrivateFile.Read(path, MaxReceiptText)), out SessionReceipt? receipt) ? receipt : null;

    private string ComputerPath(CheckpointNote notes) => Path.Combine(root, Computers, notes.HostId);

    private SafeFileHandle Lock() => FileLock.Take(Path.Combine(root, LockFile), LockPatience);
}
