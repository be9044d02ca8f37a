using System.Buffers;
using System.Threading.Tasks.Sources;
using RemoteAccess.Transport;
using RemoteAccess.Transport.Wire;

namespace RemoteAccess.Picture;

/// <summary>
/// What the session's receiver hands to the one reader of the picture: encoded frames in rented buffers, cursor, monitors and proofs, in order.
/// Bounded: of cursor and monitors only the newest between two frames is kept, and a peer that sends frames beyond the acknowledgements it
/// was given is cut off. One thread adds, one takes; waiting allocates nothing.
/// </summary>
internal sealed class PictureArrivals(TimeProvider time) : IValueTaskSource<bool>
{
    /// <summary>Two frames of the largest picture are at most 1024 parts, one for each row of tiles of a picture one pixel wide, with cursor and layout between.</summary>
    public const int MaxWaiting = 2048;

    /// <summary>The most bytes waiting for the reader; two frames of the largest picture stay far below.</summary>
    private const long MaxWaitingBytes = 64L << 20;

    private readonly Lock gate = new();
    private readonly Arrival[] ring = new Arrival[MaxWaiting];
    private int first;
    private int count;
    private long waitingBytes;
    private bool isComplete;
    private Exception? ending;
    private bool isWaiting;
    private ManualResetValueTaskSourceCore<bool> waiting = new() { RunContinuationsAsynchronously = true };
    private CancellationTokenRegistration cancelling;
    private CancellationToken cancellation;
    private volatile bool isCut;

    /// <summary>The customer's rules ended it: what was not shown yet is not to be shown.</summary>
    public bool IsCut => isCut;

    /// <summary>Copies an encoded message into the queue; false when the reader is gone.</summary>
    /// <exception cref="ChannelException"><see cref="ChannelError.LimitExceeded"/>.</exception>
    public bool Add(ReadOnlyMemory<byte> encoded)
    {
        lock (gate)
        {
            if (isComplete) return false;
            Demand(encoded.Length, isNew: true);
            byte[] rented = ArrayPool<byte>.Shared.Rent(encoded.Length);
            encoded.CopyTo(rented);
            Append(new Arrival(rented, encoded.Length, time.GetTimestamp()));
            return true;
        }
    }

    /// <inheritdoc cref="Add(ReadOnlyMemory{byte})"/>
    public bool Add(CursorMessage cursor)
    {
        lock (gate)
        {
            if (isComplete) return false;
            if (FindSinceFrame(static waiting => waiting.Cursor is not null) is { } at) Replace(at, new Arrival { Cursor = Merge(ring[at].Cursor!, cursor) });
            else AppendNew(new Arrival { Cursor = cursor });
            return true;
        }
    }

    /// <inheritdoc cref="Add(ReadOnlyMemory{byte})"/>
    public bool Add(Screen screen)
    {
        lock (gate)
        {
            if (isComplete) return false;
            if (FindSinceFrame(static waiting => waiting.Screen is not null) is { } at) Replace(at, new Arrival { Screen = screen });
            else AppendNew(new Arrival { Screen = screen });
            return true;
        }
    }

    /// <inheritdoc cref="Add(ReadOnlyMemory{byte})"/>
    public bool Add(Transport.Wire.PictureProof proof)
    {
        lock (gate)
        {
            if (isComplete) return false;
            if (FindSinceFrame(static waiting => waiting.Proof is not null) is { } at) Replace(at, new Arrival { Proof = proof });
            else AppendNew(new Arrival { Proof = proof });
            return true;
        }
    }

    /// <summary>No more will come; the reader ends with <paramref name="error"/> after what is queued, or without error.</summary>
    public void Complete(Exception? error)
    {
        lock (gate)
        {
            if (isComplete) return;
            (isComplete, ending) = (true, error);
            Wake();
        }
    }

    /// <summary>No more will come, and what waits is dropped; the reader ends with <paramref name="error"/> at once.</summary>
    public void Cut(Exception error)
    {
        lock (gate)
        {
            isCut = true;
            while (TryTake(out Arrival dropped)) Release(dropped);
            Complete(error);
        }
    }

