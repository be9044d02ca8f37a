using RemoteAccess.Picture;

namespace RemoteAccess.Tests;

/// <summary>What the system says has moved, through plan, encoder and decoder: vectors where it is true, and the right picture where it lies.</summary>
public sealed class ToldMovesTests : IDisposable
{
    private static readonly PixelSize Size = new(640, 448);
    private static readonly PixelRect Window = new(64, 64, 400, 300);

    private readonly CodecPair pair = new() { Wish = new PictureWish(true, LossyQuality.Q75_420, null, 5) };

    public void Dispose() => pair.Dispose();

    [Fact]
    public void Show_WindowOfNoiseDragged_IsSentAsAVectorOnlyWhereTheSystemTells()
    {
        long untold = Drag(), told = Drag(new ScreenMove(Window with { X = 87, Y = 53 }, -23, 11));

        Assert.Equal([new MotionVector(-23, 11)], pair.Plan.Vectors);
        Assert.True(pair.Plan.Classes.Count(BlockClass.Copy0) > Window.Area / 64 * 8 / 10, $"{pair.Plan.Classes.Count(BlockClass.Copy0)} blocks moved");
        Assert.True(told * 5 < untold, $"{told} bytes with the system's word, {untold} without");
    }

    [Fact]
    public void Show_SystemLies_ThePictureIsRight()
    {
        Random random = new(4);
        DrawnFrame shown = new(Size);
        shown.Scribble(random, new PixelRect(0, 0, 640, 448));
        pair.Show(shown);
        for (int i = 0; i < 40; i++)
        {
            PixelRect area = new(random.Next(500), random.Next(300), random.Next(1, 140), random.Next(1, 140));
            DrawnFrame next = shown.CopyWith(area);
            next.Scribble(random, area);
            int Any() => random.Next(4) == 0 ? random.Next(int.MinValue, int.MaxValue) : random.Next(-700, 700);
            next.Told = [.. Enumerable.Range(0, random.Next(20)).Select(_ => new ScreenMove(new PixelRect(Any(), Any(), Any(), Any()), Any(), Any()))];
            pair.Now += 50_000;

            Assert.True(pair.Show(shown = next));
            pair.AssertAgree();
            Assert.True(pair.IsExact);
        }
    }

    /// <summary>The bytes of a frame in which a window has moved up and to the right.</summary>
    private long Drag(params ScreenMove[] told)
    {
        // A border would give it away: all of the desktop is noise.
        DrawnFrame before = new(Size);
        before.Scribble(new Random(9), new PixelRect(0, 0, 640, 448));
        DrawnFrame after = before.CopyWith(new PixelRect(0, 0, 640, 448));
        for (int y = Window.Y; y < Window.Bottom; y++)
            before.Pixels.Slice((y * before.Stride) + (Window.X * 4), Window.Width * 4).CopyTo(after.Writable[(((y - 11) * after.Stride) + ((Window.X + 23) * 4))..]);
        after.Told = told;
        pair.RequestEpoch();
        pair.Show(before);
        pair.Now += 50_000;
        long bytes = pair.Bytes;
        Assert.True(pair.Show(after));
        pair.AssertAgree();
        Assert.True(pair.IsExact);
        return pair.Bytes - bytes;
    }
}
