using System.Diagnostics.CodeAnalysis;

namespace RemoteAccess.Trust;

/// <summary>
/// When sessions may happen, by the clock on the wall of one IANA zone. What the clock shows decides, so that over a change to summer time
/// a window from 08:00 still begins at 08:00, an hour that does not exist is never inside, and one that comes twice is inside twice.
/// Immutable.
/// </summary>
public sealed class WeeklyHours
{
    /// <summary>The most windows.</summary>
    public const int MaxWindows = 32;

    /// <summary>How far <see cref="NextChange"/> looks.</summary>
    internal static readonly TimeSpan Outlook = TimeSpan.FromDays(21);

    private const int MaxZoneLength = 64;
    private readonly HoursWindow[] windows;
    private TimeZoneInfo? known;

    /// <summary>Hours in a zone.</summary>
    /// <param name="zone">IANA name, such as <c>Europe/Berlin</c>; at most 64 characters.</param>
    /// <param name="windows">1 to <see cref="MaxWindows"/>; they may overlap.</param>
    /// <exception cref="ArgumentException">Not a zone's name, or a wrong number of windows.</exception>
    public WeeklyHours(string zone, IReadOnlyList<HoursWindow> windows)
    {
        ArgumentNullException.ThrowIfNull(zone);
        ArgumentNullException.ThrowIfNull(windows);
        if (!IsZoneName(zone)) throw new ArgumentException($"'{zone}' is not the name of an IANA zone.", nameof(zone));
        if (windows.Count is 0 or > MaxWindows) throw new ArgumentException($"There must be 1 to {MaxWindows} windows.", nameof(windows));
        Zone = zone;
        this.windows = [.. windows];
        Windows = Array.AsReadOnly(this.windows);
    }

    /// <summary>The zone whose clock decides.</summary>
    public string Zone { get; }

    /// <summary>When sessions may happen.</summary>
    public IReadOnlyList<HoursWindow> Windows { get; }

    /// <summary>Whether an instant is inside. A zone that this computer does not know has no hours.</summary>
    public bool Contains(DateTimeOffset instant) => TryFindZone(out TimeZoneInfo? zone) && Contains(zone, instant);

    /// <summary>
    /// When what <see cref="Contains(DateTimeOffset)"/> says changes next: the end of the hours from inside, their begin from outside, to the second, whatever
    /// the clocks do on the way. Null when it stays as it is for three weeks, or the computer does not know the zone.
    /// </summary>
    /// <param name="instant">From when; a change at this very moment is past.</param>
    public DateTimeOffset? NextChange(DateTimeOffset instant) => TryFindZone(out TimeZoneInfo? zone) ? HoursChange.After(this, zone, instant.UtcDateTime) : null;

    internal bool Contains(TimeZoneInfo zone, DateTimeOffset instant)
    {
        DateTime wall = TimeZoneInfo.ConvertTime(instant, zone).DateTime;
        return ContainsWall(wall.DayOfWeek, wall.Hour * 60 + wall.Minute);
    }

    /// <summary>Whether a minute of the zone's wall clock is inside.</summary>
    internal bool ContainsWall(DayOfWeek day, int minute)
    {
        foreach (HoursWindow window in windows)
        {
            if (window.Contains(day, minute)) return true;
        }
        return false;
    }

    private bool TryFindZone([NotNullWhen(true)] out TimeZoneInfo? zone)
    {
        zone = known;
        if (zone is null && TimeZoneInfo.TryFindSystemTimeZoneById(Zone, out zone)) known = zone;
        return zone is not null;
    }

    /// <summary>Letters, digits, '+', '-', '_' in parts joined by '/': what IANA uses, and nothing that could climb out of a directory.</summary>
    internal static bool IsZoneName(string zone) => zone.Length is > 0 and <= MaxZoneLength
        && zone.Split('/').All(part => part.Length > 0 && part.All(character => char.IsAsciiLetterOrDigit(character) || character is '+' or '-' or '_'));
}
