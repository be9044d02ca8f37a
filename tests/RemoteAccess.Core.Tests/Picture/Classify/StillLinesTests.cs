using RemoteAccess.Picture;

namespace RemoteAccess.Tests;

public sealed class StillLinesTests
{
    private static readonly PixelSize Size = new(80, 80);
    private static readonly PixelRect Whole = new(0, 0, 80, 80);
    private readonly BlockMap changed = new();

    public StillLinesTests()
    {
        changed.Reset(Size);
        changed.SetAll();
    }

    [Theory]
    [InlineData("coverage-gray")]
    [InlineData("coverage-subpixel")]
    public void AreIn_LettersBeforeAVideo_AreFound(string coverage)
    {
        DrawnFrame before = Video(1), now = Video(2);
        PaintedContent.Text(before, coverage, 4, 4, (255, 255, 255));
        PaintedContent.Text(now, coverage, 4, 4, (255, 255, 255));

        Assert.Contains(true, Squares(before, now));
    }

    [Fact]
    public void AreIn_LettersThatAreElsewhere_AreNotFound()
    {
        DrawnFrame before = Video(1), now = Video(2);
        PaintedContent.Text(before, "coverage-gray", 4, 4, (255, 255, 255));
        PaintedContent.Text(now, "coverage-gray", 9, 7, (255, 255, 255));

        Assert.DoesNotContain(true, Squares(before, now));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(21, 0)]
    [InlineData(0, 21)]
    [InlineData(21, 21)]
    public void AreIn_EdgeOfTheWindowAroundAVideo_IsNone(int x, int y)
    {
        DrawnFrame before = Window(Video(1), x, y), now = Window(Video(2), x, y);

        Assert.DoesNotContain(true, Squares(before, now));
    }

    /// <summary>A line that goes through a square is an edge; one that ends in it, and goes on further down, is none.</summary>
    [Theory]
    [InlineData(0, false)]
    [InlineData(5, true)]
    public void AreIn_StraightLineOnThePage_IsALetterOnlyIfItHasAGap(int gap, bool isLetter)
    {
        DrawnFrame before = Video(1), now = Video(2);
        foreach (DrawnFrame frame in (DrawnFrame[])[before, now])
        {
            PaintedContent.Fill(frame, new PixelRect(0, 0, 60, 80), 200, 200, 200);
            PaintedContent.Fill(frame, new PixelRect(20, 0, 1, 80), 10, 10, 10);
            PaintedContent.Fill(frame, new PixelRect(20, 22, 1, gap), 200, 200, 200);
        }

        Assert.Equal(isLetter, AssertEveryPathSays(before, now, changed, 1, 1));
    }

    [Fact]
    public void AreIn_LettersOfThePageBesideAVideo_AreFound()
    {
        DrawnFrame before = Video(1), now = Video(2);
        PaintedContent.Letters(before, new PixelRect(0, 0, 80, 44), 3);
        PaintedContent.Letters(now, new PixelRect(0, 0, 80, 44), 3);

        Assert.Contains(true, Squares(before, now)[..9]);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(17, 9)]
    [InlineData(33, 50)]
    public void AreIn_AnySize_ReadsNothingBesideThePicture(int width, int height)
    {
        var size = new PixelSize(width, height);
        var map = new BlockMap();
        map.Reset(size);
        map.SetAll();
        var frame = new DrawnFrame(size, 4);
        frame.Scribble(new Random(1), new PixelRect(0, 0, width, height));

        for (int y = 0; y * 16 < height; y++)
            for (int x = 0; x * 16 < width; x++) AssertEveryPathSays(frame, frame, map, x, y);
    }

    private bool[] Squares(DrawnFrame before, DrawnFrame now) =>
        [.. from y in Enumerable.Range(1, 3) from x in Enumerable.Range(1, 3) select AssertEveryPathSays(before, now, changed, x, y)];

    private static bool AssertEveryPathSays(DrawnFrame before, DrawnFrame now, BlockMap map, int x, int y)
    {
        bool said = StillLines.AreIn<PixelTestsScalar>(before, now, map, x, y);
        Assert.Equal(said, StillLines.AreIn<PixelTests128>(before, now, map, x, y));
        Assert.Equal(said, StillLines.AreIn<PixelTests256>(before, now, map, x, y));
        Assert.Equal(said, StillLines.AreIn<PixelTests512>(before, now, map, x, y));
        return said;
    }

    private static DrawnFrame Video(int time)
    {
        var frame = new DrawnFrame(Size);
        PaintedContent.Photo(frame, Whole, 7, time * 0.7);
        return frame;
    }

    /// <summary>A border of two lines and a margin at the left and at the top.</summary>
    private static DrawnFrame Window(DrawnFrame frame, int x, int y)
    {
        PaintedContent.Fill(frame, new PixelRect(0, 0, x, 80), 200, 200, 200);
        PaintedContent.Fill(frame, new PixelRect(0, 0, 80, y), 200, 200, 200);
        if (x > 0) PaintedContent.Fill(frame, new PixelRect(x - 1, Math.Max(y - 1, 0), 1, 80 - Math.Max(y - 1, 0)), 10, 10, 10);
        if (y > 0) PaintedContent.Fill(frame, new PixelRect(Math.Max(x - 1, 0), y - 1, 80 - Math.Max(x - 1, 0), 1), 10, 10, 10);
        return frame;
    }
}
