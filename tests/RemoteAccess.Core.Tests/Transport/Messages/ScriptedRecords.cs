using RemoteAccess.Transport;

namespace RemoteAccess.Tests;

/// <summary>
/// A record channel whose peer is the test: it reads what the test queued, and a write completes when the test lets it. Everything runs on
/// the test's thread, unless the channel over it has threads.
/// </summary>
internal sealed class ScriptedRecords : IRecordChannel
{
    private readonly Queue<byte[]> incoming = new();
    private TaskCompletionSource? heldWrite;
    private TaskCompletionSource? waitingRead;
    private bool holdsWrites;

    /// <summary>Every record written, in order.</summary>
    public List<byte[]> Written { get; } = [];

    public List<int> Paddings { get; } = [];

    /// <summary>The thread that wrote last.</summary>
    public int Writer { get; private set; }

    public bool IsClosed { get; private set; }

    public bool IsDisposed { get; private set; }

    /// <summary>Fails every write from now on.</summary>
    public Exception? WriteFailure { get; set; }

    /// <summary>From now on a write waits until <see cref="ReleaseWrite"/>.</summary>
    public void HoldWrites() => holdsWrites = true;

    /// <summary>Lets the write that waits complete; the next one waits again.</summary>
    public void ReleaseWrite()
    {
        TaskCompletionSource held = heldWrite ?? throw new InvalidOperationException("No write waits.");
        heldWrite = null;
        held.SetResult();
    }

    /// <summary>Lets the write that waits and all later ones complete.</summary>
    public void ReleaseWrites()
    {
        holdsWrites = false;
        if (heldWrite is not null) ReleaseWrite();
    }

    /// <summary>A record from the peer; empty is its close.</summary>
    public void Arrive(params byte[] record)
    {
        incoming.Enqueue(record);
        TaskCompletionSource? waiting = waitingRead;
        waitingRead = null;
        waiting?.SetResult();
    }

    public ValueTask WriteAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken) => WriteAsync(content, 1, cancellationToken);

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> content, int padTo, CancellationToken cancellationToken)
    {
        if (WriteFailure is not null) throw WriteFailure;
        Written.Add(content.ToArray());
        Paddings.Add(padTo);
        Writer = Environment.CurrentManagedThreadId;
        if (!holdsWrites) return;
        heldWrite = new TaskCompletionSource();
        await heldWrite.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask<ReadOnlyMemory<byte>> ReadAsync(CancellationToken cancellationToken)
    {
        while (incoming.Count == 0)
        {
            waitingRead = new TaskCompletionSource();
            await waitingRead.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        return incoming.Dequeue();
    }

    public ValueTask CloseAsync(CancellationToken cancellationToken)
    {
        IsClosed = true;
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        IsDisposed = true;
        return ValueTask.CompletedTask;
    }
}
