using System.Globalization;
using RemoteAccess.Fuzz.Run;

namespace RemoteAccess.Fuzz.SelfTest;

/// <summary>Whether the engine finds bugs that are known to be there, and none where there is none; without this a quiet run says nothing.</summary>
internal static class EngineSelfTest
{
    private static readonly FuzzLimits Limits = FuzzLimits.Standard with { SlowAfter = TimeSpan.FromMilliseconds(100) };

    /// <summary>For the one that hangs; the others may be kept waiting by a machine that has much to do.</summary>
    private static readonly FuzzLimits Impatient = Limits with { HungAfter = TimeSpan.FromSeconds(2) };

    public static int Run(TextWriter output)
    {
        using var release = new CancellationTokenSource();
        (FuzzTarget Target, FindingKind? Expected, long Within)[] expectations =
        [
            (new LengthTrustingParser("finds an escaped error"), FindingKind.Escaped, 1_000),
            (new CountTrustingParser("finds an allocation the peer decides"), FindingKind.Allocated, 20_000),
            (new SlowParser("finds a slow input"), FindingKind.Slow, 100_000),
            (new EndlessParser("finds a hang", release.Token), FindingKind.Hung, 100_000),
            (new StagedParser("learns from refusals", tellsByException: true), FindingKind.Escaped, 3_000_000),
            (new StagedParser("learns from reached outcomes", tellsByException: false), FindingKind.Escaped, 3_000_000),
            (new ChecksummedParser("uses the target's structure"), FindingKind.Escaped, 10_000),
            (new SoundParser("finds nothing in a sound parser"), null, 200_000),
        ];
        var failed = 0;
        foreach (var (target, expected, within) in expectations)
        {
            var (run, finding) = RunOnThread(target, within, expected == FindingKind.Hung ? Impatient : Limits);
            var holds = finding?.Kind == expected;
            failed += holds ? 0 : 1;
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"self-test: {target.Name}: {finding?.Kind.ToString() ?? "nothing"} after {run.Executed} executions [{(holds ? "PASS" : "FAIL")}]"));
        }

        var repeats = SameSeedFindsTheSame();
        output.WriteLine($"self-test: the same seed finds the same input [{(repeats ? "PASS" : "FAIL")}]");
        failed += repeats ? 0 : 1;
        release.Cancel();
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{expectations.Length + 1 - failed} passed, {failed} failed, 0 skipped"));
        return failed == 0 ? 0 : 1;
    }

    private static (TargetRun Run, Finding? Finding) RunOnThread(FuzzTarget target, long executions, FuzzLimits limits)
    {
        var run = new TargetRun(target, limits, seed: 20260101, executions, TimeSpan.FromMinutes(1));
        var thread = new Thread(() => run.Run(lastInput: null)) { IsBackground = true };
        thread.Start();
        while (!thread.Join(TimeSpan.FromMilliseconds(20)))
        {
            if (run.HungFinding() is { } hung)
            {
                return (run, hung);
            }
        }

        return (run, run.Finding);
    }

    private static bool SameSeedFindsTheSame()
    {
        var first = RunOnThread(new StagedParser("first", tellsByException: true), 3_000_000, Limits).Finding;
        var second = RunOnThread(new StagedParser("second", tellsByException: true), 3_000_000, Limits).Finding;
        return first is not null && second is not null && first.Execution == second.Execution && first.Input.AsSpan().SequenceEqual(second.Input);
    }
}
