using System.Diagnostics;

namespace RemoteAccess.Tests;

/// <summary>Waits for what another process does, by looking, with a limit; the condition is the synchronisation, not the time.</summary>
internal static class Eventually
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    public static async Task Is(Func<bool> condition, string what)
    {
        long start = Stopwatch.GetTimestamp();
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(5));
        while (!condition())
        {
            Assert.True(Stopwatch.GetElapsedTime(start) < Limit, $"Not within {Limit.TotalSeconds} s: {what}");
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
