using System.Diagnostics;
using System.Globalization;
using RemoteAccess.Transport;

namespace RemoteAccess.Benchmarks;

/// <summary>CPU time of this process over batches of handshakes, both sides together; what ends a session is not counted.</summary>
internal static class HandshakeCost
{
    private const int Batch = 10;
    private const int WarmingBatches = 100;
    private const double GoalMilliseconds = 6;

    public static async Task<IReadOnlyList<Figure>> RunAsync(bool quick)
    {
        int batches = quick ? 10 : 40;
        await using Stage stage = await Stage.SetAsync();
        Samples first = await MeasureFirstAsync(new HandshakePair(stage, new MemoryAuthority(stage.Grant, stage.Verifier)));
        (Samples cpu, Samples wall) = await MeasureAsync(new HandshakePair(stage, new MemoryAuthority(stage.Grant, stage.Verifier)), batches);
        (Samples cpuOnDisk, Samples wallOnDisk) = await MeasureAsync(new HandshakePair(stage, stage.Trust.Gate), batches);
        return
        [
            new Figure("handshake, both sides, without scrypt: CPU", "≤ 6 ms", Describe(cpu, wall, batches), cpu.Median <= GoalMilliseconds * 1000),
            new Figure("the same, the first one of a process, most of it compilation", "", string.Create(CultureInfo.InvariantCulture, $"{first.Median / 1000:0} ms"), null),
            new Figure("handshake with charge, refund, session and ledger on the disk: CPU", "", Describe(cpuOnDisk, wallOnDisk, batches), null),
        ];
    }

    private static string Describe(Samples cpu, Samples wall, int batches) => string.Create(CultureInfo.InvariantCulture,
        $"{cpu.Median / 1000:0.00} ms (least {cpu.Least / 1000:0.00}, p95 {cpu.At(0.95) / 1000:0.00}; {batches} batches of {Batch}); wall clock {wall}");

    private static async Task<Samples> MeasureFirstAsync(HandshakePair pair)
    {
        using Process self = Process.GetCurrentProcess();
        TimeSpan before = self.TotalProcessorTime;
        await HandshakePair.EndAsync(await pair.RunAsync());
        self.Refresh();
        var first = new Samples();
        first.Add((self.TotalProcessorTime - before).TotalMicroseconds);
        return first;
    }

    private static async Task<(Samples Cpu, Samples Wall)> MeasureAsync(HandshakePair pair, int batches)
    {
        var cpu = new Samples();
        var wall = new Samples();
        using Process self = Process.GetCurrentProcess();
        for (int batch = -WarmingBatches; batch < batches; batch++)
        {
            var done = new List<(SecureChannel, HostHandshakeResult)>();
            self.Refresh();
            TimeSpan before = self.TotalProcessorTime;
            for (int i = 0; i < Batch; i++)
            {
                long start = Stopwatch.GetTimestamp();
                done.Add(await pair.RunAsync());
                if (batch >= 0) wall.AddSince(start);
            }

            self.Refresh();
            if (batch >= 0) cpu.Add((self.TotalProcessorTime - before).TotalMicroseconds / Batch);
            foreach ((SecureChannel, HostHandshakeResult) each in done) await HandshakePair.EndAsync(each);
        }

        return (cpu, wall);
    }
}
