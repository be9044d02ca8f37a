namespace RemoteAccess.Benchmarks;

/// <summary>
/// Something measured by a loop of its own instead of BenchmarkDotNet: distributions, CPU time, whole sessions, and ratios whose two
/// sides must run in turn on a machine that others use too. <paramref name="quick"/> means fewer rounds, for a look only.
/// </summary>
internal delegate Task<IReadOnlyList<Figure>> Scenario(bool quick);

/// <summary>Runs the scenarios and prints one table.</summary>
internal static class ScenarioTable
{
    private static readonly (string Name, Scenario Run)[] Scenarios =
    [
        ("records", RecordRatio.RunAsync),
        ("handshake", HandshakeCost.RunAsync),
        ("stretching", StretchingCost.RunAsync),
        ("capture", CaptureTime.RunAsync),
        ("roundtrip", RoundTrip.RunAsync),
        ("policy", PolicySpeed.RunAsync),
        ("block", BlockTime.RunAsync),
        ("ledger", LedgerSpeed.RunAsync),
        ("ledger-scale", LedgerScale.RunAsync),
        ("picture", PictureStages.RunAsync),
    ];

    /// <param name="names">Which ones; all when there is none.</param>
    /// <param name="quick">Fewer rounds.</param>
    /// <returns>Whether every figure with a goal reached it.</returns>
    public static async Task<bool> RunAsync(IReadOnlyCollection<string> names, bool quick)
    {
        bool reached = true;
        foreach ((string name, Scenario run) in Scenarios)
        {
            if (names.Count > 0 && !names.Contains(name)) continue;
            string before = MachineFacts.Load();
            IReadOnlyList<Figure> figures = await run(quick);
            foreach (Figure figure in figures)
            {
                Console.WriteLine((figure with { Load = $"{before} … {MachineFacts.Load()}" }).ToRow());
                reached &= figure.Reached != false;
            }
        }

        return reached;
    }
}
