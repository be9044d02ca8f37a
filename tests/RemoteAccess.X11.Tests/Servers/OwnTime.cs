using System.Diagnostics;

namespace RemoteAccess.Tests;

/// <summary>
/// The computer's time without that in which this process got no processor, for promises of time on a machine that others keep busy: its thread pool is asked for a turn every 10 ms, and of the time
/// between two turns at most <see cref="Most"/> counts. Never more than really passed. Allocates nothing while it runs. Thread-safe.
/// </summary>
internal static class OwnTime
{
    private static readonly TimeSpan Turn = TimeSpan.FromMilliseconds(10), Most = TimeSpan.FromMilliseconds(50);
    private static readonly Lock Gate = new();
    private static TimeSpan counted;
    private static long last = Stopwatch.GetTimestamp();

    static OwnTime() => Task.Run(CountAsync);

    /// <summary>Since some moment.</summary>
    public static TimeSpan Now
    {
        get
        {
            lock (Gate) return counted + SinceTurn();
        }
    }

    /// <summary>Waits until so much of it has passed.</summary>
    public static async Task PassAsync(TimeSpan time, CancellationToken cancellationToken)
    {
        TimeSpan began = Now;
        while (Now - began < time) await Task.Delay(Turn, cancellationToken);
    }

    private static TimeSpan SinceTurn()
    {
        TimeSpan passed = Stopwatch.GetElapsedTime(last);
        return passed < Most ? passed : Most;
    }

    private static async Task CountAsync()
    {
        using PeriodicTimer turns = new(Turn);
        while (await turns.WaitForNextTickAsync())
        {
            lock (Gate)
            {
                counted += SinceTurn();
                last = Stopwatch.GetTimestamp();
            }
        }
    }
}
