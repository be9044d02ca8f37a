using BenchmarkDotNet.Attributes;
using RemoteAccess.Picture;
using RemoteAccess.Tests;

namespace RemoteAccess.Benchmarks;

/// <summary>
/// Planning and encoding a recorded sequence, again and again from its second frame: what the pipeline does with a frame between capturing and
/// sending it. Models and caches are as a session that has run for a while has them.
/// </summary>
[MemoryDiagnoser]
public class EncodeSequence : IDisposable
{
    private readonly FrameEncoding encoding = new();
    private ScreenFrame[] frames = [];
    private long now = 1_000_000;
    private int next;
    private ScreenFrame? kept;

    [Params("term", "report", "web", "desktop", "video", "photo")]
    public string Name { get; set; } = "term";

    /// <summary>Megapixels of changed blocks of the frames encoded last, in one round.</summary>
    public double ChangedMegapixels { get; private set; }

    /// <summary>Frames of a round.</summary>
    public int Count => frames.Length;

    [GlobalSetup]
    public void Prepare()
    {
        frames = [.. RecordedFrames.Open(Name).Read()];
        for (int i = 0; i < 2 * frames.Length; i++) EncodeOne();
        var changed = new BlockMap();
        for (int i = 1; i < frames.Length; i++)
        {
            changed.Reset(frames[i].Size);
            DamageScan.Compare(frames[i - 1], frames[i], changed);
            ChangedMegapixels += changed.Count(0, changed.Rows) * 64 / 1e6;
        }
    }

    /// <returns>Bytes of one frame.</returns>
    [Benchmark]
    public int EncodeOne()
    {
        ScreenFrame frame = frames[next];
        next = (next + 1) % frames.Length;
        now += 33_000;
        // A round begins with the first frame, which differs anywhere from the last.
        bool begins = kept is null || next == 1;
        int bytes = encoding.Encode(begins ? null : kept, frame, now);
        kept = frame;
        return bytes;
    }

    public void Dispose()
    {
        encoding.Dispose();
        GC.SuppressFinalize(this);
    }
}
