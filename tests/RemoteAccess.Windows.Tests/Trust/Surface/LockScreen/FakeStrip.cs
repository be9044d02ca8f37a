using System.Collections.Concurrent;
using System.Globalization;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

/// <summary>The strip of a test's helper: it is seen when the test says so.</summary>
internal sealed class FakeStrip
{
    private int asked, open;
    private Action? stop;

    /// <summary>Whether the system's own desktop has the keyboard, and the strip can be seen there.</summary>
    public volatile bool IsSeen;

    /// <summary>While it is there, nothing is answered.</summary>
    public volatile TaskCompletionSource? Stuck;

    /// <summary>What it said last; null is nothing.</summary>
    public BannerWords? Words { get; private set; }

    public int Asked => Volatile.Read(ref asked);

    public int Opened => Volatile.Read(ref open);

    public ConcurrentQueue<CultureInfo> Cultures { get; } = new();

    /// <summary>Somebody presses its button.</summary>
    public void Press() => stop!();

    public IStrip Open(CultureInfo culture, Action pressed)
    {
        Cultures.Enqueue(culture);
        stop = pressed;
        Interlocked.Increment(ref open);
        return new OneStrip(this);
    }

    private sealed class OneStrip(FakeStrip strip) : IStrip
    {
        public async Task<bool> ShowAsync(BannerWords? words, CancellationToken cancellationToken)
        {
            strip.Words = words;
            Interlocked.Increment(ref strip.asked);
            if (strip.Stuck is { } stuck) await stuck.Task.WaitAsync(cancellationToken);
            return strip.IsSeen;
        }

        public ValueTask DisposeAsync()
        {
            Interlocked.Decrement(ref strip.open);
            return ValueTask.CompletedTask;
        }
    }
}
