using System.Diagnostics;

namespace RemoteAccess.Tests;

/// <summary>Waits for what another process does, by looking, with a limit; the condition is the synchronisation, not the time.</summary>
internal static class Eventually
{
    /// <summary>A hang. Not what anything may take: on a machine with ten times as much to do as it can, what takes a second elsewhere takes half a minute.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    public static Task Is(Func<bool> condition, string what) => Is(condition, static () => 0, what);

    /// <summary>For much that is done one after another: fails when it has not gone on for so long.</summary>
    /// <param name="condition">The end of it.</param>
    /// <param name="done">How much of it is done.</param>
    /// <param name="what">Says it in words.</param>
    public static async Task Is(Func<bool> condition, Func<long> done, string what)
    {
        long start = Stopwatch.GetTimestamp(), last = done();
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(5));
        while (!condition())
        {
            long now = done();
            if (now != last) (start, last) = (Stopwatch.GetTimestamp(), now);
            Assert.True(Stopwatch.GetElapsedTime(start) < Limit, $"Not within {Limit.TotalSeconds} s: {what} ({last})");
            await timer.WaitForNextTickAsync();
        }
    }

    /// <summary>Watches for half a second that something does not happen, longer than any thread of ours rests.</summary>
    public static async Task Never(Func<bool> condition, string what)
    {
        long start = Stopwatch.GetTimestamp();
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(5));
        while (Stopwatch.GetElapsedTime(start) < TimeSpan.FromMilliseconds(500))
        {
            Assert.False(condition(), what);
            await timer.WaitForNextTickAsync();
        }
    }
}
