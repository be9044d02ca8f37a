using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using HelpdeskSamples;
using RemoteAccess.Trust;

namespace HelpdeskAgent;

/// <summary><c>report</c>: who was here, when, how long and what for, from the ledger; verifies it first. Exit code 2 when it is not intact.</summary>
internal static class ReportCommand
{
    private static readonly Option<DirectoryInfo> State = StateOption.Create();
    private static readonly Option<string?> Session = new("--session") { Description = "One session, by its 32 hexadecimal digits.", HelpName = "ID" };
    private static readonly Option<string?> Week = new("--week") { Description = "One ISO week, as in 2026-W10.", HelpName = "YYYY-Www" };
    private static readonly Option<string?> Month = new("--month") { Description = "One month, as in 2026-03.", HelpName = "YYYY-MM" };
    private static readonly Option<string?> Customer = new("--customer") { Description = "Of one customer: the first parts of its nicknames, as in Contoso or Contoso:Front desk.", HelpName = "NAME" };
    private static readonly Option<string?> Zone = new("--zone") { Description = "The time zone, as in Europe/Berlin. Default: the computer's.", HelpName = "IANA" };
    private static readonly Option<FileInfo?> Out = new("--out") { Description = "Write to a new file instead of standard output.", HelpName = "FILE" };
    private static readonly Option<LedgerReportFormat?> Format = new("--format") { Description = "html, csv or json. Default: html.", HelpName = "FORMAT", CustomParser = ParseFormat };

    public static Command Create()
    {
        var command = new Command("report", "Report on a session, a week, a month, or, with none of these, everything.") { State, Session, Week, Month, Customer, Format, Out, Zone };
        command.Validators.Add(result =>
        {
            if (((Option[])[Session, Week, Month]).Count(option => result.GetResult(option) is not null) > 1) result.AddError("Name one of --session, --week and --month.");
        });
        command.SetAction((result, _) => Complaint.Guard(() => Task.FromResult(Report(result))));
        return command;
    }

    private static int Report(ParseResult arguments)
    {
        string state = StateOption.Demand(arguments.GetRequiredValue(State));
        ReportPeriod period = arguments.GetValue(Customer) is { } customer ? ReadPeriod(arguments).OfCustomer(customer) : ReadPeriod(arguments);
        LedgerVerification verification = LedgerVerifier.VerifyState(state);
        LedgerReport report = LedgerReport.Build(LedgerReader.ReadState(state, new LedgerQuery()), period, TimeProvider.System.GetUtcNow(), verification);
        if (!period.SessionId.IsEmpty && report.Sessions.Count == 0 && report.Attempts.Count == 0) throw new ArgumentException($"The ledger knows no session {period.Name}.");
        NewFile.Write(arguments.GetValue(Out), output => report.Write(arguments.GetValue(Format) ?? LedgerReportFormat.Html, output));
        if (verification.Ok) return 0;
        Console.Error.WriteLine($"remoteaccess-agent: the ledger is not intact: {verification}");
        return 2;
    }

    private static ReportPeriod ReadPeriod(ParseResult arguments)
    {
        TimeZoneInfo zone = FindZone(arguments.GetValue(Zone));
        if (arguments.GetValue(Session) is { } session) return ReportPeriod.Session(HistoryOptions.SessionId(session), zone);
        if (arguments.GetValue(Week) is { } week)
        {
            return week.Length == 8 && week[4..6] == "-W" && Number(week.AsSpan(0, 4), out int year) && Number(week.AsSpan(6), out int number) && year is > 0 and < 9999 && number > 0 && number <= ISOWeek.GetWeeksInYear(year)
                ? ReportPeriod.Week(year, number, zone)
                : throw new ArgumentException($"'{week}' is not a week. Write it as in 2026-W10; a year has 52 or 53.");
        }

        if (arguments.GetValue(Month) is not { } month) return ReportPeriod.All(zone);
        return month.Length == 7 && month[4] == '-' && Number(month.AsSpan(0, 4), out int ofYear) && Number(month.AsSpan(5), out int which) && ofYear is > 0 and < 9999 && which is >= 1 and <= 12
            ? ReportPeriod.Month(ofYear, which, zone)
            : throw new ArgumentException($"'{month}' is not a month. Write it as in 2026-03.");
    }

    private static TimeZoneInfo FindZone(string? name)
    {
        if (name is null) return TimeZoneInfo.Local;
        return TimeZoneInfo.TryFindSystemTimeZoneById(name, out TimeZoneInfo? zone) ? zone : throw new ArgumentException($"This computer knows no time zone '{name}'. Write it as in Europe/Berlin.");
    }

    private static bool Number(ReadOnlySpan<char> text, out int number) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    private static LedgerReportFormat? ParseFormat(ArgumentResult result)
    {
        switch (result.Tokens[0].Value)
        {
            case "html": return LedgerReportFormat.Html;
            case "csv": return LedgerReportFormat.Csv;
            case "json": return LedgerReportFormat.Json;
            default:
                result.AddError($"'{result.Tokens[0].Value}' is not a format. Known: html, csv, json.");
                return null;
        }
    }
}
