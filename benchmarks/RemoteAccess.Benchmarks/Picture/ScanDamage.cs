using BenchmarkDotNet.Attributes;
using RemoteAccess.Picture;

namespace RemoteAccess.Benchmarks;

/// <summary>Comparing two equal 1080p pictures block by block: the most there is to read.</summary>
public class ScanDamage
{
    private readonly BlockMap map = new();
    private MemoryFrame? before;
    private MemoryFrame? after;

    [GlobalSetup]
    public async Task PrepareAsync()
    {
        before = await MemoryFrame.DrawAsync();
        after = before.Copy();
    }

    [Benchmark]
    public bool Compare()
    {
        map.Reset(after!.Size);
        return DamageScan.Compare(before!, after, map);
    }
}
