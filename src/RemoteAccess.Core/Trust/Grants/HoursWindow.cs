namespace RemoteAccess.Trust;

/// <summary>
/// From one minute of certain days to another; when the end is not after the start, it lies on the following day. Immutable.
/// </summary>
public sealed class HoursWindow
{
    internal const int MinutesPerDay = 24 * 60;
    private readonly int daySet;

    /// <summary>A window that begins on each of <paramref name="days"/>.</summary>
    /// <param name="days">1 to 7 different days.</param>
    /// <param name="fromMinute">Minutes after midnight, 0 to 1439; inside.</param>
    /// <param name="toMinute">Minutes after midnight, 0 to 1440, not equal to <paramref name="fromMinute"/>; outside.</param>
    /// <exception cref="ArgumentException">A value is outside its range.</exception>
    public HoursWindow(IReadOnlyCollection<DayOfWeek> days, int fromMinute, int toMinute)
    {
        ArgumentNullException.ThrowIfNull(days);
        if (days.Count is 0 or > 7 || days.Distinct().Count() != days.Count || days.Any(day => !Enum.IsDefined(day)))
            throw new ArgumentException("Name 1 to 7 different days.", nameof(days));
        if (!IsAcceptable(fromMinute, toMinute)) throw new ArgumentException("The window must begin before midnight and not end where it begins.", nameof(fromMinute));
        Days = [.. days];
        foreach (DayOfWeek day in days) daySet |= 1 << (int)day;
        FromMinute = fromMinute;
        ToMinute = toMinute;
    }

    /// <summary>The days on which the window begins.</summary>
    public IReadOnlyCollection<DayOfWeek> Days { get; }

    /// <summary>Minutes after midnight, inside the window.</summary>
    public int FromMinute { get; }

    /// <summary>Minutes after midnight, of the next day when not after <see cref="FromMinute"/>; the first one outside.</summary>
    public int ToMinute { get; }

    internal static bool IsAcceptable(int fromMinute, int toMinute) =>
        fromMinute is >= 0 and < MinutesPerDay && toMinute is >= 0 and <= MinutesPerDay && fromMinute != toMinute;

    internal bool Contains(DayOfWeek day, int minute)
    {
        if (FromMinute < ToMinute) return BeginsOn((int)day) && minute >= FromMinute && minute < ToMinute;
        return (BeginsOn((int)day) && minute >= FromMinute) || (BeginsOn(((int)day + 6) % 7) && minute < ToMinute);
    }

    private bool BeginsOn(int day) => (daySet >> day & 1) != 0;
}
