namespace RemoteAccess.Sessions;

/// <summary>How fast texts may come: a burst, and then one a second. One caller at a time.</summary>
internal sealed class ChatPace(TimeProvider time)
{
    public const int Burst = 20;
    private static readonly TimeSpan Each = TimeSpan.FromSeconds(1);
    private double left = Burst;
    private long at = time.GetTimestamp();

    /// <returns>False when it is too many.</returns>
    public bool TryTake()
    {
        long now = time.GetTimestamp();
        left = Math.Min(Burst, left + (time.GetElapsedTime(at, now) / Each));
        at = now;
        if (left < 1) return false;
        left--;
        return true;
    }
}
