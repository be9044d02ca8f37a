using System.Globalization;
using System.Text;

namespace RemoteAccess.Trust;

/// <summary>The report that a surface asks for, verified and as one HTML page.</summary>
internal static class SurfaceReport
{
    /// <summary>UTF-8 bytes; some thousand sessions.</summary>
    private const int MaxBytes = 8 << 20;

    /// <exception cref="SurfaceException">There is no such period, or the page is too large.</exception>
    /// <exception cref="StateException">The ledger cannot be read.</exception>
    public static string Make(TrustFlow trust, string name, TimeProvider time)
    {
        ReportPeriod period = TryReadPeriod(name, time.LocalTimeZone) ?? throw new SurfaceException(SurfaceProblem.NoPeriod);
        LedgerVerification verification = trust.VerifyLedger();
        LedgerReport report = LedgerReport.Build(trust.ReadHistory(), period, time.GetUtcNow(), verification);
        if (!period.SessionId.IsEmpty && report.Sessions.Count == 0 && report.Attempts.Count == 0) throw new SurfaceException(SurfaceProblem.NoSession);
        using var page = new MemoryStream();
        report.Write(LedgerReportFormat.Html, page);
        if (page.Length > MaxBytes) throw new SurfaceException(SurfaceProblem.ReportTooLong);
        return Encoding.UTF8.GetString(page.GetBuffer(), 0, (int)page.Length);
    }

    /// <summary>Null when it names none.</summary>
    public static ReportPeriod? TryReadPeriod(string name, TimeZoneInfo zone)
    {
        if (SurfaceActions.IsId(name)) return ReportPeriod.Session(Convert.FromHexString(name), zone);
        if (name.Length is not (7 or 8) || name[4] != '-' || !Number(name.AsSpan(0, 4), out int year) || year is < 1 or > 9998) return null;
        if (name.Length == 8) return name[5] == 'W' && Number(name.AsSpan(6), out int week) && week >= 1 && week <= ISOWeek.GetWeeksInYear(year) ? ReportPeriod.Week(year, week, zone) : null;
        return Number(name.AsSpan(5), out int month) && month is >= 1 and <= 12 ? ReportPeriod.Month(year, month, zone) : null;
    }

    private static bool Number(ReadOnlySpan<char> text, out int number) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
