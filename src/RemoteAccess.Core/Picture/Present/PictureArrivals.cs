using System.Buffers;
using System.Threading.Channels;
using RemoteAccess.Transport;
using RemoteAccess.Transport.Wire;

namespace RemoteAccess.Picture;

/// <summary>
/// What the session's receiver hands to the one reader of the picture: encoded frames in rented buffers, cursor and monitors, in order.
/// Bounded: a peer that sends beyond the acknowledgements it was given is cut off.
/// </summary>
internal sealed class PictureArrivals
{
    /// <summary>The most encoded bytes waiting for the reader; two frames of the largest picture stay far below.</summary>
    private const long MaxWaitingBytes = 64L << 20;

    private readonly Channel<Arrival> queue = Channel.CreateUnbounded<Arrival>(new UnboundedChannelOptions { SingleReader = true });
    private long waitingBytes;

    /// <summary>Copies an encoded message into the queue; false when the reader is gone.</summary>
    /// <exception cref="ChannelException"><see cref="ChannelError.LimitExceeded"/>.</exception>
    public bool Add(ReadOnlyMemory<byte> encoded)
    {
        if (Interlocked.Add(ref waitingBytes, encoded.Length) > MaxWaitingBytes)
            throw new ChannelException(ChannelError.LimitExceeded, "The computer sent more pictures than were acknowledged.");
        byte[] rented = ArrayPool<byte>.Shared.Rent(encoded.Length);
        encoded.CopyTo(rented);
        if (queue.Writer.TryWrite(new Arrival(rented, encoded.Length, null, null))) return true;
        ArrayPool<byte>.Shared.Return(rented);
        return false;
    }

    public bool Add(CursorMessage cursor) => queue.Writer.TryWrite(new Arrival(null, 0, cursor, null));

    public bool Add(Screen screen) => queue.Writer.TryWrite(new Arrival(null, 0, null, screen));

    /// <summary>No more will come; the reader ends with <paramref name="error"/> after what is queued, or without error.</summary>
    public void Complete(Exception? error) => queue.Writer.TryComplete(error);

    public ValueTask<bool> WaitAsync(CancellationToken cancellationToken) => queue.Reader.WaitToReadAsync(cancellationToken);

    public bool TryTake(out Arrival arrival) => queue.Reader.TryRead(out arrival);

    /// <summary>Gives an arrival's buffer back.</summary>
    public void Release(in Arrival arrival)
    {
        if (arrival.Rented is null) return;
        Interlocked.Add(ref waitingBytes, -arrival.Length);
        ArrayPool<byte>.Shared.Return(arrival.Rented);
    }
}

/// <summary>Exactly one of: an encoded picture message, a cursor message, a description of the monitors.</summary>
internal readonly record struct Arrival(byte[]? Rented, int Length, CursorMessage? Cursor, Screen? Screen)
{
    public ReadOnlySpan<byte> Encoded => Rented.AsSpan(0, Length);
}
