using System.Globalization;

namespace RemoteAccess.Trust;

/// <summary>Weekly hours in one line for people.</summary>
internal static class HoursWords
{
    /// <summary>As in <c>Mon–Fri 08:00–18:00, Sat 09:00–12:00 (Europe/Berlin)</c>.</summary>
    public static string Say(WeeklyHours hours) => $"{string.Join(", ", hours.Windows.Select(Window))} ({PrintableText.Of(hours.Zone)})";

    private static string Window(HoursWindow window) => $"{Days(window.Days)} {Clock(window.FromMinute)}–{Clock(window.ToMinute)}";

    private static string Clock(int minute) => string.Create(CultureInfo.InvariantCulture, $"{minute / 60:D2}:{minute % 60:D2}");

    private static string Days(IReadOnlyCollection<DayOfWeek> days)
    {
        DayOfWeek[] week = [.. Enum.GetValues<DayOfWeek>().OrderBy(static day => ((int)day + 6) % 7)];
        bool[] open = [.. week.Select(days.Contains)];
        List<string> runs = [];
        for (int first = 0; first < week.Length; first++)
        {
            if (!open[first]) continue;
            int last = first;
            while (last + 1 < week.Length && open[last + 1]) last++;
            runs.Add(last > first + 1 ? $"{Name(week[first])}–{Name(week[last])}" : last > first ? $"{Name(week[first])}, {Name(week[last])}" : Name(week[first]));
            first = last;
        }
        return string.Join(", ", runs);
    }

    private static string Name(DayOfWeek day) => CultureInfo.InvariantCulture.DateTimeFormat.GetAbbreviatedDayName(day);
}
