namespace RemoteAccess.Trust;

/// <summary>
/// Finds when hours open or close. Between two changes of a zone's offset the wall clock runs evenly, so that only the edges of the windows
/// and the changes of the offset have to be looked at.
/// </summary>
internal static class HoursChange
{
    /// <summary>No zone changes its offset and back within so little.</summary>
    private static readonly TimeSpan Stride = TimeSpan.FromHours(6);

    /// <summary>The first moment after <paramref name="utc"/>, within <see cref="WeeklyHours.Outlook"/>, at which the hours answer otherwise.</summary>
    public static DateTimeOffset? After(WeeklyHours hours, TimeZoneInfo zone, DateTime utc)
    {
        bool inside = hours.Contains(zone, utc);
        DateTime end = Later(utc, WeeklyHours.Outlook.Ticks);
        while (utc < end)
        {
            TimeSpan offset = zone.GetUtcOffset(utc);
            DateTime even = EndOfOffset(zone, utc, offset, Earlier(Later(utc, Stride.Ticks), end));
            while (utc < even)
            {
                utc = Earlier(NextEdge(hours, utc, offset), even);
                if (hours.Contains(zone, utc) != inside) return utc;
            }
        }
        return null;
    }

    /// <summary>The first moment up to the limit with another offset, or the limit.</summary>
    private static DateTime EndOfOffset(TimeZoneInfo zone, DateTime utc, TimeSpan offset, DateTime limit)
    {
        if (zone.GetUtcOffset(limit) == offset) return limit;
        long same = utc.Ticks, other = limit.Ticks;
        while (other - same > 1)
        {
            long middle = same + (other - same) / 2;
            if (zone.GetUtcOffset(new DateTime(middle, DateTimeKind.Utc)) == offset) same = middle;
            else other = middle;
        }
        return new DateTime(other, DateTimeKind.Utc);
    }

    /// <summary>When the wall clock next shows the begin or end of a window, on whatever day.</summary>
    private static DateTime NextEdge(WeeklyHours hours, DateTime utc, TimeSpan offset)
    {
        long ofDay = (utc.Ticks + offset.Ticks + TimeSpan.TicksPerDay) % TimeSpan.TicksPerDay, least = TimeSpan.TicksPerDay;
        foreach (HoursWindow window in hours.Windows)
        {
            least = Math.Min(least, TicksUntil(window.FromMinute, ofDay));
            least = Math.Min(least, TicksUntil(window.ToMinute, ofDay));
        }
        return Later(utc, least);
    }

    private static long TicksUntil(int minute, long ofDay)
    {
        long until = minute * TimeSpan.TicksPerMinute - ofDay;
        return until > 0 ? until : until + TimeSpan.TicksPerDay;
    }

    private static DateTime Later(DateTime utc, long ticks) => new(Math.Min(DateTime.MaxValue.Ticks - utc.Ticks, ticks) + utc.Ticks, DateTimeKind.Utc);

    private static DateTime Earlier(DateTime a, DateTime b) => a < b ? a : b;
}
