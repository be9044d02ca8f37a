using System.Diagnostics;
using System.Globalization;

namespace RemoteAccess.Benchmarks;

/// <summary>Durations of the same thing, and what is told about them.</summary>
internal sealed class Samples
{
    private readonly List<double> microseconds = [];
    private bool sorted;

    public int Count => microseconds.Count;

    public double Median => At(0.5);

    public double Least => At(0);

    public double Most => At(1);

    public void AddSince(long timestamp) => Add(Stopwatch.GetElapsedTime(timestamp).TotalMicroseconds);

    public void Add(double value)
    {
        microseconds.Add(value);
        sorted = false;
    }

    /// <summary>The sample that the share 0 to 1 of all does not exceed.</summary>
    public double At(double share)
    {
        if (!sorted) microseconds.Sort();
        sorted = true;
        return microseconds[Math.Min(microseconds.Count - 1, (int)(share * microseconds.Count))];
    }

    /// <summary>In milliseconds.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"p50 {Median / 1000:0.00}, p95 {At(0.95) / 1000:0.00}, max {Most / 1000:0.00}, min {Least / 1000:0.00} ms; n = {Count}");
}
