namespace RemoteAccess.Tests;

/// <summary>
/// Holds a promise of time on a machine that others keep busy: what is late in each of ten tries is late by itself, what is in time once
/// was only kept waiting. On a quiet machine one try is enough.
/// </summary>
internal static class Promptly
{
    private const int Tries = 10;

    /// <summary>A try that showed nothing gives <see cref="TimeSpan.MaxValue"/>.</summary>
    public static async Task Within(TimeSpan promised, Func<Task<TimeSpan>> measure)
    {
        TimeSpan least = TimeSpan.MaxValue;
        for (int i = 0; i < Tries && least >= promised; i++)
        {
            TimeSpan took = await measure();
            if (took < least) least = took;
        }

        Assert.True(least < promised, $"Not once within {promised.TotalMilliseconds} ms in {Tries} tries; the quickest took {least.TotalMilliseconds} ms.");
    }
}
