using System.Diagnostics;
using System.Globalization;

namespace RemoteAccess.Fuzz.Run;

/// <summary>
/// Runs targets side by side, each on a thread of its own, shares the time among those still to run (unless a number of executions ends
/// them), and reports each as one test.
/// A thread that hangs is given up; it ends with the process.
/// </summary>
internal sealed class Campaign(FuzzOptions options, TextWriter output)
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly HashSet<TargetRun> _reported = [];
    private int _passed;
    private int _failed;
    private int _skipped;

    /// <summary>Returns 0 when nothing was found, otherwise 1; ends with the line <c>N passed, N failed, N skipped</c>.</summary>
    public int Run(IReadOnlyList<FuzzTarget> targets)
    {
        Directory.CreateDirectory(options.FindingsFolder);
        var waiting = new Queue<FuzzTarget>(targets);
        var active = new List<(TargetRun Run, Thread Thread)>();
        while (waiting.Count > 0 || active.Count > 0)
        {
            while (waiting.Count > 0 && active.Count < options.Jobs)
            {
                active.Add(Start(waiting.Dequeue(), waiting.Count + 1));
            }

            active.RemoveAll(HasEnded);
            active.FirstOrDefault().Thread?.Join(PollInterval);
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{_passed} passed, {_failed} failed, {_skipped} skipped"));
        return _failed == 0 ? 0 : 1;
    }

    private (TargetRun Run, Thread Thread) Start(FuzzTarget target, int remaining)
    {
        // With a number of executions most targets need a small part of their share: the few slow ones may take what is left.
        var share = options.Executions == long.MaxValue ? Math.Min(1.0, (double)options.Jobs / remaining) : 1.0;
        var time = options.Time is { } total ? (total - _clock.Elapsed) * share : TimeSpan.MaxValue;
        var executions = options.Executions == long.MaxValue ? long.MaxValue : Math.Max(target.Seeds.Count, options.Executions / target.Cost);
        var run = new TargetRun(target, FuzzLimits.Standard, options.SeedOf(target), executions, time);
        var thread = new Thread(() => RunAndReport(run)) { IsBackground = true, Name = $"fuzz {target.Name}" };
        thread.Start();
        return (run, thread);
    }

    private void RunAndReport(TargetRun run)
    {
        var finding = (Finding?)null;
        try
        {
            using var lastInput = new LastInputFile(PathOf(run, LastInputFile.Extension), Mutation.InputMutator.MaxInputLength);
            run.Run(lastInput);
            finding = run.Finding;
        }
        catch (Exception broken)
        {
            finding = new Finding(FindingKind.Escaped, [], run.Executed, $"the target's own seeds or mutation failed: {broken}");
        }

        Report(run, finding);
    }

    private bool HasEnded((TargetRun Run, Thread Thread) active)
    {
        if (!active.Thread.IsAlive)
        {
            return true;
        }

        if (active.Run.HungFinding() is not { } hung)
        {
            return false;
        }

        Report(active.Run, hung);
        return true;
    }

    private void Report(TargetRun run, Finding? finding)
    {
        lock (_reported)
        {
            // An execution given up as hung may still come back.
            if (_reported.Add(run))
            {
                ReportOnce(run, finding);
            }
        }
    }

    private void ReportOnce(TargetRun run, Finding? finding)
    {
        var figures = string.Create(
            CultureInfo.InvariantCulture,
            $"{run.TargetName}: {run.Executed} executions in {run.Elapsed.TotalSeconds:F1} s, {run.KeptCount} inputs kept");
        if (finding is not null)
        {
            _failed++;
            output.WriteLine($"{figures} [FAIL]");
            ReportFinding(run, finding);
        }
        else if (run.IsShort)
        {
            _skipped++;
            output.WriteLine($"{figures} [SKIP]");
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  its time ended before {run.Wanted} executions; nothing found until then"));
        }
        else
        {
            _passed++;
            output.WriteLine($"{figures} [PASS]");
        }

        output.Flush();
    }

    private void ReportFinding(TargetRun run, Finding finding)
    {
        var digest = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(finding.Input))[..12];
        var path = PathOf(run, $".{digest}.input");
        File.WriteAllBytes(path, finding.Input);
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"  {finding.Kind} at execution {finding.Execution} with --seed {options.Seed}: {finding.Detail}"));
        output.WriteLine($"  input ({finding.Input.Length} bytes): {path}");
        output.WriteLine($"  replay: dotnet run -c Release --project tests/RemoteAccess.Fuzz -- --replay {path} --target {run.TargetName}");
    }

    private string PathOf(TargetRun run, string ending) => Path.Combine(options.FindingsFolder, run.TargetName + ending);
}
