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
    public const uint SlackMilliseconds = 100;

    private readonly Lock gate = new();
    private readonly ILastInput last;
    private uint physicalAt;
    private uint ownFrom;
    private uint ownUntil;
    private bool hasOwn;
    private int running;

    public PhysicalInput(ILastInput last)
    {
        this.last = last;
        physicalAt = last.LastTick ?? last.Now;
    }

    /// <summary>One for the process, whichever desktop objects there are.</summary>
    public static PhysicalInput OfThisProcess { get; } = new(new SystemLastInput());

    /// <summary>Zero when Windows does not tell.</summary>
    public TimeSpan IdleTime
    {
        get
        {
            lock (gate)
            {
                if (!Look()) return TimeSpan.Zero;
                // Ticks go round after 49 days; who is away longer seems to be there for once, which errs on the safe side.
                return TimeSpan.FromMilliseconds(last.Now - physicalAt);
            }
        }
    }

    /// <summary>To be called before input is injected.</summary>
    public void BeginInjection()
    {
        lock (gate)
        {
            _ = Look();
            uint now = last.Now;
            if (!hasOwn || IsAfter(now, ownUntil)) ownFrom = now;
            hasOwn = true;
            ownUntil = now + SlackMilliseconds;
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

    private bool Look()
    {
        if (last.LastTick is not { } tick) return false;
        bool isOwn = hasOwn && !IsAfter(ownFrom, tick) && (running > 0 || !IsAfter(tick, ownUntil));
        if (!isOwn && IsAfter(tick, physicalAt)) physicalAt = tick;
        return true;
    }

    private static bool IsAfter(uint tick, uint other) => (int)(tick - other) > 0;
}

/// <summary>The seam to Windows' time of the last input, in milliseconds since it started, modulo 2^32.</summary>
internal interface ILastInput
{
    uint Now { get; }

    /// <summary>Null when Windows does not tell.</summary>
    uint? LastTick { get; }
}

/// <summary>GetLastInputInfo: of the session this process runs in.</summary>
internal sealed unsafe class SystemLastInput : ILastInput
{
    public uint Now => Kernel32.GetTickCount();

    public uint? LastTick
    {
        get
        {
            LastInputInfo info = new() { Size = (uint)sizeof(LastInputInfo) };
            return User32Input.GetLastInputInfo(&info) == 0 ? null : info.Tick;
        }
    }
}
