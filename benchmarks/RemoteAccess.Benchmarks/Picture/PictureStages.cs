using System.Diagnostics;
using System.Globalization;
using RemoteAccess.Picture;
using RemoteAccess.Tests;

namespace RemoteAccess.Benchmarks;

/// <summary>Each stage of the picture on recorded frames; CPU time of this process, so that what else runs on the machine counts little.</summary>
internal static class PictureStages
{
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(8);

    public static async Task<IReadOnlyList<Figure>> RunAsync(bool quick)
    {
        // The runtime compiles what runs often a second time, in the background; before that nothing here means anything.
        var compiling = Stopwatch.StartNew();
        while (compiling.Elapsed < WarmUp)
        {
            foreach (string name in (ReadOnlySpan<string>)["term", "desktop", "photo"]) Whole(name, 1);
            _ = Text("term", 8).Count();
            Motion(4);
            Classify("photo", 4);
            Lossy(4);
            Lossless(4);
        }

        await Task.Delay(TimeSpan.FromSeconds(1));
        int rounds = quick ? 40 : 200;
        List<Figure> figures = [await ScanAsync(rounds)];
        figures.AddRange(Text("term", rounds));
        figures.AddRange(Text("editor", rounds));
        figures.AddRange(Motion(rounds));
        figures.AddRange(Classify("photo", rounds));
        figures.AddRange(Classify("web", rounds));
        figures.Add(Lossy(rounds));
        figures.AddRange(Lossless(rounds));
        foreach (string name in (ReadOnlySpan<string>)["term", "report", "web", "desktop", "video", "photo"]) figures.Add(Whole(name, quick ? 3 : 10));
        return figures;
    }

    /// <summary>Against SequenceEqual on the same frames, in turn; 24 pairs of 1080p are 400 MB, so none is in a cache.</summary>
    private static async Task<Figure> ScanAsync(int rounds)
    {
        rounds *= 2;
        MemoryFrame drawn = await MemoryFrame.DrawAsync();
        (MemoryFrame Before, MemoryFrame After)[] pairs = [.. Enumerable.Range(0, 24).Select(_ => (drawn.Copy(), drawn.Copy()))];
        var map = new BlockMap();
        Samples scanned = new(), compared = new();
        for (int round = -24; round < rounds; round++)
        {
            (MemoryFrame before, MemoryFrame after) = pairs[(round + 24) % pairs.Length];
            map.Reset(before.Size);
            long start = Stopwatch.GetTimestamp();
            DamageScan.Compare(before, after, map);
            if (round >= 0) scanned.AddSince(start);
            (before, after) = pairs[(round + 36) % pairs.Length];
            start = Stopwatch.GetTimestamp();
            bool equal = before.Pixels.SequenceEqual(after.Pixels);
            if (round >= 0) compared.AddSince(start);
            if (!equal) throw new InvalidOperationException("The pictures differ.");
        }

        double ratio = compared.Median / scanned.Median;
        return new Figure("damage scan, equal 1080p pictures from memory: speed against SequenceEqual", "≥ 0.9×",
            string.Create(CultureInfo.InvariantCulture, $"{ratio:0.00}×; {2 * 1920 * 1080 * 4 / scanned.Median / 1000:0.0} GB/s read; {scanned}"), ratio >= 0.9);
    }

    /// <summary>A whole frame of text through the context coder, forwards and back, with a model that has seen it once.</summary>
    private static IEnumerable<Figure> Text(string name, int rounds)
    {
        ScreenFrame frame = RecordedFrames.Open(name).Read().First();
        double megapixels = frame.Size.Area / 1e6;
        var encoder = new TextCoder(frame);
        TimeSpan encoding = TimeSpan.Zero, decoding = TimeSpan.Zero;
        long encoded = 0, decoded = 0;
        for (int round = -5; round < rounds / 4; round++)
        {
            encoder.Reset();
            encoder.Encode();
            encoder.Decode();
            long allocated = GC.GetAllocatedBytesForCurrentThread();
            TimeSpan began = Cpu();
            encoder.Encode();
            TimeSpan between = Cpu();
            long middle = GC.GetAllocatedBytesForCurrentThread();
            encoder.Decode();
            if (round < 0) continue;
            encoding += between - began;
            decoding += Cpu() - between;
            encoded += middle - allocated;
            decoded += GC.GetAllocatedBytesForCurrentThread() - middle;
        }

        double encode = encoding.TotalMilliseconds / (rounds / 4) / megapixels, decode = decoding.TotalMilliseconds / (rounds / 4) / megapixels;
        yield return new Figure($"context coder, encode, {name}", "≤ 12 ms/MP, 0 B", string.Create(CultureInfo.InvariantCulture, $"{encode:0.0} ms/MP, {encoded} B"), encode <= 12 && encoded == 0);
        yield return new Figure($"context coder, decode, {name}", "≤ 14 ms/MP, 0 B", string.Create(CultureInfo.InvariantCulture, $"{decode:0.0} ms/MP, {decoded} B"), decode <= 14 && decoded == 0);
    }

