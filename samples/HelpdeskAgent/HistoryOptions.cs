using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using RemoteAccess.Trust;

namespace HelpdeskAgent;

/// <summary>Which part of the record a person asks for on the command line.</summary>
internal sealed class HistoryOptions
{
    private const string TimeHelp = "2026-03-01, 2026-03-01T12:00, with Z or an offset behind it; without, the computer's own time zone.";

    private readonly Option<DateTimeOffset?> since = new("--since") { Description = $"Only from this time on: {TimeHelp}", HelpName = "TIME", CustomParser = ParseTime };
    private readonly Option<DateTimeOffset?> until = new("--until") { Description = "Only before this time.", HelpName = "TIME", CustomParser = ParseTime };
    private readonly Option<string?> session = new("--session") { Description = "Only this session, by its 32 hexadecimal digits.", HelpName = "ID" };
    private readonly Option<string?> technician = new("--technician") { Description = "Only what this technician did, by name or by key in hexadecimal.", HelpName = "NAME|KEY" };
    private readonly Option<string[]> types = new("--type") { Description = "Only entries of this type, as in session.accepted. May be given several times.", HelpName = "TYPE" };
    private readonly Option<int?> last = new("--last") { Description = "Only the last N of them.", HelpName = "N" };

    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[since, until, session, technician, types, last]) command.Options.Add(option);
    }

    /// <summary>The wanted entries, oldest first.</summary>
    public IEnumerable<LedgerEntry> Read(string stateDirectory, ParseResult arguments)
    {
        int? count = arguments.GetValue(last);
        if (count < 1) throw new ArgumentException("--last must be 1 or more.");
        var query = new LedgerQuery
        {
            Since = arguments.GetValue(since),
            Until = arguments.GetValue(until),
            SessionId = arguments.GetValue(session) is { } id ? SessionId(id) : default,
            Technician = arguments.GetValue(technician),
            Types = arguments.GetValue(types) ?? [],
        };
        return LedgerReader.ReadState(stateDirectory, count is null ? query : FromNewest(stateDirectory, query, count.Value));
    }

    /// <exception cref="ArgumentException">Not 32 hexadecimal digits.</exception>
    public static byte[] SessionId(string text) => text.Length == 32 && text.All(char.IsAsciiHexDigit)
        ? Convert.FromHexString(text)
        : throw new ArgumentException($"'{text}' is not a session's id, which has 32 hexadecimal digits. 'remoteaccess-agent history --json' shows them as \"sid\".");

    /// <summary>Finds where the last so many begin, so that none of them has to be kept.</summary>
    private static LedgerQuery FromNewest(string stateDirectory, LedgerQuery query, int count)
    {
        long first = long.MaxValue, end = 0;
        foreach (LedgerEntry entry in LedgerReader.ReadState(stateDirectory, query with { NewestFirst = true, Limit = count }))
        {
            first = entry.Sequence;
            end = Math.Max(end, entry.Sequence + 1);
        }

        return query with { From = Math.Min(first, end), Before = end };
    }

    private static DateTimeOffset? ParseTime(ArgumentResult result)
    {
        string text = result.Tokens[0].Value;
        string[] forms = ["yyyy-MM-dd", "yyyy-MM-ddTHH:mm", "yyyy-MM-ddTHH:mm:ss", "yyyy-MM-ddTHH:mm:ss.fff", "yyyy-MM-ddTHH:mmK", "yyyy-MM-ddTHH:mm:ssK", "yyyy-MM-ddTHH:mm:ss.fffK"];
        if (DateTimeOffset.TryParseExact(text, forms, CultureInfo.InvariantCulture, DateTimeStyles.AssumeLocal, out DateTimeOffset time)) return time;
        result.AddError($"'{text}' is not a time. Write it as in {TimeHelp}");
        return null;
    }
}
