using System.Globalization;

namespace RemoteAccess.Trust;

/// <summary>Moments in the person's language and zone.</summary>
internal sealed class SurfaceTimes
{
    private readonly CultureInfo culture;

    public SurfaceTimes(SurfaceTexts texts, CultureInfo culture, TimeZoneInfo zone)
    {
        // Times in the form of a language that the words are not in would be read wrongly.
        this.culture = culture.TwoLetterISOLanguageName == texts.Language ? culture : English();
        Zone = zone;
    }

    public TimeZoneInfo Zone { get; }

    /// <summary>Day and time; the time alone on the day of <paramref name="now"/>.</summary>
    public string Moment(DateTimeOffset moment, DateTimeOffset now)
    {
        if (moment == DateTimeOffset.MaxValue) return "–";
        DateTimeOffset local = Local(moment);
        return local.Date == Local(now).Date ? local.ToString("t", culture) : $"{local.ToString("D", culture)} {local.ToString("t", culture)}";
    }

    public string Clock(DateTimeOffset moment) => Local(moment).ToString("t", culture);

    public string Day(DateOnly day) => day.ToString("D", culture);

    public string ShortDay(DateOnly day) => day.ToString("d", culture);

    public string Month(DateOnly day) => day.ToString("Y", culture);

    public DateOnly DayOf(DateTimeOffset moment) => DateOnly.FromDateTime(Local(moment).DateTime);

    /// <summary>The first moment after a day; where a clock change leaves out midnight, the first there is.</summary>
    public DateTimeOffset EndOf(DateOnly day)
    {
        DateTime next = day.AddDays(1).ToDateTime(TimeOnly.MinValue);
        while (Zone.IsInvalidTime(next)) next = next.AddMinutes(15);
        return new DateTimeOffset(next, Zone.GetUtcOffset(next));
    }

    private DateTimeOffset Local(DateTimeOffset moment) => TimeZoneInfo.ConvertTime(moment, Zone);

    private static CultureInfo English()
    {
        try
        {
            return CultureInfo.GetCultureInfo("en-GB");
        }
        catch (CultureNotFoundException)
        {
            return CultureInfo.InvariantCulture;
        }
    }
}
