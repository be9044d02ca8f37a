using System.Globalization;

namespace RemoteAccess.Trust;

/// <summary>Moments and weekly hours in the person's language, always with the zone they are meant in.</summary>
internal sealed class ConsentTimes(ConsentTexts texts, CultureInfo culture, TimeZoneInfo zone)
{
    public string Until(DateTimeOffset moment)
    {
        DateTimeOffset local = TimeZoneInfo.ConvertTime(moment, zone);
        TimeSpan offset = local.Offset;
        string utc = $"UTC{(offset < TimeSpan.Zero ? '-' : '+')}{offset.Duration():hh\\:mm}";
        return texts.Fill("until.date", local.ToString("D", culture) + " " + local.ToString("t", culture), zone.Id == "UTC" ? "UTC" : $"{zone.Id}, {utc}");
    }

    /// <summary>A line for each window and one for the zone; one line for any time.</summary>
    public string[] Hours(WeeklyHours? hours) => hours is null
        ? [texts["hours.any"]]
        : [.. hours.Windows.Select(Window), texts.Fill("hours.zone", hours.Zone)];

    private string Window(HoursWindow window)
    {
        // From the culture's first day of the week on, as people there read a week.
        int first = (int)culture.DateTimeFormat.FirstDayOfWeek;
        string separator = texts.Language == "ja" ? "・" : ", ";
        string days = string.Join(separator, window.Days.OrderBy(day => ((int)day - first + 7) % 7).Select(day => culture.DateTimeFormat.GetDayName(day)));
        bool isNextDay = window.ToMinute <= window.FromMinute;
        return texts.Fill(isNextDay ? "hours.nextday" : "hours.window", days, Clock(window.FromMinute), Clock(window.ToMinute));
    }

    // 24:00 is the end of a day, which no clock shows.
    private string Clock(int minute) => minute == HoursWindow.MinutesPerDay ? "24:00" : new TimeOnly(minute / 60, minute % 60).ToString("t", culture);
}
