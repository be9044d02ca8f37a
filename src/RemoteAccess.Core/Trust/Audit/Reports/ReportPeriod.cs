using System.Globalization;

namespace RemoteAccess.Trust;

/// <summary>
/// What a report is about: one session, an ISO week or a month as the calendar of one time zone has them, or everything; of one customer, where that is wanted
/// (<see cref="OfCustomer"/>). Immutable, thread-safe.
/// </summary>
public sealed class ReportPeriod
{
    private const char Separator = ':';

    private ReportPeriod(string name, TimeZoneInfo zone, DateTimeOffset from, DateTimeOffset to, ReadOnlyMemory<byte> session, string customer = "")
    {
        Customer = customer;
        Name = name;
        Zone = zone;
        From = from;
        To = to;
        SessionId = session;
    }

    /// <summary><c>2026-W10</c>, <c>2026-03</c>, <c>all</c>, or the session's id.</summary>
    public string Name { get; }

    /// <summary>The zone whose days these are, and in which times are shown.</summary>
    public TimeZoneInfo Zone { get; }

    /// <summary>The first moment; the earliest there is when the report has no such bound.</summary>
    public DateTimeOffset From { get; }

    /// <summary>The first moment after it; the latest there is when the report has no such bound.</summary>
    public DateTimeOffset To { get; }

    /// <summary>16 bytes when the report is about one session, empty otherwise.</summary>
    public ReadOnlyMemory<byte> SessionId { get; }

    /// <summary>The customer that it is limited to; empty when it is not.</summary>
    public string Customer { get; }

    /// <summary>
    /// The same, of one customer only. Nicknames are <c>Company:Department:User</c>; a customer is the first parts of one, whole: <c>Contoso</c> or <c>Contoso:Front desk</c>, upper and
    /// lower case alike. What happened under a grant counts by the grant's nickname; what concerns the whole computer (blocks, attempts that named no grant) stays.
    /// </summary>
    /// <param name="customer">1 to 128 characters without control characters, in parts of which none is empty.</param>
    /// <exception cref="ArgumentException">It is no such name.</exception>
    public ReportPeriod OfCustomer(string customer)
    {
        ArgumentNullException.ThrowIfNull(customer);
        Nickname.Validate(customer);
        if (customer.Split(Separator).Any(string.IsNullOrWhiteSpace)) throw new ArgumentException($"\"{customer}\" has an empty part. Write Company or Company:Department.", nameof(customer));
        return new ReportPeriod(Name, Zone, From, To, SessionId, customer);
    }

    /// <summary>Everything there is.</summary>
    /// <param name="zone">In which times are shown.</param>
    public static ReportPeriod All(TimeZoneInfo zone)
    {
        ArgumentNullException.ThrowIfNull(zone);
        return new ReportPeriod("all", zone, DateTimeOffset.MinValue, DateTimeOffset.MaxValue, default);
    }

    /// <summary>One session, whenever it was.</summary>
    /// <param name="sessionId">16 bytes.</param>
    /// <param name="zone">In which times are shown.</param>
    /// <exception cref="ArgumentException">Not 16 bytes.</exception>
    public static ReportPeriod Session(ReadOnlyMemory<byte> sessionId, TimeZoneInfo zone)
    {
        ArgumentNullException.ThrowIfNull(zone);
        if (sessionId.Length != 16) throw new ArgumentException($"A session id has 16 bytes, not {sessionId.Length}.", nameof(sessionId));
        return new ReportPeriod(Convert.ToHexStringLower(sessionId.Span), zone, DateTimeOffset.MinValue, DateTimeOffset.MaxValue, sessionId.ToArray());
    }

    /// <summary>A month, from midnight to midnight.</summary>
    /// <param name="year">1 to 9998.</param>
    /// <param name="month">1 to 12.</param>
    /// <param name="zone">Whose midnight.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such month.</exception>
    public static ReportPeriod Month(int year, int month, TimeZoneInfo zone)
    {
        ArgumentNullException.ThrowIfNull(zone);
        if (year is < 1 or > 9998 || month is < 1 or > 12) throw new ArgumentOutOfRangeException(nameof(month), $"There is no month {month} of {year} here.");
        var first = new DateTime(year, month, 1);
        return new ReportPeriod(first.ToString("yyyy-MM", CultureInfo.InvariantCulture), zone, Midnight(first, zone), Midnight(first.AddMonths(1), zone), default);
    }

    /// <summary>A week of ISO 8601: Monday to Sunday; week 1 holds the year's first Thursday.</summary>
    /// <param name="year">The ISO year, 1 to 9998.</param>
    /// <param name="week">1 to 52 or 53.</param>
    /// <param name="zone">Whose midnight.</param>
    /// <exception cref="ArgumentOutOfRangeException">The year has no such week.</exception>
    public static ReportPeriod Week(int year, int week, TimeZoneInfo zone)
    {
        ArgumentNullException.ThrowIfNull(zone);
        if (year is < 1 or > 9998 || week < 1 || week > ISOWeek.GetWeeksInYear(year)) throw new ArgumentOutOfRangeException(nameof(week), $"The year {year} has no week {week}.");
        DateTime monday = ISOWeek.ToDateTime(year, week, DayOfWeek.Monday);
        return new ReportPeriod(string.Create(CultureInfo.InvariantCulture, $"{year:D4}-W{week:D2}"), zone, Midnight(monday, zone), Midnight(monday.AddDays(7), zone), default);
    }

    /// <summary>Whether a nickname is one of the customer's.</summary>
    internal bool IncludesNickname(string nickname) => Customer.Length == 0
        || nickname.StartsWith(Customer, StringComparison.OrdinalIgnoreCase) && (nickname.Length == Customer.Length || nickname[Customer.Length] == Separator);

    internal bool Includes(LedgerEntry entry) => SessionId.IsEmpty
        ? entry.Time >= From && entry.Time < To
        : entry.SessionId.Span.SequenceEqual(SessionId.Span);

    /// <summary>Whether a session, as far as it is known, lies in it at least in part. A clock set back between its ends makes its end the earlier one.</summary>
    internal bool Includes(ReadOnlySpan<byte> session, DateTimeOffset one, DateTimeOffset other)
    {
        if (!SessionId.IsEmpty) return session.SequenceEqual(SessionId.Span);
        (DateTimeOffset first, DateTimeOffset last) = one <= other ? (one, other) : (other, one);
        return first < To && last >= From;
    }

    /// <summary>
    /// The first moment of the day. Where the clock jumps over midnight that is the jump; where midnight comes twice, the first. The zone is asked
    /// what its clocks show at each moment that could be it: what it says of local times it does not know well (days on which its rules change) is not relied on.
    /// </summary>
    private static DateTimeOffset Midnight(DateTime day, TimeZoneInfo zone)
    {
        TimeSpan around = TimeSpan.FromHours(6);
        TimeSpan[] offsets = day.Year is > 1 and < 9999 ? [zone.GetUtcOffset(day - around), zone.GetUtcOffset(day), zone.GetUtcOffset(day + around)] : [zone.GetUtcOffset(day)];
        DateTimeOffset[] candidates = [.. offsets
            .Select(offset => new DateTimeOffset(Math.Clamp(day.Ticks - offset.Ticks, DateTime.MinValue.Ticks, DateTime.MaxValue.Ticks), TimeSpan.Zero)).Order()];
        return Array.Find(candidates, moment => TimeZoneInfo.ConvertTime(moment, zone).DateTime >= day) is { Ticks: > 0 } first ? first : candidates[^1];
    }
}
