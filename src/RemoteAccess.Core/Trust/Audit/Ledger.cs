using System.Threading.Channels;
using Microsoft.Win32.SafeHandles;
using RemoteAccess.Transport;

namespace RemoteAccess.Trust;

/// <summary>
/// The computer's tamper-evident record (trust.md, "Ledger"; bytes in docs/ledger.md). Several processes of one computer may append.
/// Thread-safe. One writer takes up whatever is waiting, writes it in one go and flushes once; a caller that is alone writes for itself. A checkpoint is signed when asked for,
/// after every 64 entries, when an entry has been unsigned for 60 s, and on disposal.
/// </summary>
internal sealed class Ledger : IAsyncDisposable
{
    /// <summary>Entries that may at most be unsigned.</summary>
    public const int EntriesPerCheckpoint = 64;

    /// <summary>Turns of the writer with one request each, one after another, after which there is no company.</summary>
    private const int TurnsBeforeAlone = 16;

    private const int MaxBatchEntries = LedgerRecord.MaxBatch / (LedgerRecord.MaxEntry + LedgerRecord.Overhead);

    private readonly string directory;
    private readonly LedgerStore store;
    private readonly Channel<LedgerRequest> requests = Channel.CreateUnbounded<LedgerRequest>(new UnboundedChannelOptions { SingleReader = true });
    private readonly ITimer checkpointTimer;
    private readonly Task writing;
    /// <summary>Of the writer, and of callers that write alone.</summary>
    private readonly Lock turn = new();
    private int waiting;
    private int turnsAlone;
    private volatile bool closed;
    private bool timerRuns;
    private Exception? fault;
    private LedgerCheckpoint? latest;

