using System.Diagnostics;

namespace RemoteAccess.Fuzz.Run;

/// <summary>Cuts away what a finding does not need: shorter and shorter ranges, as long as the same kind of error escapes.</summary>
internal sealed class InputShrinker(TargetRun run)
{
    private static readonly TimeSpan MaxTime = TimeSpan.FromSeconds(5);

    public Finding Shrink(Finding finding)
    {
        var clock = Stopwatch.StartNew();
        for (var length = finding.Input.Length / 2; length > 0; length /= 2)
        {
            for (var start = 0; start + length <= finding.Input.Length && clock.Elapsed < MaxTime;)
            {
                var shorter = Without(finding.Input, start, length);
                var found = run.Execute(shorter, out _);
                if (found is { Kind: FindingKind.Escaped } && found.ExceptionType == finding.ExceptionType)
                {
                    finding = found with { Execution = finding.Execution };
                }
                else
                {
                    start += length;
                }
            }
        }

        return finding;
    }

    private static byte[] Without(byte[] input, int start, int length) => [.. input.AsSpan(0, start), .. input.AsSpan(start + length)];
}
