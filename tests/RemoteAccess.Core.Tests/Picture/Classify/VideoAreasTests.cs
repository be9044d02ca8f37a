using RemoteAccess.Picture;

namespace RemoteAccess.Tests;

public sealed class VideoAreasTests
{
    private static readonly PixelSize Size = new(643, 480);
    private static readonly PixelRect Video = new(72, 80, 320, 240);

    private readonly VideoAreas areas = new();
    private readonly BlockClasses classes = new();
    private readonly TileKind[] kinds = new TileKind[11 * 8];
    private long now = 1_000_000;

    public VideoAreasTests() => areas.Reset(Size);

    [Fact]
    public void Update_TenFramesASecond_IsVideoAfterHalfASecond()
    {
        for (int i = 0; i < 5; i++) Assert.Equal(0, Frame(100, Video).Length);

        Assert.Equal([Video], Frame(100, Video));
    }

    [Theory]
    [InlineData(200, true)]
    [InlineData(300, false)]
    public void Update_RateOfChange_DecidesAtFiveASecond(int interval, bool isVideo)
    {
        for (int i = 0; i < 20; i++) Frame(interval, Video);

        Assert.Equal(isVideo, areas.Areas.Length == 1);
    }

    [Fact]
    public void Update_ChangesStop_EndsOneSecondLater()
    {
        for (int i = 0; i < 20; i++) Frame(40, Video);
        Assert.Equal([Video], Frame(900));
        Assert.Equal([Video], Frame(90));

        Assert.Equal(0, Frame(20).Length);
    }

    [Fact]
    public void Update_PartsRestBetweenFrames_DoesNotFlicker()
    {
        for (int i = 0; i < 20; i++) Frame(40, Video);
        var random = new Random(5);
        for (int i = 0; i < 100; i++)
        {
            PixelRect part = new(Video.X + random.Next(20) * 8, Video.Y + random.Next(15) * 8, 160, 120);
            Assert.Equal([Video], Frame(100, part));
        }
    }

    [Theory]
    [InlineData(120, 200)]
    [InlineData(200, 120)]
    public void Update_SmallerThanTheLeastSide_IsNotVideo(int width, int height)
    {
        for (int i = 0; i < 40; i++) Frame(40, new PixelRect(64, 64, width, height));

        Assert.Equal(0, areas.Areas.Length);
    }

    [Fact]
    public void Update_TwoVideos_AreTwoAreas()
    {
        PixelRect[] both = [new(0, 0, 128, 128), new(320, 256, 192, 192)];
        for (int i = 0; i < 20; i++) Frame(40, both);

        Assert.Equal(both, areas.Areas);
    }

    [Fact]
    public void Update_VideoMadeSmaller_FollowsWhenTheOldPartsEnd()
    {
        var smaller = new PixelRect(Video.X, Video.Y, 136, 128);
        for (int i = 0; i < 20; i++) Frame(40, Video);
        for (int i = 0; i < 40; i++) Frame(40, smaller);

        PixelRect area = Assert.Single(areas.Areas.ToArray());
        Assert.True(area.Area < Video.Area / 2);
        Assert.Equal(smaller, area.Intersect(smaller));
    }

    [Fact]
    public void Update_RightEdgeOfAnOddPicture_StaysInside()
    {
        var edge = new PixelRect(448, 320, 195, 160);
        for (int i = 0; i < 20; i++) Frame(40, edge);

        Assert.Equal([edge], areas.Areas);
    }

    [Fact]
    public void Update_Text_IsNoVideo()
    {
        for (int i = 0; i < 40; i++)
        {
            Paint([Video]);
            for (int tile = 0; tile < kinds.Length; tile++) if (kinds[tile] != TileKind.None) kinds[tile] = TileKind.Text;
            areas.Update(kinds, classes, now += 40_000);
        }

        Assert.Equal(0, areas.Areas.Length);
    }

    [Fact]
    public void Update_EachFrame_AllocatesNothing()
    {
        Paint([Video]);
        long before = 0;
        for (int i = 0; i < 300; i++)
        {
            if (i == 200) before = GC.GetAllocatedBytesForCurrentThread();
            areas.Update(kinds, classes, now += 40_000);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private ReadOnlySpan<PixelRect> Frame(int milliseconds, params PixelRect[] natural)
    {
        Paint(natural);
        return areas.Update(kinds, classes, now += milliseconds * 1000);
    }

    private void Paint(PixelRect[] natural)
    {
        classes.Reset(Size);
        Array.Clear(kinds);
        foreach (PixelRect area in natural)
        {
            for (int row = area.Y / 8; row * 8 < area.Bottom; row++)
            {
                for (int column = area.X / 8; column * 8 < area.Right; column++)
                {
                    classes[column, row] = BlockClass.Natural;
                    kinds[row / 8 * 11 + column / 8] = TileKind.NaturalLossy;
                }
            }
        }
    }
}
