namespace RemoteAccess.Trust;

/// <summary>What a run of failures costs (protocol.md §6, "Lockout").</summary>
internal static class LockoutLadder
{
    public const int FreeFailures = 3;
    public const int LockingRun = 10;
    public const int LockingTotal = 30;
    public static readonly TimeSpan TotalPeriod = TimeSpan.FromDays(30);
    public static readonly TimeSpan LongestDelay = TimeSpan.FromHours(1);
    private static readonly TimeSpan FirstDelay = TimeSpan.FromSeconds(30);

    /// <summary>How long to wait after the last of <paramref name="run"/> consecutive failures.</summary>
    public static TimeSpan DelayAfter(int run)
    {
        if (run <= FreeFailures) return TimeSpan.Zero;
        int doublings = Math.Min(run - FreeFailures - 1, 16);
        TimeSpan delay = FirstDelay * (1 << doublings);
        return delay < LongestDelay ? delay : LongestDelay;
    }
}

/// <summary>Whether a guess may be made now. <paramref name="NeedsUnlock"/>: only the customer can end it, at the computer.</summary>
internal readonly record struct Lockout(TimeSpan Remaining, bool NeedsUnlock)
{
    public bool IsActive => NeedsUnlock || Remaining > TimeSpan.Zero;
}
