using System.Runtime.InteropServices;

namespace RemoteAccess.Benchmarks;

/// <summary>
/// CPU time of any process, user and system, of all its threads, those that have ended too, in nanoseconds: the kernel's clock of that process (clock_getcpuclockid). What a program asks about itself
/// under Wine comes in hundredths of a second.
/// </summary>
internal static partial class CpuClock
{
    private const int Scheduled = 2;

    public static TimeSpan Read(int process)
    {
        if (clock_gettime((~process << 3) | Scheduled, out TimeSpec time) != 0) throw new InvalidOperationException($"Process {process} is gone.");
        return TimeSpan.FromTicks(time.Seconds * TimeSpan.TicksPerSecond + time.Nanoseconds / 100);
    }

    [LibraryImport("libc")] private static partial int clock_gettime(int clock, out TimeSpec time);

    private struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
