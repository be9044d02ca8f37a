using System.Buffers;
using System.IO.Pipelines;
using System.Threading.Channels;

namespace RemoteAccess.Transport;

/// <summary>
/// Carries one direction of a bad link. Two loops: one takes chunks from the writer at the line's rate and does them harm, the other hands
/// them to the reader when their time has come. Continuations run inline, so with a fake clock all is done when its <c>Advance</c> returns.
/// </summary>
internal sealed class BadPump : IAsyncDisposable
{
    /// <summary>Chunks under way at most: what a long fast line holds before its writer waits.</summary>
    private const int MaxUnderWay = 4096;

    private readonly PipeReader source;
    private readonly PipeWriter sink;
    private readonly BadDirection options;
    private readonly Action lose;
    private readonly TimeSpan silentAfter;
    private readonly Alarm line;
    private readonly Alarm arrival;
    private readonly BitFlips flips;
    private readonly Random chance;
    private readonly Random jitter;
    private readonly Channel<Chunk> underWay;
    private long taken;
    private TimeSpan lineFree;
    private TimeSpan lastDue;
    private Task carrying = Task.CompletedTask;

    /// <param name="source">Where the direction's bytes come from.</param>
    /// <param name="sink">Where they go.</param>
    /// <param name="options">What happens to them.</param>
    /// <param name="seed">Of this direction.</param>
    /// <param name="silentAfter">When everything stops without a word.</param>
    /// <param name="time">The clock.</param>
    /// <param name="lose">Ends the link at both ends.</param>
    public BadPump(PipeReader source, PipeWriter sink, BadDirection options, int seed, TimeSpan silentAfter, TimeProvider time, Action lose)
    {
        this.source = source;
        this.sink = sink;
        this.options = options;
        this.silentAfter = silentAfter;
        this.lose = lose;
        line = new Alarm(time);
        arrival = new Alarm(time);
        flips = new BitFlips(options.FlipBits, options.BitFlipRate, seed);
        chance = new Random(seed + 1);
        jitter = new Random(seed + 2);
        underWay = Channel.CreateBounded<Chunk>(new BoundedChannelOptions(MaxUnderWay) { SingleReader = true, SingleWriter = true, AllowSynchronousContinuations = true });
    }

    /// <summary>Bytes taken from the writer so far.</summary>
    public long BytesTaken => Volatile.Read(ref taken);

    public void Start() => carrying = Task.WhenAll(TakeAsync(), DeliverAsync());

    public async ValueTask DisposeAsync()
    {
        Stop();
        await carrying.ConfigureAwait(false);
    }

    /// <summary>Ends both loops; nothing more is delivered.</summary>
    public void Stop()
    {
        line.Dispose();
        arrival.Dispose();
        underWay.Writer.TryComplete();
    }

    private async Task TakeAsync()
    {
        try
        {
            while (true)
            {
                ReadResult read = await source.ReadAsync().ConfigureAwait(false);
                if (!read.Buffer.IsEmpty)
                {
                    if (!await TakeChunksAsync(read.Buffer).ConfigureAwait(false)) return;
                }
                else if (read.IsCompleted)
                {
                    underWay.Writer.TryComplete();
                    return;
                }
                else
                {
                    source.AdvanceTo(read.Buffer.End);
                }
            }
        }
        catch (Exception failure) when (failure is IOException or ChannelClosedException)
        {
            lose();
        }
    }

    /// <summary>One chunk, or two that change places. The bytes stay the writer's until the line has carried them.</summary>
    private async ValueTask<bool> TakeChunksAsync(ReadOnlySequence<byte> buffer)
    {
        byte[] first = Harm(buffer, 0), second = [];
        bool swaps = buffer.Length > first.Length && chance.NextDouble() < options.SwapRate;
        if (swaps) second = Harm(buffer, first.Length);
        SequencePosition end = buffer.GetPosition(first.Length + second.Length);
        bool isCut = options.CutAfterBytes is { } limit && limit - taken <= first.Length + second.Length;
        if (isCut)
        {
            int left = (int)(options.CutAfterBytes!.Value - taken);
            second = second[..Math.Max(0, left - first.Length)];
            first = first[..Math.Min(first.Length, left)];
        }
        if (swaps && !await CarryAsync(second, isLast: false).ConfigureAwait(false)) return false;
        if (!await CarryAsync(first, isCut).ConfigureAwait(false)) return false;
        Volatile.Write(ref taken, taken + first.Length + second.Length);
        source.AdvanceTo(end);
        return !isCut;
    }

    private byte[] Harm(ReadOnlySequence<byte> buffer, long from)
    {
        ReadOnlySequence<byte> rest = buffer.Slice(from);
        byte[] chunk = rest.Slice(0, Math.Min(rest.Length, options.ChunkBytes)).ToArray();
        flips.Apply(chunk);
        return chunk;
    }

    private async ValueTask<bool> CarryAsync(byte[] chunk, bool isLast)
    {
        int copies = chance.NextDouble() < options.DuplicateRate ? 2 : 1;
        for (int copy = 1; copy <= copies; copy++)
        {
            TimeSpan now = line.Now;
            lineFree = (lineFree > now ? lineFree : now) + (options.BitsPerSecond is { } rate ? TimeSpan.FromSeconds(chunk.Length * 8.0 / rate) : TimeSpan.Zero);
            if (!await line.SleepUntilAsync(lineFree).ConfigureAwait(false)) return false;
            if (line.Now >= silentAfter)
            {
                await line.SleepForeverAsync().ConfigureAwait(false);
                return false;
            }
            TimeSpan due = lineFree + options.Delay + (options.Jitter * jitter.NextDouble());
            lastDue = due > lastDue ? due : lastDue;
            await underWay.Writer.WriteAsync(new Chunk(chunk, lastDue, isLast && copy == copies)).ConfigureAwait(false);
        }
        return true;
    }

    private async Task DeliverAsync()
    {
        try
        {
            while (await underWay.Reader.WaitToReadAsync().ConfigureAwait(false))
            {
                while (underWay.Reader.TryRead(out Chunk chunk))
                {
                    if (!await arrival.SleepUntilAsync(chunk.Due).ConfigureAwait(false)) return;
                    if (arrival.Now >= silentAfter)
                    {
                        await arrival.SleepForeverAsync().ConfigureAwait(false);
                        return;
                    }
                    FlushResult flush = await sink.WriteAsync(chunk.Bytes).ConfigureAwait(false);
                    if (flush.IsCompleted || chunk.IsLast)
                    {
                        lose();
                        return;
                    }
                    if (options.ReadPause > TimeSpan.Zero && !await arrival.SleepUntilAsync(arrival.Now + options.ReadPause).ConfigureAwait(false)) return;
                }
            }
            await sink.CompleteAsync().ConfigureAwait(false);
        }
        catch (IOException)
        {
            lose();
        }
    }

    private readonly record struct Chunk(byte[] Bytes, TimeSpan Due, bool IsLast);
}
