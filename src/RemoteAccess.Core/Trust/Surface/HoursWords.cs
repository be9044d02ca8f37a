using System.Globalization;

namespace RemoteAccess.Trust;

/// <summary>Weekly hours in one line for people.</summary>
internal static class HoursWords
{
    /// <summary>As in <c>Mon–Fri 08:00–18:00, Sat 09:00–12:00 (Europe/Berlin)</c>; the days in the culture's language, times as every language reads them.</summary>
    public static string Say(WeeklyHours hours, CultureInfo culture) => $"{string.Join(", ", hours.Windows.Select(window => Window(window, culture)))} ({PrintableText.Of(hours.Zone)})";

    private static string Window(HoursWindow window, CultureInfo culture) => $"{Days(window.Days, culture.DateTimeFormat)} {Clock(window.FromMinute)}–{Clock(window.ToMinute)}";

    private static string Clock(int minute) => string.Create(CultureInfo.InvariantCulture, $"{minute / 60:D2}:{minute % 60:D2}");

    private static string Days(IReadOnlyCollection<DayOfWeek> days, DateTimeFormatInfo names)
    {
        DayOfWeek[] week = [.. Enum.GetValues<DayOfWeek>().OrderBy(static day => ((int)day + 6) % 7)];
        bool[] open = [.. week.Select(days.Contains)];
        List<string> runs = [];
        for (int first = 0; first < week.Length; first++)
        {
            if (!open[first]) continue;
            int last = first;
            while (last + 1 < week.Length && open[last + 1]) last++;
            runs.Add(last > first + 1 ? $"{names.GetAbbreviatedDayName(week[first])}–{names.GetAbbreviatedDayName(week[last])}" : last > first ? $"{names.GetAbbreviatedDayName(week[first])}, {names.GetAbbreviatedDayName(week[last])}" : names.GetAbbreviatedDayName(week[first]));
            first = last;
        }
        return string.Join(", ", runs);
    }
}
