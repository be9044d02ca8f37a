using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using RemoteAccess.Trust;

namespace RemoteAccess.Benchmarks;

/// <summary>
/// Durable appends against writing as many bytes to a file and <c>fdatasync</c>, in turn on the same disk; appends by many callers at once;
/// verification of what was written. Every 64th entry also pays for a signed checkpoint.
/// </summary>
internal static partial class LedgerSpeed
{
    private const int Callers = 64;

    public static async Task<IReadOnlyList<Figure>> RunAsync(bool quick)
    {
        int appends = quick ? 100 : 500, grouped = quick ? 8_000 : 100_000, warming = grouped / 10;
        await using var folder = new LedgerFolder();
        // Not counted, here and below: until then the compiler is still at work; a published agent is compiled already.
        await AppendManyAsync(folder.Ledger, 0, quick ? 300 : 5000);
        Figure single = await CompareAsync(folder, appends);

        await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => AppendManyAsync(folder.Ledger, caller, warming / Callers)));
        long start = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => AppendManyAsync(folder.Ledger, caller, grouped / Callers)));
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        await folder.Ledger.CheckpointAsync(CancellationToken.None);

        var verified = new Samples();
        LedgerVerification result = folder.Verify();
        for (int i = 0; i < 5; i++)
        {
            start = Stopwatch.GetTimestamp();
            result = folder.Verify();
            verified.AddSince(start);
        }

        if (!result.Ok) throw new InvalidOperationException($"The benchmark's own ledger does not verify: {result}");
        long entries = result.Entries, bytes = folder.Size();
        return
        [
            single,
            new Figure($"ledger: {Callers} callers append at once", "≥ 20000/s", string.Create(CultureInfo.InvariantCulture, $"{grouped / seconds:0} entries/s over {grouped} entries, each on the disk when its call returns"), grouped / seconds >= 20_000),
            new Figure("ledger: verification", "", string.Create(CultureInfo.InvariantCulture,
                $"{entries / verified.Median * 1e6:0} entries/s, {bytes / verified.Median:0.0} MB/s ({entries} entries, {bytes / 1048576.0:0.0} MiB; median of 5)"), null),
        ];
    }

    private static async Task<Figure> CompareAsync(LedgerFolder folder, int appends)
    {
        using SafeFileHandle file = File.OpenHandle(Path.Combine(folder.Folder, "bare"), FileMode.CreateNew, FileAccess.Write);
        var ledger = new Samples();
        var bare = new Samples();
        byte[] zeros = new byte[4096];
        long offset = 0;
        for (int i = 0; i < appends; i++)
        {
            long before = folder.Size();
            LedgerEvent entry = LedgerFolder.Entry(i);
            long start = Stopwatch.GetTimestamp();
            await folder.Ledger.AppendAsync(entry, CancellationToken.None);
            ledger.AddSince(start);
            int length = (int)Math.Min(zeros.Length, folder.Size() - before);
            start = Stopwatch.GetTimestamp();
            RandomAccess.Write(file, zeros.AsSpan(0, length), offset);
            if (fdatasync(file) != 0) throw new IOException("fdatasync failed.");
            bare.AddSince(start);
            offset += length;
        }

        double ratio = ledger.Median / bare.Median;
        return new Figure("ledger: one durable append", "≤ 1.5×", string.Create(CultureInfo.InvariantCulture,
            $"{ledger}; write + fdatasync of the same {offset / appends} bytes: {bare}; ratio of medians {ratio:0.00}"), ratio <= 1.5);
    }

    private static async Task AppendManyAsync(Ledger ledger, int caller, int count)
    {
        for (int i = 0; i < count; i++) await ledger.AppendAsync(LedgerFolder.Entry(caller * count + i), CancellationToken.None);
    }

    [LibraryImport("libc", SetLastError = true)] private static partial int fdatasync(SafeFileHandle file);
}
