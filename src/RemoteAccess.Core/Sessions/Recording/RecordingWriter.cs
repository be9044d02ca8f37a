using System.Security.Cryptography;
using System.Threading.Channels;
using RemoteAccess.Picture;

namespace RemoteAccess.Sessions;

/// <summary>
/// Appends a recording to a stream, on a task of its own: whoever adds never waits. A stream that is slower than what it is given, by 64 MiB, fails; nothing can be left out.
/// </summary>
internal sealed class RecordingWriter
{
    /// <summary>The most bytes that wait for the stream.</summary>
    public const int MaxWaiting = 64 << 20;

    /// <summary>A check is due after so many bytes or so long, whichever is first: a file that was cut is checked up to there.</summary>
    private const int BytesToCheck = 1 << 20;
    private static readonly TimeSpan TimeToCheck = TimeSpan.FromSeconds(1);

    private readonly Stream stream;
    private readonly TimeProvider time;
    private readonly long began;
    private readonly Channel<byte[]> queue = Channel.CreateUnbounded<byte[]>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Task<(long Bytes, byte[] Sha256)> writing;
    private long waiting;
    private bool hasWhole;
    private RefusalReason ending;

    /// <param name="stream">Stays the caller's; flushed, not closed.</param>
    /// <param name="header">What it begins with.</param>
    /// <param name="time">Whose times the records bear.</param>
    public RecordingWriter(Stream stream, byte[] header, TimeProvider time)
    {
        (this.stream, this.time, began) = (stream, time, time.GetTimestamp());
        writing = Task.Run(() => WriteAsync(header));
    }

    /// <summary>Faults when the stream does.</summary>
    public Task Writing => writing;

    public TimeSpan Elapsed => time.GetElapsedTime(began);

    /// <summary>The first whole picture begins the film; what comes of an earlier one is left out, as nobody could decode it. One caller at a time, as for <see cref="Add"/>.</summary>
    public void AddPicture(ReadOnlySpan<byte> encoded)
    {
        if (!hasWhole) hasWhole = PictureHeader.TryRead(encoded, out PictureHeader header, out _) && header is { IsNewEpoch: true, IsFirstPart: true };
        if (hasWhole) Add(RecordKind.Picture, encoded);
    }

    public void Add(RecordKind kind, ReadOnlySpan<byte> payload)
    {
        if (Interlocked.Add(ref waiting, payload.Length) > MaxWaiting) queue.Writer.TryComplete(new IOException("The recording cannot be written as fast as the picture comes."));
        else queue.Writer.TryWrite(RecordingFormat.WriteRecord(kind, Elapsed, payload));
    }

    /// <summary>Ends the file: its length and its SHA-256.</summary>
    /// <exception cref="IOException">It could not be written to its end; what was written plays up to there.</exception>
    public Task<(long Bytes, byte[] Sha256)> FinishAsync(RefusalReason reason)
    {
        ending = reason;
        queue.Writer.TryComplete();
        return writing;
    }

    private async Task<(long Bytes, byte[] Sha256)> WriteAsync(byte[] header)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        long bytes = 0, checkedBytes = 0;
        TimeSpan checkedAt = default;
        async ValueTask AppendAsync(byte[] part)
        {
            await stream.WriteAsync(part).ConfigureAwait(false);
            hash.AppendData(part);
            bytes += part.Length;
        }

        await AppendAsync(header).ConfigureAwait(false);
        await stream.FlushAsync().ConfigureAwait(false);
        while (await queue.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            while (queue.Reader.TryRead(out byte[]? record))
            {
                await AppendAsync(record).ConfigureAwait(false);
                Interlocked.Add(ref waiting, RecordingFormat.RecordHead + 4 - record.Length);
                TimeSpan at = Elapsed;
                if (bytes - checkedBytes < BytesToCheck && at - checkedAt < TimeToCheck) continue;
                // Of the last record's time: times never go back in a file.
                await AppendAsync(RecordingFormat.WriteRecord(RecordKind.Check, TimeOf(record), hash.GetCurrentHash())).ConfigureAwait(false);
                (checkedBytes, checkedAt) = (bytes, at);
            }
            await stream.FlushAsync().ConfigureAwait(false);
        }
        await AppendAsync(RecordingFormat.WriteRecord(RecordKind.End, Elapsed, [(byte)ending, .. hash.GetCurrentHash()])).ConfigureAwait(false);
        await stream.FlushAsync().ConfigureAwait(false);
        return (bytes, hash.GetHashAndReset());
    }

    private static TimeSpan TimeOf(byte[] record) => TimeSpan.FromMicroseconds(System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(record.AsSpan(5)));
}
