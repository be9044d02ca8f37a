using System.Diagnostics;
using RemoteAccess.Fuzz.Mutation;

namespace RemoteAccess.Fuzz.Run;

/// <summary>
/// One target from its first seed to a finding, the wanted number of executions, or the end of its time. <see cref="Run"/> belongs to one
/// thread; the properties may be read from another, which gives the thread up when <see cref="HungFinding"/> answers.
/// </summary>
internal sealed class TargetRun(FuzzTarget target, FuzzLimits limits, int seed, long executions, TimeSpan time)
{
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private long _executed;
    private long _executionStarted;
    private byte[] _current = [];

    public string TargetName => target.Name;

    public long Wanted => executions;

    public long Executed => Volatile.Read(ref _executed);

    public TimeSpan Elapsed => _clock.Elapsed;

    public bool IsShort => Finding is null && executions != long.MaxValue && Executed < executions;

    public int KeptCount { get; private set; }

    public Finding? Finding { get; private set; }

    public void Run(LastInputFile? lastInput)
    {
        var random = new Random(seed);
        var corpus = new Corpus(target.Seeds);
        var mutator = new InputMutator(target, corpus, random);
        while (Finding is null && _executed < executions && ((_executed & 63) != 0 || _clock.Elapsed < time))
        {
            var input = _executed < target.Seeds.Count ? (byte[])target.Seeds[(int)_executed].Clone() : mutator.Next();
            lastInput?.Write(input);
            Finding = Execute(input, out var outcome);
            corpus.Offer(random, input, outcome);
            Volatile.Write(ref _executed, _executed + 1);
        }

        if (Finding is { Kind: FindingKind.Escaped })
        {
            Finding = new InputShrinker(this).Shrink(Finding);
        }

        KeptCount = corpus.KeptCount;
        _clock.Stop();
    }

    /// <summary>Executes one input and judges it; what costs too much is tried twice more, for the machine may have been busy.</summary>
    public Finding? Execute(byte[] input, out ulong outcome)
    {
        var finding = ExecuteOnce(input, out outcome);
        for (var again = 0; again < 2 && finding is { Kind: FindingKind.Slow or FindingKind.Allocated }; again++)
        {
            finding = ExecuteOnce(input, out _);
        }

        return finding;
    }

    public Finding? HungFinding()
    {
        var started = Volatile.Read(ref _executionStarted);
        return started != 0 && Stopwatch.GetElapsedTime(started) > limits.HungAfter
            ? new Finding(FindingKind.Hung, _current, Executed, $"did not come back within {limits.HungAfter.TotalSeconds} s")
            : null;
    }

    private Finding? ExecuteOnce(byte[] input, out ulong outcome)
    {
        _current = input;
        target.ForgetOutcomes();
        OutcomeWatch.Begin();
        var allocatedBefore = GC.GetAllocatedBytesForCurrentThread();
        var started = Stopwatch.GetTimestamp();
        Volatile.Write(ref _executionStarted, started);
        try
        {
            target.Execute(input);
        }
        catch (Exception escaped)
        {
            return new Finding(FindingKind.Escaped, input, _executed, escaped.ToString(), escaped.GetType());
        }
        finally
        {
            Volatile.Write(ref _executionStarted, 0);
            outcome = OutcomeWatch.End() ^ target.ReachedOutcomes;
        }

        var took = Stopwatch.GetElapsedTime(started);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - allocatedBefore;
        return allocated > limits.MaxAllocatedBytes ? new Finding(FindingKind.Allocated, input, _executed, $"allocated {allocated} bytes")
            : took > limits.SlowAfter ? new Finding(FindingKind.Slow, input, _executed, $"took {took.TotalMilliseconds:F0} ms")
            : null;
    }
}
