using RemoteAccess.Interop;

namespace RemoteAccess.Sessions;

/// <summary>
/// When a person last used keyboard, mouse or touch: Windows' time of the last input (GetLastInputInfo), which counts injected input too, less
/// this process' own injections. That time is looked at before each injection and on each question; what lies in the time of an
/// injection or shortly after is its own. No hook: one would stand in the way of every key and see what is typed. Thread-safe.
/// </summary>
internal sealed class PhysicalInput
{
    /// <summary>How long after SendInput its input may still set the time of the last input; ticks are up to 16 ms wide.</summary>
    public const int SlackMilliseconds = 100;

    /// <summary>The clock may stand this long.</summary>
    private const int TickMilliseconds = 16;

    private readonly Lock gate = new();
    private readonly ILastInput last;
    private uint judged;
    private long physicalAt;
    private long ownFrom = long.MaxValue;
    private long ownUntil = long.MinValue;
    private int running;

    public PhysicalInput(ILastInput last)
    {
        this.last = last;
        judged = last.LastTick ?? 0;
        physicalAt = last.LastTick is { } tick ? When(tick) : last.Now;
    }

    /// <summary>One for the process, whichever desktop objects there are.</summary>
    public static PhysicalInput OfThisProcess { get; } = new(new SystemLastInput());

    /// <summary>Zero when Windows does not tell.</summary>
    public TimeSpan IdleTime
    {
        get
        {
            lock (gate) return TryLook() ? TimeSpan.FromMilliseconds(Math.Max(0, last.Now - physicalAt)) : TimeSpan.Zero;
        }
    }

    /// <summary>To be called before input is injected.</summary>
    public void BeginInjection()
    {
        lock (gate)
        {
            _ = TryLook();
            long now = last.Now;
            if (running == 0 && now > ownUntil) ownFrom = now - TickMilliseconds;
            running++;
        }
    }

    /// <summary>To be called after it.</summary>
    public void EndInjection()
    {
        lock (gate)
        {
            ownUntil = last.Now + SlackMilliseconds;
            running--;
        }
    }

    /// <summary>Judges the last input once, when it is first seen.</summary>
    private bool TryLook()
    {
        if (last.LastTick is not { } tick) return false;
        if (tick == judged) return true;
        judged = tick;
        long at = When(tick);
        bool isOwn = at >= ownFrom && (running > 0 || at <= ownUntil);
        if (!isOwn) physicalAt = at;
        return true;
    }

    /// <summary>Windows' ticks go round after 49 days; the last one was before now.</summary>
    private long When(uint tick)
    {
        long now = last.Now;
        uint ago = (uint)now - tick;
        // One that seems to come from the future is from now: two clocks that differ by a tick.
        return ago > uint.MaxValue - SlackMilliseconds ? now : now - ago;
    }
}

/// <summary>The seam to Windows' time of the last input.</summary>
internal interface ILastInput
{
    /// <summary>Milliseconds since Windows started.</summary>
    long Now { get; }

    /// <summary>The last input on the same clock, modulo 2^32; null when Windows does not tell.</summary>
    uint? LastTick { get; }
}

/// <summary>GetLastInputInfo: of the session this process runs in.</summary>
internal sealed unsafe class SystemLastInput : ILastInput
{
    public long Now => Environment.TickCount64;

    public uint? LastTick
    {
        get
        {
            LastInputInfo info = new() { Size = (uint)sizeof(LastInputInfo) };
            return User32Input.GetLastInputInfo(&info) == 0 ? null : info.Tick;
        }
    }
}