    /// <summary>True when something can be taken, false when no more will come. One caller at a time.</summary>
    public ValueTask<bool> WaitAsync(CancellationToken cancellationToken)
    {
        lock (gate)
        {
            if (cancellationToken.IsCancellationRequested) return ValueTask.FromCanceled<bool>(cancellationToken);
            if (count > 0) return ValueTask.FromResult(true);
            if (isComplete) return ending is null ? ValueTask.FromResult(false) : ValueTask.FromException<bool>(ending);
            waiting.Reset();
            isWaiting = true;
            cancellation = cancellationToken;
        }

        // Whoever waits goes on only once it has what this returns.
        cancelling = cancellationToken.UnsafeRegister(static self => ((PictureArrivals)self!).Cancel(), this);
        return new ValueTask<bool>(this, waiting.Version);
    }

    public bool TryTake(out Arrival arrival)
    {
        lock (gate)
        {
            arrival = default;
            if (count == 0) return false;
            arrival = ring[first];
            ring[first] = default;
            first = (first + 1) % MaxWaiting;
            count--;
            return true;
        }
    }

    /// <summary>Gives an arrival's buffer back.</summary>
    public void Release(in Arrival arrival)
    {
        lock (gate) waitingBytes -= arrival.Size;
        if (arrival.Rented is not null) ArrayPool<byte>.Shared.Return(arrival.Rented);
    }

    bool IValueTaskSource<bool>.GetResult(short token)
    {
        // Waits for a cancellation that is just running, so that it cannot hit the next wait.
        cancelling.Dispose();
        cancelling = default;
        return waiting.GetResult(token);
    }

    ValueTaskSourceStatus IValueTaskSource<bool>.GetStatus(short token) => waiting.GetStatus(token);

    void IValueTaskSource<bool>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        waiting.OnCompleted(continuation, state, token, flags);

    /// <summary>Under the gate: whoever waits goes on elsewhere.</summary>
    private void Wake()
    {
        if (!isWaiting) return;
        isWaiting = false;
        if (count > 0 || ending is null) waiting.SetResult(count > 0);
        else waiting.SetException(ending);
    }

    private void Cancel()
    {
        lock (gate)
        {
            if (!isWaiting) return;
            isWaiting = false;
            waiting.SetException(new OperationCanceledException(cancellation));
        }
    }

    private void AppendNew(Arrival arrival)
    {
        Demand(arrival.Size, isNew: true);
        Append(arrival);
    }

    private void Append(Arrival arrival)
    {
        ring[(first + count++) % MaxWaiting] = arrival;
        Wake();
    }

    private void Replace(int at, Arrival arrival)
    {
        waitingBytes -= ring[at].Size;
        Demand(arrival.Size, isNew: false);
        ring[at] = arrival;
    }

    private void Demand(int bytes, bool isNew)
    {
        if ((isNew && count == MaxWaiting) || waitingBytes + bytes > MaxWaitingBytes)
            throw new ChannelException(ChannelError.LimitExceeded, "The computer sent more of its picture than was acknowledged.");
        waitingBytes += bytes;
    }

    /// <summary>Where one of a kind waits that no frame follows.</summary>
    private int? FindSinceFrame(Func<Arrival, bool> isOfKind)
    {
        for (int back = count - 1; back >= 0; back--)
        {
            int at = (first + back) % MaxWaiting;
            if (ring[at].Rented is not null) return null;
            if (isOfKind(ring[at])) return at;
        }

        return null;
    }

    /// <summary>One message that does what two do in turn.</summary>
    private static CursorMessage Merge(CursorMessage before, CursorMessage now)
    {
        if (now.KindCase != CursorMessage.KindOneofCase.Position || before.KindCase == CursorMessage.KindOneofCase.Position) return now;
        if (before.KindCase != CursorMessage.KindOneofCase.Image) return before;
        before.Image.X = now.Position.X;
        before.Image.Y = now.Position.Y;
        return before;
    }
}

/// <summary>Exactly one of: an encoded picture message and when it came, a cursor message, a description of the monitors, a proof.</summary>
internal readonly record struct Arrival(byte[]? Rented, int Length, long At)
{
    public CursorMessage? Cursor { get; init; }

    public Screen? Screen { get; init; }

    public Transport.Wire.PictureProof? Proof { get; init; }

    public ReadOnlySpan<byte> Encoded => Rented.AsSpan(0, Length);

    /// <summary>Bytes it takes while it waits.</summary>
    public int Size => Length + (Cursor?.CalculateSize() ?? 0) + (Screen?.CalculateSize() ?? 0) + (Proof?.CalculateSize() ?? 0);
}
