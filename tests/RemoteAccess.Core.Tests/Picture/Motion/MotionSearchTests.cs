using RemoteAccess.Picture;

namespace RemoteAccess.Tests;

public sealed class MotionSearchTests
{
    private static readonly PixelSize Size = new(800, 600);
    private static readonly PixelRect Whole = new(0, 0, 800, 600);

    private readonly MotionSearch search = new();
    private readonly BlockMap damage = new();
    private readonly BlockClasses classes = new();

    [Theory]
    [InlineData(0, 13)]
    [InlineData(0, -39)]
    [InlineData(0, 250)]
    [InlineData(17, 0)]
    [InlineData(-3, -5)]
    [InlineData(64, 1)]
    public void Find_ScrolledText_IsTheFirstVectorAndRemovesMostOfTheDamage(int dx, int dy)
    {
        var before = new DrawnFrame(Size);
        PaintedContent.Letters(before, Whole, 1);
        DrawnFrame after = Moved(before, Whole, dx, dy);

        ReadOnlySpan<MotionVector> vectors = Find(before, after);

        Assert.False(vectors.IsEmpty);
        Assert.Equal(new MotionVector((short)dx, (short)dy), vectors[0]);
        search.Mark(before, after, damage, vectors, classes);
        int visible = (800 - Math.Abs(dx)) / 8 * ((600 - Math.Abs(dy)) / 8);
        int damaged = damage.Count(0, damage.Rows);
        Assert.True(classes.Count(BlockClass.Copy0) > damaged * 0.9 * visible / 7500, $"{classes.Count(BlockClass.Copy0)} of {damaged}");
    }

    [Fact]
    public void Find_WindowMovedOverAPhotoAndPartlyCovered_IsFound()
    {
        var photo = new DrawnFrame(Size);
        PaintedContent.Photo(photo, Whole, 4);
        DrawnFrame before = photo.CopyWith(Whole), after = photo.CopyWith(Whole);
        PaintedContent.Letters(before, new PixelRect(100, 100, 300, 200), 2);
        PaintedContent.Letters(after, new PixelRect(123, 89, 300, 200), 2);
        foreach (DrawnFrame frame in (DrawnFrame[])[before, after]) PaintedContent.Fill(frame, new PixelRect(200, 150, 80, 60), 9, 9, 9);

        ReadOnlySpan<MotionVector> vectors = Find(before, after);

        Assert.Equal(new MotionVector(-23, 11), vectors[0]);
        search.Mark(before, after, damage, vectors, classes);
        Assert.True(classes.Count(BlockClass.Copy0) > 700);
    }

    [Fact]
    public void Find_TwoWindowsMovedApart_FindsBoth()
    {
        DrawnFrame before = new(Size), after = new(Size);
        PaintedContent.Letters(before, new PixelRect(20, 20, 250, 200), 2);
        PaintedContent.Letters(before, new PixelRect(400, 300, 250, 200), 3);
        PaintedContent.Letters(after, new PixelRect(40, 22, 250, 200), 2);
        PaintedContent.Letters(after, new PixelRect(400, 270, 250, 200), 3);

        MotionVector[] vectors = Find(before, after).ToArray();

        Assert.Contains(new MotionVector(-20, -2), vectors);
        Assert.Contains(new MotionVector(0, 30), vectors);
    }

    [Fact]
    public void Find_SystemSaysWhatMoved_ComesFirstAndIsNotSearched()
    {
        var before = new DrawnFrame(Size);
        PaintedContent.Letters(before, Whole, 1);
        DrawnFrame after = Moved(before, Whole, 0, 13);

        Assert.Equal([new MotionVector(0, 13)], Find(before, after, [new ScreenMove(Whole, 0, 13), new ScreenMove(Whole, 0, 0), new ScreenMove(Whole, 0, 13)]));
        // What has no anchors is found by nothing else.
        var noise = new DrawnFrame(Size);
        noise.Scribble(new Random(3), Whole);
        DrawnFrame moved = Moved(noise, Whole, -31, 7);
        Assert.True(Find(noise, moved).IsEmpty, "Noise has anchors: the hint would prove nothing.");
        ReadOnlySpan<MotionVector> told = Find(noise, moved, [new ScreenMove(new PixelRect(40, 0, 700, 590), -31, 7)]);
        Assert.Equal([new MotionVector(-31, 7)], told);
        search.Mark(noise, moved, damage, told, classes);
        Assert.True(classes.Count(BlockClass.Copy0) > 6500, $"{classes.Count(BlockClass.Copy0)}");
    }

    [Fact]
    public void Find_HintsThatAreWrong_DoNotKeepTheSearchFromFinding()
    {
        var before = new DrawnFrame(Size);
        PaintedContent.Letters(before, Whole, 1);
        DrawnFrame after = Moved(before, Whole, 0, 13);
        ScreenMove[] lies = [.. Enumerable.Range(1, 8).Select(i => new ScreenMove(Whole, 100 + i, -200)), new ScreenMove(Whole, int.MaxValue, 0), new ScreenMove(Whole, 65536, 13), new ScreenMove(new PixelRect(-5, 7, 0, -3), 40000, int.MinValue)];

        Assert.Equal(new MotionVector(0, 13), Find(before, after, lies)[0]);
    }

    [Fact]
    public void Find_HintThatIsWrong_MarksNothing()
    {
        var before = new DrawnFrame(Size);
        PaintedContent.Letters(before, Whole, 1);
        var after = new DrawnFrame(Size);
        PaintedContent.Letters(after, Whole, 2);

        ReadOnlySpan<MotionVector> vectors = Find(before, after, [new ScreenMove(Whole, -700, 555), new ScreenMove(Whole, short.MinValue, short.MaxValue)]);
        search.Mark(before, after, damage, vectors, classes);

        Assert.True(vectors.IsEmpty);
        Assert.Equal(0, classes.Count(BlockClass.Copy0));
    }

