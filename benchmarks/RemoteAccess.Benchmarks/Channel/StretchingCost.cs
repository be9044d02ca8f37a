using System.Diagnostics;
using System.Globalization;
using RemoteAccess.Trust;

namespace RemoteAccess.Benchmarks;

/// <summary>What the stretching of an access code costs the technician's side, once for each connection.</summary>
internal static class StretchingCost
{
    public static async Task<IReadOnlyList<Figure>> RunAsync(bool quick)
    {
        await using Stage stage = await Stage.SetAsync();
        using Process self = Process.GetCurrentProcess();
        var wall = new Samples();
        var cpu = new Samples();
        long allocated = 0;
        int runs = quick ? 4 : 12;
        for (int i = 0; i < runs; i++)
        {
            self.Refresh();
            TimeSpan before = self.TotalProcessorTime;
            long bytes = GC.GetAllocatedBytesForCurrentThread();
            long start = Stopwatch.GetTimestamp();
            using (AccessSecret secret = stage.Code.MakeSecret(stage.Grant)) wall.AddSince(start);
            allocated = GC.GetAllocatedBytesForCurrentThread() - bytes;
            self.Refresh();
            cpu.Add((self.TotalProcessorTime - before).TotalMicroseconds);
        }

        Grant grant = stage.Grant;
        string cost = $"scrypt N = 2^{grant.ScryptLog2N}, r = {grant.ScryptR}, p = {grant.ScryptP}";
        return
        [
            new Figure($"stretching the access code ({cost})", "", string.Create(CultureInfo.InvariantCulture,
                $"CPU {cpu.Median / 1000:0} ms; wall clock {wall}; {allocated / 1048576.0:0.0} MiB allocated"), null),
        ];
    }
}
