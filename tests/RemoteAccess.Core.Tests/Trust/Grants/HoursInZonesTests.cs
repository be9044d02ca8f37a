using System.Globalization;
using System.Text.Json;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

/// <summary>Hours by the clocks of many zones, against another implementation's wall clocks, and the next change against looking at each minute.</summary>
public sealed class HoursInZonesTests
{
    private const int Minutes = HoursWindow.MinutesPerDay;

    private static readonly string[] Zones =
    [
        "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "America/St_Johns", "Pacific/Apia", "Africa/Casablanca", "Asia/Kolkata",
        "America/Argentina/Buenos_Aires", "Pacific/Chatham", "Europe/Dublin", "UTC",
    ];

    /// <summary>Moments around which the walks begin: changes of clocks both ways, the skipped day of Apia, 1970, 2106, and the calendar's end.</summary>
    private static readonly DateTimeOffset[] Moments =
    [
        At("1970-01-01T00:00:00Z"), At("1986-01-01T00:00:00Z"), At("2011-12-29T12:00:00Z"), At("2026-03-07T12:00:00Z"), At("2026-03-28T12:00:00Z"), At("2026-04-04T12:00:00Z"),
        At("2026-10-03T12:00:00Z"), At("2026-10-24T12:00:00Z"), At("2026-10-31T12:00:00Z"), At("2106-02-07T06:28:15Z"), At("9999-12-20T00:00:00Z"),
    ];

