using System.Globalization;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests.Trust;

/// <summary>Requests as technicians make them.</summary>
internal static class ConsentSamples
{
    public static readonly TimeZoneInfo Berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");

    public static ConsentRequest Attended { get; } = new()
    {
        Kind = ConsentKind.SessionStart,
        Operations = Operations.ViewScreen | Operations.ControlInput,
        TechnicianName = "Grace Hopper",
        Organisation = "Contoso IT",
        IsVerified = true,
    };

    public static ConsentRequest Unattended { get; } = Attended with
    {
        Kind = ConsentKind.UnattendedGrant,
        Nickname = "Contoso:Front desk:Ada",
        Until = new DateTimeOffset(2026, 7, 31, 22, 0, 0, TimeSpan.Zero),
        Hours = new WeeklyHours("Europe/Berlin", [new HoursWindow([DayOfWeek.Monday, DayOfWeek.Friday], 8 * 60, 18 * 60), new HoursWindow([DayOfWeek.Sunday], 22 * 60, 2 * 60)]),
        Reason = "Updates at night",
    };

    public static ConsentRequest InUse { get; } = Attended with { Kind = ConsentKind.ConnectionWhileInUse };

    public static ConsentPrompt Show(ConsentRequest request, string culture = "en-GB") => ConsentPrompt.Create(request, CultureInfo.GetCultureInfo(culture), Berlin);

    public static ConsentBlock Block(this ConsentPrompt prompt, ConsentBlockKind kind) => Assert.Single(prompt.Blocks, block => block.Kind == kind);
}
