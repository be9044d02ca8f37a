using System.CommandLine.Parsing;
using System.Globalization;

namespace HelpdeskAgent;

/// <summary>A moment to come on the command line: 18:00, 2026-12-24, 2026-12-24T18:00, or with an offset.</summary>
internal static class Moment
{
    private static readonly string[] Forms = ["yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd'T'HH:mm:ss", "yyyy-MM-dd'T'HH:mmzzz", "yyyy-MM-dd'T'HH:mm:sszzz", "yyyy-MM-dd HH:mm", "yyyy-MM-dd"];

    public static DateTimeOffset? Read(ArgumentResult result)
    {
        DateTimeOffset now = TimeProvider.System.GetLocalNow();
        string text = result.Tokens[0].Value;
        if (TimeOnly.TryParseExact(text, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out TimeOnly ofDay))
        {
            // The next time the clock shows it.
            DateTime today = now.Date + ofDay.ToTimeSpan();
            return Local(today > now.DateTime ? today : today.AddDays(1));
        }

        foreach (string form in Forms)
        {
            if (form.Contains('z', StringComparison.Ordinal))
            {
                if (DateTimeOffset.TryParseExact(text, form, CultureInfo.InvariantCulture, DateTimeStyles.None, out DateTimeOffset exact)) return exact;
            }
            else if (DateTime.TryParseExact(text, form, CultureInfo.InvariantCulture, DateTimeStyles.None, out DateTime local))
            {
                return Local(local);
            }
        }

        result.AddError($"'{text}' is not a moment. Write 18:00, 2026-12-24 or 2026-12-24T18:00, or add an offset as in 2026-12-24T18:00+01:00.");
        return null;
    }

    private static DateTimeOffset Local(DateTime clock) => new(clock, TimeZoneInfo.Local.GetUtcOffset(clock));
}
