using System.Net.Sockets;
using System.Threading.Tasks.Sources;

namespace RemoteAccess.Transport;

/// <summary>
/// Reads a socket on a thread of its own, which waits in the system's call and goes on with what it read: a message that arrives wakes one thread.
/// An asynchronous read wakes three or more, the one that waits for all sockets and some of the pool; for a session's little messages that is most of
/// what they cost. The thread begins with the first read and ends with the socket, which it owns. One read at a time; allocates nothing per read.
/// </summary>
internal sealed class ReadingThread(Socket socket) : IValueTaskSource<int>, IDisposable
{
    private const int Idle = 0, Waiting = 1, Finished = 2;

    private readonly object gate = new();
    private ManualResetValueTaskSourceCore<int> source;
    private CancellationTokenRegistration registration;
    private CancellationToken token;
    private Memory<byte> buffer;
    private Thread? thread;
    private int state;
    private bool isEnded;

    /// <summary>
    /// Reads what is there, at least a byte; 0 at the end. Whoever awaits it goes on on the thread, and holds up nothing but this link's next read.
    /// A cancelled read takes nothing, and its caller goes on on the pool.
    /// </summary>
    /// <exception cref="IOException">The system reports a broken connection.</exception>
    /// <exception cref="ObjectDisposedException">Before or meanwhile.</exception>
    public ValueTask<int> ReadAsync(Memory<byte> into, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested) return ValueTask.FromCanceled<int>(cancellationToken);
        if (Volatile.Read(ref state) != Idle) throw new InvalidOperationException("One read at a time: await the one before first.");
        source.Reset();
        (buffer, token) = (into, cancellationToken);
        Volatile.Write(ref state, Waiting);
        registration = cancellationToken.UnsafeRegister(static self => ((ReadingThread)self!).Cancel(), this);
        Ask();
        return new ValueTask<int>(this, source.Version);
    }

    /// <summary>Closes the socket, both directions at once. A read that waits ends.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            isEnded = true;
            Monitor.Pulse(gate);
        }
        SocketEnds.Close(socket);
    }

    int IValueTaskSource<int>.GetResult(short version)
    {
        // Waits for a cancellation that is just running, so that it cannot hit the next read.
        registration.Dispose();
        registration = default;
        try
        {
            return source.GetResult(version);
        }
        finally
        {
            buffer = default;
            Volatile.Write(ref state, Idle);
        }
    }

    ValueTaskSourceStatus IValueTaskSource<int>.GetStatus(short version) => source.GetStatus(version);

    void IValueTaskSource<int>.OnCompleted(Action<object?> continuation, object? argument, short version, ValueTaskSourceOnCompletedFlags flags) =>
        source.OnCompleted(continuation, argument, version, flags);

    /// <summary>The thread, if it is not the caller, learns that somebody waits.</summary>
    private void Ask()
    {
        if (Thread.CurrentThread == thread) return;
        lock (gate)
        {
            if (isEnded)
            {
                if (TryClaim()) Fail(new ObjectDisposedException(nameof(ReadingThread)), here: false);
            }
            else if (thread is null)
            {
                thread = new Thread(Run) { IsBackground = true, Name = "RemoteAccess link" };
                thread.UnsafeStart();
            }
            else
            {
                Monitor.Pulse(gate);
            }
        }
    }

    private void Run()
    {
        while (IsAsked()) Serve();
    }

    private bool IsAsked()
    {
        lock (gate)
        {
            while (Volatile.Read(ref state) != Waiting)
            {
                if (isEnded) return false;
                Monitor.Wait(gate);
            }
            return true;
        }
    }

    private void Serve()
    {
        bool isOurs = false;
        int read;
        try
        {
            // Ends when there is something to read, the end or an error, all of which the next call tells.
            _ = socket.Poll(-1, SelectMode.SelectRead);
            // What arrived for a read that was cancelled stays where it is.
            isOurs = TryClaim();
            if (!isOurs) return;
            read = socket.Receive(buffer.Span);
        }
        catch (Exception failure) when (failure is SocketException or ObjectDisposedException)
        {
            if (isOurs || TryClaim()) Fail(failure is SocketException ? new IOException("The socket failed while reading.", failure) : failure, here: true);
            return;
        }
        source.RunContinuationsAsynchronously = false;
        source.SetResult(read);
    }

    private bool TryClaim() => Interlocked.CompareExchange(ref state, Finished, Waiting) == Waiting;

    private void Cancel()
    {
        if (TryClaim()) Fail(new OperationCanceledException(token), here: false);
    }

    /// <summary>For whoever has claimed the read.</summary>
    private void Fail(Exception failure, bool here)
    {
        source.RunContinuationsAsynchronously = !here;
        source.SetException(failure);
    }
}
