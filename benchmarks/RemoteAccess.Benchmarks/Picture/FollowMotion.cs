using BenchmarkDotNet.Attributes;
using RemoteAccess.Picture;

namespace RemoteAccess.Benchmarks;

/// <summary>A scrolled 1080p page of text: searched anew, because each scroll is by another way than the last two, and gone on with.</summary>
public class FollowMotion
{
    private static readonly int[] Ways = [13, 113, 213];

    private readonly MotionSearch searching = new();
    private readonly MotionSearch goingOn = new();
    private readonly BlockClasses classes = new();
    private readonly BlockMap[] damage = [new(), new(), new()];
    private readonly MemoryFrame[] after = new MemoryFrame[3];
    private MemoryFrame? before;
    private int next;

    /// <summary>Per cent of the damaged blocks that were copies when followed last.</summary>
    internal double CopiedShare
    {
        get
        {
            int copies = Enumerable.Range(0, classes.Rows).Sum(row => classes.Row(row).ToArray().Count(kind => kind is >= BlockClass.Copy0 and <= BlockClass.Copy3));
            return 100.0 * copies / damage[0].Count(0, damage[0].Rows);
        }
    }

    [GlobalSetup]
    public void Prepare()
    {
        before = PictureStages.Enlarged("term", 0, 0);
        for (int i = 0; i < Ways.Length; i++)
        {
            after[i] = PictureStages.Enlarged("term", 0, Ways[i]);
            damage[i].Reset(before.Size);
            DamageScan.Compare(before, after[i], damage[i]);
        }
    }

    [Benchmark]
    public int Search()
    {
        next = (next + 1) % Ways.Length;
        return Follow(searching, next);
    }

    [Benchmark]
    public int GoOn() => Follow(goingOn, 0);

    private int Follow(MotionSearch motion, int way)
    {
        classes.Reset(before!.Size);
        ReadOnlySpan<MotionVector> found = motion.Find(before, after[way], damage[way], default);
        motion.Mark(before, after[way], damage[way], found, classes);
        return found.Length > 0 && found[0].Dy == Ways[way] ? found.Length : throw new InvalidOperationException("The scroll was not found.");
    }
}