    private static Figure[] Motion(int rounds)
    {
        var motion = new FollowMotion();
        motion.Prepare();
        return [MotionFigure("searched anew", motion.Search), MotionFigure("going on as before", motion.GoOn)];

        Figure MotionFigure(string name, Func<int> follow)
        {
            TimeSpan spent = TimeSpan.Zero;
            for (int round = -5; round < rounds; round++)
            {
                TimeSpan began = Cpu();
                follow();
                if (round >= 0) spent += Cpu() - began;
            }

            double milliseconds = spent.TotalMilliseconds / rounds;
            return new Figure($"motion, a scrolled 1080p page of text, {name}", "≤ 1 ms", string.Create(CultureInfo.InvariantCulture, $"{milliseconds:0.00} ms; {motion.CopiedShare:0} % of the damaged blocks are copies"), milliseconds <= 1);
        }
    }

    /// <summary>What is done to a whole picture, the first of its epoch, before its first byte is encoded; several in turn, so that they come from memory.</summary>
    private static Figure[] Classify(string name, int rounds)
    {
        MemoryFrame[] frames = [.. Enumerable.Range(0, 8).Select(up => Enlarged(name, 0, up * 8))];
        BlockMap damage = new();
        damage.Reset(frames[0].Size);
        damage.SetAll();
        TileClassifier classifier = new();
        BlockClasses classes = new();
        TileMap tiles = new();
        TimeSpan classifying = TimeSpan.Zero, choosing = TimeSpan.Zero;
        for (int round = -frames.Length; round < rounds; round++)
        {
            MemoryFrame frame = frames[(round + frames.Length) % frames.Length];
            classifier.Reset(frame.Size);
            classes.Reset(frame.Size);
            tiles.Reset(frame.Size);
            TimeSpan began = Cpu();
            classifier.Classify(null, frame, damage, classes, 0, tiles.Kinds);
            TimeSpan between = Cpu();
            CoderChoice.Apply(frame, classes, tiles);
            if (round < 0) continue;
            classifying += between - began;
            choosing += Cpu() - between;
        }

        return [ClassifyFigure("classify", classifying), ClassifyFigure("choose coders", choosing)];

        Figure ClassifyFigure(string stage, TimeSpan spent) =>
            new($"{stage}, a new 1080p picture, {name}", "", string.Create(CultureInfo.InvariantCulture, $"{spent.TotalMilliseconds / rounds:0.00} ms"), null);
    }

    private static Figure Lossy(int rounds)
    {
        ScreenFrame frame = RecordedFrames.Open("photo").Read().First();
        var writer = new BitWriter();
        var encoder = new LossyTileEncoder();
        (double milliseconds, long allocated) = PerMegapixel(frame, rounds, writer, (pixels, area) => encoder.Encode(writer, pixels, frame.Stride, area.Width, area.Height, TileMask.Macroblocks(Whole(area)), LossyQuality.Q75_420));
        return new Figure("natural tiles, lossy 4:2:0 q75, encode", "≤ 3 ms/MP, 0 B", string.Create(CultureInfo.InvariantCulture, $"{milliseconds:0.00} ms/MP, {allocated} B; {writer.Length * 8.0 / frame.Size.Area:0.00} bit/px"), milliseconds <= 3 && allocated == 0);
    }

    private static Figure[] Lossless(int rounds)
    {
        ScreenFrame frame = RecordedFrames.Open("photo").Read().First();
        var writer = new BitWriter();
        var encoder = new LosslessTileEncoder();
        (double milliseconds, long allocated) = PerMegapixel(frame, rounds, writer, (pixels, area) => encoder.Encode(writer, pixels, frame.Stride, area.Width, area.Height, Whole(area)));
        double bitsPerPixel = writer.Length * 8.0 / frame.Size.Area;
        var decoder = new LosslessTileDecoder();
        uint[] tile = new uint[TileGrid.Side * TileGrid.Side];
        var coded = new BitWriter();
        (double both, long allocatedByBoth) = PerMegapixel(frame, rounds, writer, (pixels, area) =>
        {
            coded.Reset();
            encoder.Encode(coded, pixels, frame.Stride, area.Width, area.Height, Whole(area));
            var reader = new BitReader(coded.Finish());
            decoder.Decode(ref reader, tile, area.Width, area.Height, Whole(area));
        });
        return
        [
            new Figure("natural tiles, lossless, encode", "≤ 7 ms/MP, 0 B", string.Create(CultureInfo.InvariantCulture, $"{milliseconds:0.00} ms/MP, {allocated} B; {bitsPerPixel:0.00} bit/px"), milliseconds <= 7 && allocated == 0),
            new Figure("natural tiles, lossless, decode", "≤ 8 ms/MP, 0 B", string.Create(CultureInfo.InvariantCulture, $"{both - milliseconds:0.00} ms/MP, {allocatedByBoth} B"), both - milliseconds <= 8 && allocatedByBoth == 0),
        ];
    }

