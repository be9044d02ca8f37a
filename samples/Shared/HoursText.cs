using System.CommandLine.Parsing;
using System.Globalization;
using RemoteAccess.Trust;

namespace HelpdeskSamples;

/// <summary>Hours as they are typed on the command line: a zone, then windows, as in <c>Europe/Berlin mon-fri 18:00-22:00 sat,sun 08:00-12:00</c>.</summary>
internal static class HoursText
{
    public const string Form = "as in \"Europe/Berlin mon-fri 18:00-22:00 sat,sun 08:00-12:00\"";

    private static readonly string[] Days = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

    /// <summary>Null, and an error, when it cannot be read.</summary>
    public static WeeklyHours? Read(ArgumentResult result)
    {
        try
        {
            return Read(result.Tokens[0].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException)
        {
            result.AddError($"'{result.Tokens[0].Value}' are no hours, {Form}: {exception.Message}");
            return null;
        }
    }

    /// <summary>As it is typed.</summary>
    public static string Write(WeeklyHours hours) => $"{hours.Zone} {string.Join(' ', hours.Windows.Select(window => $"{WriteDays(window.Days)} {WriteTime(window.FromMinute)}-{WriteTime(window.ToMinute)}"))}";

    private static string WriteTime(int minute) => string.Create(CultureInfo.InvariantCulture, $"{minute / 60:00}:{minute % 60:00}");

    /// <summary>From Monday on; three or more in a row as a range.</summary>
    private static string WriteDays(IReadOnlyCollection<DayOfWeek> days)
    {
        int[] order = [.. days.Select(day => ((int)day + 6) % 7).Order()];
        var parts = new List<string>();
        for (int i = 0, end; i < order.Length; i = end)
        {
            for (end = i + 1; end < order.Length && order[end] == order[end - 1] + 1;) end++;
            IEnumerable<string> names = order[i..end].Select(day => Days[(day + 1) % 7]);
            parts.AddRange(end - i >= 3 ? [$"{names.First()}-{names.Last()}"] : names);
        }
        return string.Join(',', parts);
    }

    private static WeeklyHours Read(string[] words)
    {
        if (words.Length < 3 || words.Length % 2 == 0) throw new FormatException("after the zone, days and times take turns.");
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(words[0], out _)) throw new FormatException($"'{words[0]}' is no zone that this computer knows.");
        return new WeeklyHours(words[0], [.. Enumerable.Range(0, words.Length / 2).Select(i => new HoursWindow(ReadDays(words[1 + (2 * i)]), ReadTime(words[2 + (2 * i)], 0), ReadTime(words[2 + (2 * i)], 1)))]);
    }

    private static List<DayOfWeek> ReadDays(string text)
    {
        var days = new List<DayOfWeek>();
        foreach (string part in text.Split(','))
        {
            string[] ends = part.Split('-');
            int first = DayOf(ends[0]), last = DayOf(ends[^1]);
            if (ends.Length > 2) throw new FormatException($"'{part}' is no range of days.");
            for (int day = first; ; day = (day + 1) % 7)
            {
                days.Add((DayOfWeek)day);
                if (day == last) break;
            }
        }
        return days;
    }

    private static int DayOf(string name) => Array.IndexOf(Days, name.ToLowerInvariant()) is >= 0 and var day ? day : throw new FormatException($"'{name}' is no day: {string.Join(", ", Days)}.");

    /// <summary>Minutes after midnight; 24:00 is an end.</summary>
    private static int ReadTime(string range, int part)
    {
        string[] ends = range.Split('-');
        if (ends.Length != 2) throw new FormatException($"'{range}' is no time of day from 00:00 to 24:00, as in 08:00-18:00.");
        if (part == 1 && ends[1] == "24:00") return 24 * 60;
        return TimeOnly.TryParseExact(ends[part], "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out TimeOnly time)
            ? (time.Hour * 60) + time.Minute
            : throw new FormatException($"'{ends[part]}' is no time of day, as in 08:00.");
    }
}