    [Fact]
    public void Contains_AroundEveryChangeOfManyZones_AgreesWithAnotherImplementationsWallClock()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no rules of time zones for the past.");
        var random = new Random(1);
        int compared = 0, inside = 0;
        using JsonDocument vectors = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "vectors", "iana_wall_clock.json")));
        foreach (JsonElement zone in vectors.RootElement.EnumerateArray())
        {
            string name = zone.GetProperty("zone").GetString() ?? "";
            foreach (JsonElement point in zone.GetProperty("points").EnumerateArray())
            {
                DateTimeOffset instant = DateTimeOffset.FromUnixTimeSeconds(point[0].GetInt64());
                DateTime wall = DateTime.ParseExact(point[1].GetString() ?? "", "yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture);
                for (int i = 0; i < 20; i++)
                {
                    HoursWindow[] windows = RandomWindows(random, near: wall.Hour * 60 + wall.Minute);
                    bool expected = windows.Any(window => IsInside(window, wall));
                    Assert.True(expected == new WeeklyHours(name, windows).Contains(instant), $"{name} {instant:u}, {wall:s}: {Describe(windows)}");
                    compared++;
                    if (expected) inside++;
                }
            }
        }
        Assert.InRange(compared, 10_000, int.MaxValue);
        Assert.InRange(inside, compared / 5, compared * 4 / 5);
    }

    [Fact]
    public void NextChange_OverChangesOfClocks_IsTheFirstMinuteThatAnswersOtherwise()
    {
        var random = new Random(2);
        int found = 0;
        foreach (string zone in Zones)
        {
            foreach (DateTimeOffset around in Moments)
            {
                for (int i = 0; i < 6; i++)
                {
                    DateTimeOffset instant = around.AddSeconds(random.Next(172_800));
                    var hours = new WeeklyHours(zone, RandomWindows(random, random.Next(Minutes)));
                    DateTimeOffset? next = hours.NextChange(instant);
                    DateTimeOffset? expected = ByEachMinute(hours, instant);
                    Assert.True(expected == next, $"{zone} {instant:u}: {next:u} and not {expected:u}: {Describe(hours.Windows)}");
                    if (next is { } change)
                    {
                        Assert.True(hours.Contains(change) == !hours.Contains(instant) && hours.Contains(change.AddTicks(-1)) == hours.Contains(instant));
                        found++;
                    }
                }
            }
        }
        Assert.InRange(found, 500, int.MaxValue);
    }

    [Theory]
    // Friday from 22:00 over midnight; the night of the change in Berlin is an hour shorter.
    [InlineData("Europe/Berlin", "2026-03-28T20:00:00Z", "2026-03-28T21:00:00Z")]
    [InlineData("Europe/Berlin", "2026-03-28T21:00:00Z", "2026-03-29T04:00:00Z")]
    [InlineData("America/New_York", "2026-11-01T03:00:00Z", "2026-11-01T11:00:00Z")]
    [InlineData("Mars/Olympus_Mons", "2026-03-28T20:00:00Z", null)]
    public void NextChange_NightOverTheChange_IsByTheWallClock(string zone, string from, string? expected)
    {
        var hours = new WeeklyHours(zone, [new HoursWindow(Enum.GetValues<DayOfWeek>(), 22 * 60, 6 * 60)]);

        Assert.Equal(expected is null ? null : At(expected), hours.NextChange(At(from)));
    }

    [Fact]
    public void NextChange_HoursThatNeverClose_IsNull()
    {
        var hours = new WeeklyHours("Europe/Berlin", [new HoursWindow(Enum.GetValues<DayOfWeek>(), 0, Minutes)]);

        Assert.Null(hours.NextChange(At("2026-03-20T00:00:00Z")));
        Assert.Null(hours.NextChange(DateTimeOffset.MaxValue));
    }

    [Fact]
    public void NextChange_FridayThatApiaSkipped_IsTheFridayAfter()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no rules of time zones for the past.");

        Assert.Equal(
            At("2012-01-05T18:00:00Z"),
            new WeeklyHours("Pacific/Apia", [new HoursWindow([DayOfWeek.Friday], 8 * 60, 9 * 60)]).NextChange(At("2011-12-29T00:00:00Z")));
    }

    private static DateTimeOffset? ByEachMinute(WeeklyHours hours, DateTimeOffset instant)
    {
        bool inside = hours.Contains(instant);
        DateTimeOffset end = DateTimeOffset.MaxValue - instant > WeeklyHours.Outlook ? instant + WeeklyHours.Outlook : DateTimeOffset.MaxValue;
        for (DateTimeOffset at = instant.AddSeconds(60 - instant.Second); at <= end; at = at.AddMinutes(1))
        {
            if (hours.Contains(at) != inside) return at;
            if (DateTimeOffset.MaxValue - at < TimeSpan.FromMinutes(1)) break;
        }
        return null;
    }

    private static bool IsInside(HoursWindow window, DateTime wall)
    {
        // Every minute of a week of minutes that the window covers, without a thought for how it is written.
        int now = (int)wall.DayOfWeek * Minutes + wall.Hour * 60 + wall.Minute;
        int length = (window.ToMinute - window.FromMinute + Minutes - 1) % Minutes + 1;
        return window.Days.Any(day => ((now - ((int)day * Minutes + window.FromMinute)) % (7 * Minutes) + 7 * Minutes) % (7 * Minutes) < length);
    }

    private static HoursWindow[] RandomWindows(Random random, int near) => [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ =>
    {
        int from = (random.Next(3) == 0 ? random.Next(Minutes) : near + random.Next(-90, 90) + Minutes) % Minutes;
        int to = (from + random.Next(1, random.Next(2) == 0 ? 120 : Minutes)) % Minutes;
        DayOfWeek[] days = [.. Enum.GetValues<DayOfWeek>().Where(_ => random.Next(3) > 0)];
        return new HoursWindow(days.Length == 0 ? [DayOfWeek.Sunday] : days, from, to == 0 && random.Next(2) == 0 && from > 0 ? Minutes : to == from ? (to + 1) % Minutes : to);
    })];

    private static string Describe(IEnumerable<HoursWindow> windows) => string.Join("; ", windows.Select(window => $"{string.Join(',', window.Days)} {window.FromMinute}–{window.ToMinute}"));

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
