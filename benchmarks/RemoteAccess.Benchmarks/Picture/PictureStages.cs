using System.Diagnostics;
using System.Globalization;

namespace RemoteAccess.Benchmarks;

/// <summary>Scan and encoding of a whole picture, as their benchmarks do it, with the bandwidth that follows.</summary>
internal static class PictureStages
{
    private const double FrameBytes = 1920 * 1080 * 4;

    public static async Task<IReadOnlyList<Figure>> RunAsync(bool quick)
    {
        int rounds = quick ? 50 : 300;
        var scan = new ScanDamage();
        await scan.PrepareAsync();
        Samples scanned = Measure(rounds, () => scan.Compare());
        var encode = new EncodeFrame();
        await encode.PrepareAsync();
        int bytes = encode.Encode();
        Samples encoded = Measure(rounds / 5, () => encode.Encode());
        return
        [
            new Figure("damage scan, two equal 1080p pictures", "", string.Create(CultureInfo.InvariantCulture,
                $"{scanned}; {2 * FrameBytes / scanned.Median / 1000:0.0} GB/s read"), null),
            new Figure("plain codec, whole 1080p picture of the drawn desktop", "", string.Create(CultureInfo.InvariantCulture,
                $"{encoded}; {FrameBytes / encoded.Median:0} MB/s of pixels, {bytes / 1024.0:0} KiB out"), null),
        ];
    }

    private static Samples Measure(int rounds, Action action)
    {
        var samples = new Samples();
        for (int round = -rounds / 5; round < rounds; round++)
        {
            long start = Stopwatch.GetTimestamp();
            action();
            if (round >= 0) samples.AddSince(start);
        }

        return samples;
    }
}