    [Fact]
    public void Find_ATypedLetter_IsNotSearched()
    {
        var before = new DrawnFrame(Size);
        PaintedContent.Letters(before, Whole, 1);
        DrawnFrame after = before.CopyWith(Whole);
        PaintedContent.Letters(after, new PixelRect(80, 80, 16, 16), 9);

        Assert.True(Find(before, after).IsEmpty);
    }

    [Fact]
    public void Find_NewText_FindsAlmostNothing()
    {
        DrawnFrame before = new(Size), after = new(Size);
        PaintedContent.Letters(before, Whole, 1);
        PaintedContent.Letters(after, Whole, 2);

        search.Mark(before, after, damage, Find(before, after), classes);

        Assert.True(classes.Count(BlockClass.Copy0) < damage.Count(0, damage.Rows) / 20);
    }

    [Fact]
    public void Find_ScrollGoesOnThroughWhatRepeats_TakesTheLastVectorOrItsNeighbourAsNoSearchCould()
    {
        DrawnFrame letters = new(Size), tile = new(Size), repeated = new(Size);
        PaintedContent.Letters(letters, Whole, 1);
        PaintedContent.Letters(tile, Whole, 2);
        for (int y = 0; y < 600; y++)
            for (int x = 0; x < 800; x++) tile.Pixels.Slice(y % 50 * tile.Stride + x % 50 * 4, 4).CopyTo(repeated.Writable[(y * repeated.Stride + x * 4)..]);
        DrawnFrame after = Moved(repeated, Whole, 0, 13);
        Assert.DoesNotContain(new MotionVector(0, 13), Find(repeated, after).ToArray());

        foreach (short dy in (short[])[13, 12, 14])
        {
            Scroll(letters, 0, dy);
            Assert.Equal(new MotionVector(0, 13), Find(repeated, after)[0]);
        }
    }

    [Fact]
    public void Find_GoesOnAsBeforeTheLastMovement_TakesThatVectorAsNoSearchCould()
    {
        DrawnFrame letters = new(Size), repeated = new(Size);
        PaintedContent.Letters(letters, Whole, 1);
        for (int y = 0; y < 600; y++)
            for (int x = 0; x < 800; x++) letters.Pixels.Slice(y % 50 * letters.Stride + x % 50 * 4, 4).CopyTo(repeated.Writable[(y * repeated.Stride + x * 4)..]);
        Scroll(letters, 0, 13);
        Scroll(letters, 0, 170);

        Assert.Equal(new MotionVector(0, 13), Find(repeated, Moved(repeated, Whole, 0, 13))[0]);
    }

    [Theory]
    [InlineData(0, -20, 800)]
    [InlineData(0, 26, 800)]
    [InlineData(9, 13, 300)]
    public void Find_MovesOnOtherwise_IsSearchedAgain(int dx, int dy, int width)
    {
        DrawnFrame first = new(Size);
        PaintedContent.Letters(first, Whole, 1);
        DrawnFrame second = Scroll(first, 0, 13), third = Moved(Moved(second, Whole, 0, 13), new PixelRect(0, 0, width, 600), dx, dy - 13);

        Assert.Contains(new MotionVector((short)dx, (short)dy), Find(second, third).ToArray());
    }

    [Fact]
    public void Find_EachFrame_AllocatesNothing()
    {
        var before = new DrawnFrame(Size);
        PaintedContent.Letters(before, Whole, 1);
        DrawnFrame after = Moved(before, Whole, 0, 13);
        ScreenMove[] hint = [new ScreenMove(Whole, 0, 13), new ScreenMove(Whole, 3, 3)];
        long start = 0;
        for (int i = 0; i < 150; i++)
        {
            if (i == 100) start = GC.GetAllocatedBytesForCurrentThread();
            search.Mark(before, after, damage, i % 2 == 0 ? Find(before, after) : Find(before, after, hint), classes);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - start);
    }

    /// <summary>The next frame, after a search that found the movement and marked it.</summary>
    private DrawnFrame Scroll(DrawnFrame before, short dx, short dy)
    {
        DrawnFrame after = Moved(before, Whole, dx, dy);
        ReadOnlySpan<MotionVector> vectors = Find(before, after);
        Assert.Equal(new MotionVector(dx, dy), vectors[0]);
        search.Mark(before, after, damage, vectors, classes);
        return after;
    }

    private static DrawnFrame Moved(DrawnFrame before, PixelRect area, int dx, int dy)
    {
        DrawnFrame after = before.CopyWith(Whole);
        PaintedContent.Letters(after, area, 99);
        for (int y = area.Y; y < area.Bottom; y++)
        {
            for (int x = area.X; x < area.Right; x++)
            {
                if (area.Intersect(new PixelRect(x + dx, y + dy, 1, 1)).IsEmpty) continue;
                before.Pixels.Slice((y + dy) * before.Stride + (x + dx) * 4, 4).CopyTo(after.Writable[(y * after.Stride + x * 4)..]);
            }
        }

        return after;
    }

    private ReadOnlySpan<MotionVector> Find(DrawnFrame before, DrawnFrame after, params scoped ReadOnlySpan<ScreenMove> hints)
    {
        damage.Reset(after.Size);
        DamageScan.Compare(before, after, damage);
        classes.Reset(after.Size);
        return search.Find(before, after, damage, hints);
    }
}
