using System.IO.Pipelines;

namespace RemoteAccess.Transport;

/// <summary>
/// A link that misbehaves by seed: slow, late, lossy, altering, cut. It stands between a test and any other link. With a fake
/// <see cref="TimeProvider"/> on one thread it is deterministic: it has no thread of its own, and works inside the calls and timers that
/// give it something to do. Thread rules are those of <see cref="ILink"/>.
/// </summary>
public sealed class BadNetworkLink : ILink
{
    private readonly ILink inner;
    private readonly MemoryLink near;
    private readonly MemoryLink middle;
    private readonly BadPump sending;
    private readonly BadPump receiving;
    private readonly ITimer? loss;
    private volatile Task gone = Task.CompletedTask;
    private int isLost;

    /// <summary>Puts a bad network between the caller and <paramref name="inner"/>, which it owns from now on.</summary>
    /// <param name="inner">A link that works.</param>
    /// <param name="options">How bad it is.</param>
    /// <param name="time">The clock of delays and rates; null for the system's.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range.</exception>
    public BadNetworkLink(ILink inner, BadNetworkOptions options, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(inner);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        time ??= TimeProvider.System;
        this.inner = inner;
        (near, middle) = MemoryLink.CreatePair(options.BufferBytes, PipeScheduler.Inline);
        TimeSpan silentAfter = options.SilentAfter ?? TimeSpan.MaxValue;
        sending = new BadPump(middle.Input, inner.Output, options.Sending, options.Seed, silentAfter, time, Lose);
        receiving = new BadPump(inner.Input, middle.Output, options.Receiving, options.Seed ^ 0x5EED, silentAfter, time, Lose);
        sending.Start();
        receiving.Start();
        if (options.LostAfter is { } after) loss = time.CreateTimer(static link => ((BadNetworkLink)link!).Lose(), this, after, Timeout.InfiniteTimeSpan);
    }

    /// <inheritdoc/>
    public string Peer => inner.Peer;

    /// <inheritdoc/>
    public PipeReader Input => near.Input;

    /// <inheritdoc/>
    public PipeWriter Output => near.Output;

    /// <summary>Bytes the line has carried towards the peer, before duplication.</summary>
    public long BytesSent => sending.BytesTaken;

    /// <summary>Bytes the line has carried from the peer, before duplication.</summary>
    public long BytesReceived => receiving.BytesTaken;

    /// <summary>Makes a bad link and its plain peer, in memory.</summary>
    /// <param name="options">How bad it is.</param>
    /// <param name="time">The clock; null for the system's.</param>
    public static (BadNetworkLink Bad, ILink Peer) CreatePair(BadNetworkOptions options, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        (MemoryLink one, MemoryLink other) = MemoryLink.CreatePair(options.BufferBytes, PipeScheduler.Inline);
        return (new BadNetworkLink(one, options, time), other);
    }

    /// <summary>Loses the link now: both ends read what had arrived and then see the end; what was under way is gone.</summary>
    public void Lose()
    {
        if (Interlocked.Exchange(ref isLost, 1) != 0) return;
        loss?.Dispose();
        sending.Stop();
        receiving.Stop();
        gone = EndAsync();
    }

    /// <summary>Ends both directions at once.</summary>
    public async ValueTask DisposeAsync()
    {
        await near.DisposeAsync().ConfigureAwait(false);
        Lose();
        await gone.ConfigureAwait(false);
        await sending.DisposeAsync().ConfigureAwait(false);
        await receiving.DisposeAsync().ConfigureAwait(false);
    }

    private async Task EndAsync()
    {
        await middle.DisposeAsync().ConfigureAwait(false);
        await inner.DisposeAsync().ConfigureAwait(false);
    }
}
