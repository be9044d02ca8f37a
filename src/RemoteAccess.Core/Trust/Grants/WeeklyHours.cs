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

    private const int MaxZoneLength = 64;

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
        Windows = [.. windows];
    }

    /// <summary>The zone whose clock decides.</summary>
    public string Zone { get; }

    /// <summary>When sessions may happen.</summary>
    public IReadOnlyList<HoursWindow> Windows { get; }

    /// <summary>Whether an instant is inside. A zone that this computer does not know has no hours.</summary>
    public bool Contains(DateTimeOffset instant)
    {
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(Zone, out TimeZoneInfo? zone)) return false;
        DateTime wall = TimeZoneInfo.ConvertTime(instant, zone).DateTime;
        int minute = wall.Hour * 60 + wall.Minute;
        return Windows.Any(window => window.Contains(wall.DayOfWeek, minute));
    }

    /// <summary>Letters, digits, '+', '-', '_' in parts joined by '/': what IANA uses, and nothing that could climb out of a directory.</summary>
    internal static bool IsZoneName(string zone) => zone.Length is > 0 and <= MaxZoneLength
        && zone.Split('/').All(part => part.Length > 0 && part.All(character => char.IsAsciiLetterOrDigit(character) || character is '+' or '-' or '_'));
}