    private Ledger(string directory, LedgerStore store, ILedgerDisk disk, TimeProvider time)
    {
        Pruning = new LedgerPruning(directory, disk);
        this.directory = directory;
        this.store = store;
        latest = store.LastCheckpoint;
        checkpointTimer = time.CreateTimer(_ => TryEnqueue(new CheckpointRequest(byClock: true)), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        SetCheckpointTimer();
        writing = Task.Run(WriteRequestsAsync);
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

    /// <summary>Appends and completes when the entry is on the disk; concurrent calls share one fsync. Returns the sequence number.</summary>
    /// <param name="entry">What happened; taken over as it is now, later changes to it do nothing.</param>
    /// <param name="cancellationToken">Takes the entry back while it is still waiting; once it is being written this does nothing.</param>
    /// <exception cref="StateException">It could not be written: what it authorises must not happen.</exception>
    /// <exception cref="ArgumentException">It holds a value with no canonical form, or is longer than 16 KiB.</exception>
    public ValueTask<long> AppendAsync(LedgerEvent entry, CancellationToken cancellationToken) => EnqueueAsync(entry, mayUseReserve: false, cancellationToken);

    /// <summary>
    /// Like <see cref="AppendAsync"/>, for what ends or narrows something (end of session, revocation, block): on a full disk it uses up the
    /// reserve. From then on only such entries are accepted, until there is room for a new reserve.
    /// </summary>
    public ValueTask<long> AppendLastAsync(LedgerEvent entry, CancellationToken cancellationToken) => EnqueueAsync(entry, mayUseReserve: true, cancellationToken);

    /// <summary>Signs the present tree head and appends it to the checkpoints, on the disk when it completes. Covers every entry acknowledged before.</summary>
    public async ValueTask<LedgerCheckpoint> CheckpointAsync(CancellationToken cancellationToken)
    {
        var request = new CheckpointRequest();
        Enqueue(request);
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
        closed = true;
        if (!requests.Writer.TryComplete()) return;
        await checkpointTimer.DisposeAsync().ConfigureAwait(false);
        await writing.ConfigureAwait(false);
        store.Dispose();
    }

    private ValueTask<long> EnqueueAsync(LedgerEvent entry, bool mayUseReserve, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var request = new AppendRequest(new LedgerEntryDraft(entry), mayUseReserve);
        if (!TryWriteAlone(request)) Enqueue(request);
        return request.WaitAsync(cancellationToken);
    }

    private void Enqueue(LedgerRequest request) => ObjectDisposedException.ThrowIf(!TryEnqueue(request), this);

    private bool TryEnqueue(LedgerRequest request)
    {
        Interlocked.Increment(ref waiting);
        if (requests.Writer.TryWrite(request)) return true;
        Interlocked.Decrement(ref waiting);
        return false;
    }

    private async Task WriteRequestsAsync()
    {
        while (await requests.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            lock (turn) WriteBatch(TakeBatch());
        }

        lock (turn)
        {
            if (store.Unsigned > 0) WriteBatch(new LedgerBatch { Checkpoints = { new CheckpointRequest() } });
        }
    }

    private LedgerBatch TakeBatch()
    {
        var batch = new LedgerBatch();
        while (batch.Count < MaxBatchEntries && requests.Reader.TryRead(out LedgerRequest? request))
        {
            Interlocked.Decrement(ref waiting);
            batch.Add(request);
        }

        return batch;
    }

    /// <summary>
    /// Whoever has had no company lately writes an entry without waking the writer, and has not to be woken in turn. Only what the disk takes is waited for here: not another
    /// process, not a signature; both are the writer's. With company the writer is faster, since one flush serves all.
    /// </summary>
    private bool TryWriteAlone(AppendRequest request)
    {
        if (Volatile.Read(ref turnsAlone) < TurnsBeforeAlone || Volatile.Read(ref waiting) > 0 || !turn.TryEnter()) return false;
        try
        {
            if (closed || fault is not null || Volatile.Read(ref waiting) > 0) return false;
            using SafeFileHandle? held = store.TryEnter();
            if (held is null || store.Unsigned >= EntriesPerCheckpoint - 1 || CheckpointFailure is not null) return false;
            var batch = new LedgerBatch();
            batch.Add(request);
            WriteEntries(batch);
            return true;
        }
        catch (StateException)
        {
            // Nothing was written. The writer will meet the same, and knows what to do about it.
            return false;
        }
        finally
        {
            turn.Exit();
        }
    }

    private void WriteBatch(LedgerBatch batch)
    {
        if (batch.Count == 0) return;
        turnsAlone = batch.Count == 1 ? Math.Min(turnsAlone + 1, TurnsBeforeAlone) : 0;
        if (fault is not null)
        {
            batch.Fail(fault);
            return;
        }

        if (batch.HasRung) timerRuns = false;
        SafeFileHandle held;
        try
        {
            held = store.Enter();
        }
        catch (Exception failure)
        {
            Fail(batch, failure, final: failure is StateException { Error: StateError.Corrupted or StateError.NewerVersion });
            return;
        }

        using (held)
        {
            if (!WriteEntries(batch)) return;
            bool due = store.Unsigned >= EntriesPerCheckpoint || CheckpointFailure is not null;
            CheckpointFailure = batch.WriteCheckpoint(store, due, made => Volatile.Write(ref latest, made));
            SetCheckpointTimer();
        }
    }

    /// <summary>True when they are on the disk; otherwise their callers know why not.</summary>
    private bool WriteEntries(LedgerBatch batch)
    {
        try
        {
            batch.WriteEntries(store);
            // Before anybody hears of them: an entry that its caller knows is there is already waiting for its signature.
            SetCheckpointTimer();
            batch.Acknowledge();
            return true;
        }
        catch (Exception failure)
        {
            // After a failed write or flush nobody knows what the disk holds; only reopening, which reads it, can tell.
            Fail(batch, failure, final: failure is not StateException { Error: StateError.DiskFull });
            return false;
        }
    }

    private void Fail(LedgerBatch batch, Exception failure, bool final)
    {
        if (final) fault = failure;
        if (batch.Checkpoints.Count > 0) CheckpointFailure = failure;
        batch.Fail(failure);
        if (!final) SetCheckpointTimer();
    }

    private void SetCheckpointTimer()
    {
        bool needed = store.Unsigned > 0;
        if (needed == timerRuns) return;
        timerRuns = needed;
        checkpointTimer.Change(needed ? CheckpointInterval : Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }
}
