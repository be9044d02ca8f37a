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
        (PixelRect, MotionVector)[] hints = [(new PixelRect(0, 0, 800, 587), new MotionVector(5, 5)), (Whole, default), (Whole, new MotionVector(5, 5))];

        Assert.Equal([new MotionVector(5, 5)], Find(before, after, hints));
        Assert.Equal([new MotionVector(5, 5), new MotionVector(0, 13)], Find(before, after, [(new PixelRect(0, 0, 100, 100), new MotionVector(5, 5))]));
    }

    [Fact]
    public void Find_HintThatIsWrong_MarksNothing()
    {
        var before = new DrawnFrame(Size);
        PaintedContent.Letters(before, Whole, 1);
        var after = new DrawnFrame(Size);
        PaintedContent.Letters(after, Whole, 2);

        ReadOnlySpan<MotionVector> vectors = Find(before, after, [(Whole, new MotionVector(-700, 555)), (Whole, new MotionVector(short.MinValue, short.MaxValue))]);
        search.Mark(before, after, damage, vectors, classes);

        Assert.Equal(2, vectors.Length);
        Assert.Equal(0, classes.Count(BlockClass.Copy1));
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
        long start = 0;
        for (int i = 0; i < 150; i++)
        {
            if (i == 100) start = GC.GetAllocatedBytesForCurrentThread();
            search.Mark(before, after, damage, Find(before, after), classes);
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

    private ReadOnlySpan<MotionVector> Find(DrawnFrame before, DrawnFrame after, params scoped ReadOnlySpan<(PixelRect, MotionVector)> hints)
    {
        damage.Reset(after.Size);
        DamageScan.Compare(before, after, damage);
        classes.Reset(after.Size);
        return search.Find(before, after, damage, hints);
    }
}
