using Microsoft.Win32.SafeHandles;
using RemoteAccess.Transport;

namespace RemoteAccess.Trust;

/// <summary>
/// The computer's tamper-evident record (trust.md, "Ledger"; bytes in docs/ledger.md). Several processes of one computer may append.
/// Thread-safe. Whoever finds nobody writing writes its own entry; what comes meanwhile waits, and is written in one go with one flush. A checkpoint is
/// signed when asked for, after every 64 entries, when an entry has been unsigned for 60 s, and on disposal.
/// </summary>
internal sealed class Ledger : IAsyncDisposable
{
    /// <summary>Entries that may at most be unsigned.</summary>
    public const int EntriesPerCheckpoint = 64;

    private const int MaxBatchEntries = LedgerRecord.MaxBatch / (LedgerRecord.MaxEntry + LedgerRecord.Overhead);

    private readonly string directory;
    private readonly LedgerStore store;
    private readonly Lock gate = new();
    private readonly Queue<LedgerRequest> waiting = new();
    private readonly TaskCompletionSource written = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ITimer checkpointTimer;
    private bool isWriting;
    private bool isClosed;
    private bool timerRuns;
    private Exception? fault;
    private LedgerCheckpoint? latest;

    private Ledger(string directory, LedgerStore store, ILedgerDisk disk, TimeProvider time)
    {
        Pruning = new LedgerPruning(directory, disk);
        this.directory = directory;
        this.store = store;
        latest = store.LastCheckpoint;
        checkpointTimer = time.CreateTimer(_ => TryEnqueue(new CheckpointRequest(byClock: true), mayWrite: false), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        SetCheckpointTimer();
    }

    /// <summary>How long an entry may at most be unsigned.</summary>
    public static TimeSpan CheckpointInterval { get; } = TimeSpan.FromSeconds(60);

    /// <summary>Why the latest checkpoint that nobody waited for could not be made; null when it could. It is tried again with the next entry, or 60 s later.</summary>
    public Exception? CheckpointFailure { get; private set; }

    /// <summary>The latest checkpoint that this process knows of; null before the first.</summary>
    public LedgerCheckpoint? LatestCheckpoint => Volatile.Read(ref latest);

    /// <summary>Opens or creates the ledger in <paramref name="directory"/>, cutting a torn tail that was never acknowledged. Reads all of it.</summary>
    /// <exception cref="StateException">Damaged, newer, exposed to other accounts, not writable, or new and the disk is full.</exception>
    public static Ledger Open(string directory, ISigningKey hostKey, TimeProvider time) =>
        Open(directory, hostKey, time, new FileSystemDisk(), LedgerStore.DefaultSegmentSize);

    internal static Ledger Open(string directory, ISigningKey hostKey, TimeProvider time, ILedgerDisk disk, long segmentSize)
    {
        directory = Path.GetFullPath(directory);
        return new Ledger(directory, LedgerStore.Open(directory, hostKey, time, disk, segmentSize), disk, time);
    }

    /// <summary>
    /// Appends and completes when the entry is on the disk; concurrent calls share one fsync. Returns the sequence number. When nobody else writes, the
    /// call itself does, and returns only then: handing the entry to another thread and back takes as long as a third of the fsync.
    /// </summary>
    /// <param name="entry">What happened; taken over as it is now, later changes to it do nothing.</param>
    /// <param name="cancellationToken">Takes the entry back while it is still waiting; once it is being written this does nothing.</param>
    /// <exception cref="StateException">It could not be written: what it authorises must not happen.</exception>
    /// <exception cref="ArgumentException">It holds a value with no canonical form, or is longer than 16 KiB.</exception>
    public ValueTask<long> AppendAsync(LedgerEvent entry, CancellationToken cancellationToken) => EnqueueAsync(entry, mayUseReserve: false, cancellationToken);

    /// <summary>
    /// Like <see cref="AppendAsync"/>, for what ends or narrows something (end of session, revocation, block): on a full disk it uses up the
    /// reserve. From then on only such entries are accepted, until there is room for a new reserve. Another thread writes it, because there may be more to end.
    /// </summary>
    public ValueTask<long> AppendLastAsync(LedgerEvent entry, CancellationToken cancellationToken) => EnqueueAsync(entry, mayUseReserve: true, cancellationToken);

    /// <summary>Signs the present tree head and appends it to the checkpoints, on the disk when it completes. Covers every entry acknowledged before.</summary>
    public async ValueTask<LedgerCheckpoint> CheckpointAsync(CancellationToken cancellationToken)
    {
        var request = new CheckpointRequest();
        Enqueue(request, mayWrite: false);
        return await request.Done.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Entries from <paramref name="fromSequence"/> on, up to what is there when the end is reached. Blocking file reads; needs no lock.</summary>
    public IEnumerable<LedgerEntry> Read(long fromSequence = 0) => LedgerReader.Read(directory, fromSequence);

    /// <summary>Shows that the ledger's first entries are still the ones they were (<see cref="LedgerProof"/>). Blocking file reads; needs no lock.</summary>
    /// <exception cref="StateException">It cannot be read, or has not so many entries.</exception>
    public byte[] Prove(long first, long second, CancellationToken cancellationToken) => LedgerProof.Make(directory, first, second, cancellationToken);

    /// <summary>Takes old entries out; needs no turn of the writer, which never touches the files it takes.</summary>
    public LedgerPruning Pruning { get; }

    /// <summary>Writes what is waiting, signs what is unsigned, closes.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (gate)
        {
            if (isClosed) return;
            isClosed = true;
            if (!isWriting) written.SetResult();
        }

        await checkpointTimer.DisposeAsync().ConfigureAwait(false);
        await written.Task.ConfigureAwait(false);
        if (store.Unsigned > 0) WriteBatch(new LedgerBatch { Checkpoints = { new CheckpointRequest() } });
        store.Dispose();
    }

    private ValueTask<long> EnqueueAsync(LedgerEvent entry, bool mayUseReserve, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var request = new AppendRequest(new LedgerEntryDraft(entry), mayUseReserve);
        Enqueue(request, mayWrite: !mayUseReserve);
        return request.WaitAsync(cancellationToken);
    }

    private void Enqueue(LedgerRequest request, bool mayWrite) => ObjectDisposedException.ThrowIf(!TryEnqueue(request, mayWrite), this);

    /// <summary>False when closed. Whoever makes <see cref="isWriting"/> true is the writer, or sees to it that there is one.</summary>
    private bool TryEnqueue(LedgerRequest request, bool mayWrite)
    {
        lock (gate)
        {
            if (isClosed) return false;
            waiting.Enqueue(request);
            if (isWriting) return true;
            isWriting = true;
        }

        // One turn: what came meanwhile is nothing that this caller should wait for.
        if (!mayWrite || TryWriteOnce()) ThreadPool.UnsafeQueueUserWorkItem(static ledger => ledger.WriteAll(), this, preferLocal: false);
        return true;
    }

    private void WriteAll()
    {
        while (TryWriteOnce()) continue;
    }

    /// <summary>The writer only. False when nothing is waiting any more: then nobody is the writer.</summary>
    private bool TryWriteOnce()
    {
        WriteBatch(TakeBatch());
        lock (gate)
        {
            isWriting = waiting.Count > 0;
            if (!isWriting && isClosed) written.SetResult();
            return isWriting;
        }
    }

    private LedgerBatch TakeBatch()
    {
        var batch = new LedgerBatch();
        lock (gate)
        {
            while (batch.Count < MaxBatchEntries && waiting.TryDequeue(out LedgerRequest? request)) batch.Add(request);
        }
        return batch;
    }

    private void WriteBatch(LedgerBatch batch)
    {
        if (batch.Count == 0) return;
        if (fault is not null)
        {
            batch.Fail(fault);
            return;
        }

        if (batch.HasRung) timerRuns = false;
        bool entered = false;
        try
        {
            using SafeFileHandle held = store.Enter();
            entered = true;
            batch.WriteEntries(store);
            // Before anybody hears of them: an entry that its caller knows is there is already waiting for its signature.
            SetCheckpointTimer();
            batch.Acknowledge();
            CheckpointFailure = batch.WriteCheckpoint(store, store.Unsigned >= EntriesPerCheckpoint || CheckpointFailure is not null, made => Volatile.Write(ref latest, made));
            SetCheckpointTimer();
        }
        catch (Exception failure)
        {
            // After a failed write or flush nobody knows what the disk holds; only reopening, which reads it, can tell.
            bool final = entered
                ? failure is not StateException { Error: StateError.DiskFull }
                : failure is StateException { Error: StateError.Corrupted or StateError.NewerVersion };
            if (final) fault = failure;
            if (batch.Checkpoints.Count > 0) CheckpointFailure = failure;
            batch.Fail(failure);
            if (!final) SetCheckpointTimer();
        }
    }

    private void SetCheckpointTimer()
    {
        bool needed = store.Unsigned > 0;
        if (needed == timerRuns) return;
        timerRuns = needed;
        checkpointTimer.Change(needed ? CheckpointInterval : Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }
}