    private static Figure Whole(string name, int rounds)
    {
        using var sequence = new EncodeSequence { Name = name };
        sequence.Prepare();
        TimeSpan spent = TimeSpan.Zero;
        long allocated = 0, bytes = 0;
        for (int i = 0; i < rounds * sequence.Count; i++)
        {
            // The first frame of a round begins an epoch; it is the others that a session consists of.
            bool first = i % sequence.Count == 0;
            long before = GC.GetAllocatedBytesForCurrentThread();
            TimeSpan began = Cpu();
            int size = sequence.EncodeOne();
            if (first) continue;
            spent += Cpu() - began;
            allocated += GC.GetAllocatedBytesForCurrentThread() - before;
            bytes += size;
        }

        double perMegapixel = spent.TotalMilliseconds / rounds / sequence.ChangedMegapixels;
        bool? reached = name is "web" or "desktop" ? perMegapixel <= 8 && allocated == 0 : null;
        return new Figure($"whole encode, {name}", name is "web" or "desktop" ? "≤ 8 ms/MP, 0 B" : "",
            string.Create(CultureInfo.InvariantCulture, $"{perMegapixel:0.0} ms per changed MP, {allocated} B; {bytes / 1000.0 / rounds / (sequence.Count - 1):0.0} kB a frame of 640×400"), reached);
    }

    private delegate void EncodeTile(ReadOnlySpan<byte> pixels, PixelRect area);

    private static (double Milliseconds, long Allocated) PerMegapixel(ScreenFrame frame, int rounds, BitWriter writer, EncodeTile encode)
    {
        TimeSpan spent = TimeSpan.Zero;
        long allocated = 0;
        for (int round = -10; round < rounds; round++)
        {
            writer.Reset();
            long before = GC.GetAllocatedBytesForCurrentThread();
            TimeSpan began = Cpu();
            for (int row = 0; row < TileGrid.Across(frame.Size.Height); row++)
                for (int column = 0; column < TileGrid.Across(frame.Size.Width); column++)
                {
                    PixelRect area = TileGrid.Tile(frame.Size, column, row);
                    encode(frame.Pixels[(area.Y * frame.Stride + area.X * 4)..], area);
                }

            if (round < 0) continue;
            spent += Cpu() - began;
            allocated += GC.GetAllocatedBytesForCurrentThread() - before;
        }

        return (spent.TotalMilliseconds / rounds / (frame.Size.Area / 1e6), allocated);
    }

    /// <summary>All blocks of a tile.</summary>
    internal static ulong Whole(PixelRect area)
    {
        ulong blocks = 0;
        for (int row = 0; row < TileGrid.BlocksAcross(area.Height); row++) blocks |= ((1UL << TileGrid.BlocksAcross(area.Width)) - 1) << (row * TileGrid.BlocksPerSide);
        return blocks;
    }

    /// <summary>A 1080p picture made of a recorded frame again and again, moved up by some rows.</summary>
    internal static MemoryFrame Enlarged(string name, int number, int up)
    {
        ScreenFrame small = RecordedFrames.Open(name).Read().ElementAt(number);
        byte[] pixels = new byte[1920 * 1080 * 4];
        for (int y = 0; y < 1080; y++)
            for (int x = 0; x < 1920; x += small.Size.Width)
            {
                int width = Math.Min(small.Size.Width, 1920 - x);
                Span<byte> row = pixels.AsSpan((y * 1920 + x) * 4, width * 4);
                small.Pixels.Slice((y + up) % small.Size.Height * small.Stride, width * 4).CopyTo(row);
                // Each copy in colours of its own: what stands there twice says nothing of where it went.
                int copy = (y + up) / small.Size.Height * 3 + x / small.Size.Width;
                for (int i = 0; i < row.Length; i += 4) row[i] ^= (byte)(copy * 11);
            }

        return new MemoryFrame(new PixelSize(1920, 1080), pixels);
    }

    private static TimeSpan Cpu() => Environment.CpuUsage.TotalTime;
}
