using System.Globalization;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

public sealed class WeeklyHoursTests
{
    private static readonly DayOfWeek[] EveryDay = Enum.GetValues<DayOfWeek>();

    // Berlin: 2026-03-29 02:00 CET → 03:00 CEST (01:00 UTC); 2026-10-25 03:00 CEST → 02:00 CET (01:00 UTC).
    [Theory]
    [InlineData("2026-03-28T06:59:59Z", false)] // 07:59:59 CET
    [InlineData("2026-03-28T07:00:00Z", true)] // 08:00 CET
    [InlineData("2026-03-29T05:59:59Z", false)] // 07:59:59 CEST
    [InlineData("2026-03-29T06:00:00Z", true)] // 08:00 CEST
    [InlineData("2026-03-29T15:59:59Z", true)] // 17:59:59 CEST
    [InlineData("2026-03-29T16:00:00Z", false)] // 18:00 CEST
    [InlineData("2026-10-24T06:00:00Z", true)] // 08:00 CEST
    [InlineData("2026-10-25T06:59:59Z", false)] // 07:59:59 CET
    [InlineData("2026-10-25T07:00:00Z", true)] // 08:00 CET
    [InlineData("2026-10-25T17:00:00Z", false)] // 18:00 CET
    public void Contains_OverBothChangesOfBerlin_FollowsTheWallClock(string instant, bool expected) =>
        Assert.Equal(expected, new WeeklyHours("Europe/Berlin", [new HoursWindow(EveryDay, 8 * 60, 18 * 60)]).Contains(At(instant)));

    [Theory]
    [InlineData("2026-03-29T00:59:59Z", false)] // 01:59:59, then the clock shows 03:00
    [InlineData("2026-03-29T01:00:00Z", false)]
    [InlineData("2026-03-30T00:15:00Z", true)] // next day 02:15 exists
    [InlineData("2026-10-25T00:15:00Z", true)] // 02:15 CEST
    [InlineData("2026-10-25T01:15:00Z", true)] // 02:15 CET, the second time
    [InlineData("2026-10-25T02:00:00Z", false)] // 03:00 CET
    public void Contains_WindowInsideTheChangedHour_IsSkippedOrDoubled(string instant, bool expected) =>
        Assert.Equal(expected, new WeeklyHours("Europe/Berlin", [new HoursWindow(EveryDay, 2 * 60, 3 * 60)]).Contains(At(instant)));

    [Theory]
    [InlineData("2026-03-06T21:59:59Z", false)] // Friday 21:59:59
    [InlineData("2026-03-06T22:00:00Z", true)] // Friday 22:00
    [InlineData("2026-03-07T05:59:59Z", true)] // Saturday, of the window that began on Friday
    [InlineData("2026-03-07T06:00:00Z", false)]
    [InlineData("2026-03-07T22:30:00Z", false)] // none begins on Saturday
    [InlineData("2026-03-08T03:00:00Z", false)]
    public void Contains_WindowOverMidnight_BelongsToTheDayItBegins(string instant, bool expected) =>
        Assert.Equal(expected, new WeeklyHours("UTC", [new HoursWindow([DayOfWeek.Friday], 22 * 60, 6 * 60)]).Contains(At(instant)));

    [Fact]
    public void Contains_SaturdayOverMidnight_ReachesIntoSunday() =>
        Assert.True(new WeeklyHours("UTC", [new HoursWindow([DayOfWeek.Saturday], 23 * 60, 60)]).Contains(At("2026-03-08T00:30:00Z")));

    [Fact]
    public void Contains_SecondWindow_Counts() => Assert.True(new WeeklyHours(
        "UTC", [new HoursWindow([DayOfWeek.Monday], 0, 60), new HoursWindow([DayOfWeek.Friday], 0, 24 * 60)]).Contains(At("2026-03-06T23:59:59Z")));

    [Fact]
    public void Contains_ZoneThisComputerDoesNotKnow_IsNever() =>
        Assert.False(new WeeklyHours("Mars/Olympus_Mons", [new HoursWindow(EveryDay, 0, 24 * 60)]).Contains(At("2026-03-06T12:00:00Z")));

    [Fact]
    public void Construct_WrongValues_Throws()
    {
        Assert.Throws<ArgumentException>(() => new HoursWindow([], 0, 60));
        Assert.Throws<ArgumentException>(() => new HoursWindow([DayOfWeek.Monday, DayOfWeek.Monday], 0, 60));
        Assert.Throws<ArgumentException>(() => new HoursWindow([(DayOfWeek)7], 0, 60));
        Assert.Throws<ArgumentException>(() => new HoursWindow(EveryDay, 1440, 60));
        Assert.Throws<ArgumentException>(() => new HoursWindow(EveryDay, 60, 60));
        Assert.Throws<ArgumentException>(() => new WeeklyHours("UTC", []));
        Assert.Throws<ArgumentException>(() => new WeeklyHours("../UTC", [new HoursWindow(EveryDay, 0, 60)]));
    }

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
