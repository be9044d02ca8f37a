namespace RemoteAccess.Fuzz;

/// <summary>A clock that stands still; nothing ever falls due.</summary>
internal sealed class FrozenTime : TimeProvider
{
    public static readonly DateTimeOffset Now = new(2027, 3, 4, 12, 0, 0, TimeSpan.Zero);

    public static readonly FrozenTime Instance = new();

    public override DateTimeOffset GetUtcNow() => Now;

    public override long GetTimestamp() => 0;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => new Never();

    private sealed class Never : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose()
        {
            // Nothing is held.
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
