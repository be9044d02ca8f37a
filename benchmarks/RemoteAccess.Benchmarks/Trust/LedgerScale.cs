using System.Diagnostics;
using System.Globalization;
using RemoteAccess.Trust;

namespace RemoteAccess.Benchmarks;

/// <summary>A ledger of a million entries verified, its newest page read; a month of 2000 sessions verified, gone over and written as HTML. Files are in the page cache.</summary>
internal static class LedgerScale
{
    private const int PageLength = 100;

    public static Task<IReadOnlyList<Figure>> RunAsync(bool quick)
    {
        int rounds = quick ? 1 : 3;
        using var large = new PreparedLedger(quick ? 16_667 : 166_667);
        using var month = new PreparedLedger(2000);
        return Task.FromResult<IReadOnlyList<Figure>>([Verification(large, rounds), NewestPage(large), .. HistoryCommand(large), MonthReport(month)]);
    }

    private static Figure Verification(PreparedLedger ledger, int rounds)
    {
        var times = new Samples();
        for (int i = 0; i < rounds; i++)
        {
            long begin = Stopwatch.GetTimestamp();
            LedgerVerification result = ledger.Verify();
            times.AddSince(begin);
            if (!result.Ok || result.Entries != ledger.Entries) throw new InvalidOperationException($"The benchmark's own ledger does not verify: {result}");
        }

        double perMillion = times.Median / 1e6 * 1e6 / ledger.Entries;
        return new Figure("ledger: verification of 10⁶ entries", "≤ 10 s", string.Create(CultureInfo.InvariantCulture,
            $"{perMillion:0.00} s ({ledger.Entries} entries, {ledger.Size / 1048576.0:0} MiB, a signature each 64: {times})"), perMillion <= 10);
    }

    private static Figure NewestPage(PreparedLedger ledger)
    {
        var times = new Samples();
        for (int i = 0; i < 21; i++)
        {
            long begin = Stopwatch.GetTimestamp();
            int count = LedgerReader.Read(ledger.Folder, new LedgerQuery { NewestFirst = true, Limit = PageLength }).Count();
            times.AddSince(begin);
            if (count != PageLength) throw new InvalidOperationException($"The newest page holds {count} entries.");
        }

        return new Figure($"ledger: newest {PageLength} of 10⁶ entries", "≤ 0.5 s", $"{times}, the first one included", times.Most <= 0.5e6);
    }

    /// <summary>A person's <c>history --last 100</c> and the first line of the whole <c>history</c>, from the start of the sample's process. Nothing where the samples are not built.</summary>
    private static IEnumerable<Figure> HistoryCommand(PreparedLedger ledger)
    {
        if (SamplePaths().FirstOrDefault(File.Exists) is not { } agent) yield break;
        foreach ((string what, string[] more) in ((string, string[])[])[("newest 100 lines", ["--last", "100"]), ("first line", [])])
        {
            var times = new Samples();
            for (int i = 0; i < 11; i++)
            {
                var start = new ProcessStartInfo(agent, ["history", "--state", ledger.State, .. more]) { RedirectStandardOutput = true };
                long begin = Stopwatch.GetTimestamp();
                using Process process = Process.Start(start) ?? throw new InvalidOperationException($"{agent} did not start.");
                string? line = process.StandardOutput.ReadLine();
                if (more.Length > 0)
                {
                    int lines = 1;
                    while (process.StandardOutput.ReadLine() is not null) lines++;
                    if (lines != PageLength) throw new InvalidOperationException($"The newest {PageLength} are {lines} lines.");
                }

                times.AddSince(begin);
                if (line is null) throw new InvalidOperationException("The history is empty.");
                process.Kill();
                process.WaitForExit();
            }

            yield return new Figure($"history of {ledger.Entries} entries by command, {what}", "≤ 0.5 s", $"{times}, with the start of the process", times.Most <= 0.5e6);
        }
    }

    /// <summary>Where the repository's sample is, the native program first.</summary>
    private static IEnumerable<string> SamplePaths()
    {
        string root = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../../../../.."));
        string published = Path.Combine(root, "artifacts/published/publish/HelpdeskAgent");
        if (Directory.Exists(published)) foreach (string folder in Directory.EnumerateDirectories(published)) yield return Path.Combine(folder, "remoteaccess-agent");
        yield return Path.Combine(root, "samples/HelpdeskAgent/bin/Release/net10.0/remoteaccess-agent");
    }

    private static Figure MonthReport(PreparedLedger ledger)
    {
        var times = new Samples();
        long bytes = 0;
        for (int i = 0; i < 5; i++)
        {
            long begin = Stopwatch.GetTimestamp();
            LedgerReport report = LedgerReport.Build(LedgerReader.Read(ledger.Folder), ReportPeriod.Month(2026, 3, TimeZoneInfo.Utc), new DateTimeOffset(2026, 4, 1, 0, 0, 0, TimeSpan.Zero), ledger.Verify());
            using var output = new MemoryStream();
            report.Write(LedgerReportFormat.Html, output);
            times.AddSince(begin);
            bytes = output.Length;
            if (report.Sessions.Count != 2000) throw new InvalidOperationException($"The report has {report.Sessions.Count} sessions.");
        }

        return new Figure("ledger: a month's report, 2000 sessions", "≤ 2 s", string.Create(CultureInfo.InvariantCulture,
            $"{times}, the first one included; {ledger.Entries} entries verified, read and written as {bytes / 1e6:0.0} MB of HTML"), times.Most <= 2e6);
    }
}
