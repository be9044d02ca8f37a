using System.CommandLine;
using System.CommandLine.Parsing;
using HelpdeskSamples;
using RemoteAccess.Trust;

namespace HelpdeskAgent;

/// <summary><c>history</c>: what was done, from the ledger, in words or as an export; <c>--json</c> is the entries themselves, one a line.</summary>
internal static class HistoryCommand
{
    private static readonly Option<DirectoryInfo> State = StateOption.Create();
    private static readonly Option<bool> Json = StateOption.Json();
    private static readonly Option<LedgerExportFormat?> Format = new("--format")
    {
        Description = "Export instead: json (the same as --json), csv, cef, syslog, ocsf or otel.",
        HelpName = "FORMAT",
        CustomParser = ParseFormat,
    };

    private static readonly Option<FileInfo?> Out = new("--out") { Description = "Write the export to a new file instead of standard output.", HelpName = "FILE" };

    public static Command Create()
    {
        var which = new HistoryOptions();
        var command = new Command("history", "Show what was agreed to and done, oldest first. Does not verify it: that is verify-ledger.") { State, Json, Format, Out };
        which.AddTo(command);
        command.Validators.Add(result =>
        {
            if (result.GetValue(Json) && result.GetResult(Format) is not null) result.AddError("Name either --json or --format.");
            if (result.GetResult(Out) is not null && !result.GetValue(Json) && result.GetResult(Format) is null) result.AddError("--out needs a --format.");
        });
        command.SetAction((result, cancellationToken) => Complaint.Guard(() =>
        {
            long pruned = LedgerReader.PrunedBefore(Path.Combine(StateOption.Demand(result.GetRequiredValue(State)), "ledger"));
            if (pruned > 0) Console.Error.WriteLine($"remoteaccess-agent: the first {pruned} entries were pruned and cannot be shown; their hashes are kept.");
            IEnumerable<LedgerEntry> entries = which.Read(StateOption.Demand(result.GetRequiredValue(State)), result);
            if ((result.GetValue(Json) ? LedgerExportFormat.JsonLines : result.GetValue(Format)) is { } format)
            {
                NewFile.Write(result.GetValue(Out), output => LedgerExport.Write(entries, format, output, cancellationToken));
                return Task.FromResult(0);
            }

            foreach (LedgerEntry entry in entries) Console.WriteLine(HistoryLine.Describe(entry));
            return Task.FromResult(0);
        }));
        return command;
    }

    private static LedgerExportFormat? ParseFormat(ArgumentResult result)
    {
        string name = result.Tokens[0].Value;
        switch (name)
        {
            case "json": return LedgerExportFormat.JsonLines;
            case "csv": return LedgerExportFormat.Csv;
            case "cef": return LedgerExportFormat.Cef;
            case "syslog": return LedgerExportFormat.Syslog;
            case "ocsf": return LedgerExportFormat.Ocsf;
            case "otel": return LedgerExportFormat.OpenTelemetry;
            default:
                result.AddError($"'{name}' is not a format. Known: json, csv, cef, syslog, ocsf, otel.");
                return null;
        }
    }
}
