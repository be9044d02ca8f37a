using System.Diagnostics;
using System.Globalization;

namespace RemoteAccess.Benchmarks;

/// <summary>The two benchmarks of records once more, in turn within milliseconds, so that both sides meet the same load of the machine.</summary>
internal static class RecordRatio
{
    private const int Batch = 64;

    public static Task<IReadOnlyList<Figure>> RunAsync(bool quick)
    {
        int rounds = quick ? 200 : 2000;
        using var scene = new RecordScene(Batch);
        Figure sealing = Compare("seal", rounds, () => { }, scene.EncryptRaw, scene.Seal);
        Figure opening = Compare("open", rounds, scene.Rewind, scene.DecryptRaw, () => scene.Open());
        return Task.FromResult<IReadOnlyList<Figure>>([sealing, opening]);
    }

    private static Figure Compare(string name, int rounds, Action prepare, Action raw, Action record)
    {
        var rawTimes = new Samples();
        var recordTimes = new Samples();
        var ratios = new Samples();
        var allocated = new Samples();
        for (int round = -rounds / 10; round < rounds; round++)
        {
            prepare();
            double rawTime = Run(raw);
            prepare();
            long before = GC.GetAllocatedBytesForCurrentThread();
            double recordTime = Run(record);
            long bytes = GC.GetAllocatedBytesForCurrentThread() - before;
            if (round < 0) continue;
            rawTimes.Add(rawTime);
            recordTimes.Add(recordTime);
            ratios.Add(rawTime / recordTime);
            allocated.Add(bytes);
        }

        return new Figure(
            $"record layer, {name} 16 KiB: speed against AES-256-GCM alone",
            "≥ 0.6×, 0 B",
            string.Create(CultureInfo.InvariantCulture,
                $"{ratios.Median:0.00}× (p5 {ratios.At(0.05):0.00}); {Rate(recordTimes):0.00} against {Rate(rawTimes):0.00} GB/s (medians of {rounds} × {Batch}); {allocated.Median / Batch:0.##} B (p95 {allocated.At(0.95) / Batch:0.##})"),
            ratios.Median >= 0.6 && allocated.At(0.95) == 0);
    }

    private static double Rate(Samples times) => RecordScene.ContentLength * (double)Batch / times.Median / 1000;

    private static double Run(Action action)
    {
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < Batch; i++) action();
        return Stopwatch.GetElapsedTime(start).TotalMicroseconds;
    }
}
