using RemoteAccess.Interop;
using RemoteAccess.Transport;

namespace RemoteAccess.Picture;

/// <summary>What one number of a <see cref="HelperLink"/> stands for: a capture, input, a prompt. On the link's reading loop, so quick.</summary>
internal interface IHelperChannel
{
    /// <summary>A message of the helper.</summary>
    /// <exception cref="InvalidDataException">It is not one that may come now: the link ends, and the helper with it.</exception>
    void Receive(HelperWord word, ref MessageReader body);

    /// <summary>Why the helper must hang, if it must; asked every <see cref="HelperLink.PingEvery"/>. Null, the default: nothing that is waited for has failed to come.</summary>
    string? WhyHung() => null;

    /// <summary>The link is gone; called once, after which nothing comes.</summary>
    void Lost();
}

/// <summary>
/// The service's end of the talk with one session helper, which it does not trust: a message that may not come, none for
/// <see cref="Silence"/>, or no answer of its reading loop for as long, ends the link. Thread-safe.
/// </summary>
internal sealed class HelperLink : IAsyncDisposable
{
    public static readonly TimeSpan Silence = TimeSpan.FromSeconds(10), PingEvery = TimeSpan.FromSeconds(2);

    private readonly HelperStream stream;
    private readonly TimeProvider time;
    private readonly Lock changing = new();
    private readonly Dictionary<uint, IHelperChannel> channels = [];
    private readonly CancellationTokenSource silent;
    private uint last;
    private bool isLost;
    private bool isGreeted;
    private string? hung;
    private uint pinged, answered;
    private long idleTicks;

    /// <param name="stream">The pipe; owned from now on.</param>
    /// <param name="process">The helper.</param>
    /// <param name="time">For the silence.</param>
    public HelperLink(Stream stream, ISessionProcess process, TimeProvider time)
    {
        this.stream = new HelperStream(stream);
        this.time = time;
        Process = process;
        silent = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
    }

    public ISessionProcess Process { get; }

    /// <summary>What the helper said last; never more than it is.</summary>
    public TimeSpan IdleTime => new(Interlocked.Read(ref idleTicks));

    /// <summary>Gives a channel its number; one that comes too late is told so.</summary>
    public uint Add(IHelperChannel channel)
    {
        lock (changing)
        {
            if (!isLost)
            {
                channels.Add(++last, channel);
                return last;
            }
        }
        channel.Lost();
        return 0;
    }

    /// <summary>The number is over; what still comes for it is passed over.</summary>
    public void Remove(uint number)
    {
        lock (changing) channels.Remove(number);
    }

    public void Send(MessageWriter message) => stream.Send(message);

    /// <summary>Reads until the link ends, whoever ends it. <paramref name="greeted"/> is called when the helper has said hello.</summary>
    /// <returns>Why, for the log.</returns>
    public async Task<string> RunAsync(Action greeted, CancellationToken cancellationToken)
    {
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, silent.Token);
        Task pinging = PingAsync(either.Token);
        try
        {
            while (true)
            {
                silent.CancelAfter(Silence);
                if (await stream.ReadAsync(either.Token).ConfigureAwait(false) is not { } message) return "the session helper closed the pipe";
                if (Receive(message)) greeted();
            }
        }
        catch (OperationCanceledException)
        {
            return cancellationToken.IsCancellationRequested ? "the service ends it" : $"the session helper {(hung is null ? "was silent" : $"hangs: {hung}")} for {Silence.TotalSeconds:0} s";
        }
        catch (Exception fault) when (fault is InvalidDataException or DesktopException)
        {
            return $"the session helper does not keep to the protocol: {fault.Message}";
        }
        catch (IOException broken)
        {
            return broken.Message;
        }
        finally
        {
            await either.CancelAsync().ConfigureAwait(false);
            await pinging.ConfigureAwait(false);
            Lose();
        }
    }

    public async ValueTask DisposeAsync()
    {
        Lose();
        await stream.DisposeAsync().ConfigureAwait(false);
        silent.Dispose();
    }

    /// <summary>True for the greeting.</summary>
    private bool Receive(ReceivedWord message)
    {
        MessageReader body = new(message.Body.Span);
        if (!isGreeted)
        {
            if (message.Word != HelperWord.Hello || body.Int() != WireLimits.Version) throw new InvalidDataException("It greets in another version.");
            body.End();
            return isGreeted = true;
        }
        if (message.Word == HelperWord.Idle)
        {
            long milliseconds = body.Long();
            body.End();
            // A year is as good as for ever, and fits.
            Interlocked.Exchange(ref idleTicks, Math.Clamp(milliseconds, 0, 31_536_000_000) * TimeSpan.TicksPerMillisecond);
            return false;
        }
        if (message.Word == HelperWord.Pong)
        {
            body.End();
            if (message.Number == Volatile.Read(ref answered) || message.Number != Volatile.Read(ref pinged)) throw new InvalidDataException("An answer to no ping.");
            Volatile.Write(ref answered, message.Number);
            return false;
        }
        IHelperChannel? channel;
        lock (changing)
        {
            if (message.Number == 0 || message.Number > last) throw new InvalidDataException($"Number {message.Number} was never given.");
            channel = channels.GetValueOrDefault(message.Number);
        }
        channel?.Receive(message.Word, ref body);
        return false;
    }

    /// <summary>Idle time comes from a thread of its own in the helper; an answer to this only from the loop that does the work.</summary>
    private async Task PingAsync(CancellationToken over)
    {
        long asked = 0;
        while (true)
        {
            await Task.Delay(PingEvery, time, over).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (over.IsCancellationRequested) return;
            hung = WhyHung();
            if (hung is null && Volatile.Read(ref answered) == pinged)
            {
                if (!isGreeted) continue;
                asked = time.GetTimestamp();
                Volatile.Write(ref pinged, pinged + 1);
                Send(new MessageWriter(HelperWord.Ping, pinged));
            }
            else if (hung is null && time.GetElapsedTime(asked) >= Silence)
            {
                hung = "it answered nothing";
            }
            if (hung is not null)
            {
                await silent.CancelAsync().ConfigureAwait(false);
                return;
            }
        }
    }

    private string? WhyHung()
    {
        IHelperChannel[] open;
        lock (changing) open = [.. channels.Values];
        return open.Select(static channel => channel.WhyHung()).FirstOrDefault(static why => why is not null);
    }

    private void Lose()
    {
        IHelperChannel[] left;
        lock (changing)
        {
            if (isLost) return;
            isLost = true;
            left = [.. channels.Values];
            channels.Clear();
        }
        foreach (IHelperChannel channel in left) channel.Lost();
    }
}
