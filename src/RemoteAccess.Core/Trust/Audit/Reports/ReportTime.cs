using System.Globalization;

namespace RemoteAccess.Trust;

/// <summary>Times and durations as a report shows them.</summary>
internal static class ReportTime
{
    /// <summary>In the report's zone, with its offset: an hour that comes twice is told apart.</summary>
    public static string Of(DateTimeOffset time, TimeZoneInfo zone) => TimeZoneInfo.ConvertTime(time, zone).ToString("yyyy-MM-dd HH:mm:ss zzz", CultureInfo.InvariantCulture);

    /// <summary>Hours, minutes and seconds; a session may be longer than a day only if its clock was.</summary>
    public static string Of(TimeSpan duration) => string.Create(CultureInfo.InvariantCulture, $"{(long)duration.TotalHours}:{duration.Minutes:D2}:{duration.Seconds:D2}");

    /// <summary>UTC, as in the ledger.</summary>
    public static string Utc(DateTimeOffset time) => time.UtcDateTime.ToString(LedgerEntry.TimeFormat, CultureInfo.InvariantCulture);
}
