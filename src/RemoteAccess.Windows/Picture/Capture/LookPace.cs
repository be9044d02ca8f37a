namespace RemoteAccess.Picture;

/// <summary>How long to rest between two looks at a screen that does not say when it changes: an eighth of the time nothing has, within bounds.</summary>
internal sealed class LookPace
{
    public const int LeastMilliseconds = 15, MostMilliseconds = 60;

    private long changedAt = Environment.TickCount64;

    public void Changed() => changedAt = Environment.TickCount64;

    public int Next() => (int)Math.Clamp((Environment.TickCount64 - changedAt) / 8, LeastMilliseconds, MostMilliseconds);
}
