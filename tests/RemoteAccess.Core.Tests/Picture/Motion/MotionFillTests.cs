using RemoteAccess.Picture;

namespace RemoteAccess.Tests;

/// <summary>What stands still between what moved is copied with it, where nothing changes by that.</summary>
public sealed class MotionFillTests
{
    private static readonly PixelSize Size = new(203, 150);
    private static readonly MotionVector Scroll = new(0, 21);

    [Fact]
    public void Apply_PageThatScrolls_CopiesThePaperToo()
    {
        (DrawnFrame before, DrawnFrame after, BlockClasses classes) = ScrolledPage();
        BlockClasses marked = Copy(classes);

        MotionFill.Apply(before, after, [Scroll], Whole, Exact(), classes);

        int filled = 0;
        for (int row = 0; row < classes.Rows; row++)
        {
            for (int column = 0; column < classes.Columns; column++)
            {
                if (classes[column, row] == marked[column, row]) continue;
                Assert.Equal((BlockClass.Skip, BlockClass.Copy0), (marked[column, row], classes[column, row]));
                Assert.True(IsCopy(before, after, column, row));
                filled++;
            }
        }

        Assert.InRange(filled, 50, 500);
        // The first tile moved as a whole: its blocks are of one kind.
        for (int row = 0; row < 8; row++) Assert.True(classes.Row(row)[..8].IndexOfAnyExcept(BlockClass.Copy0) < 0);
    }

    [Fact]
    public void Apply_OutsideOfTheRegion_LeavesBlocksAlone()
    {
        (DrawnFrame before, DrawnFrame after, BlockClasses classes) = ScrolledPage();
        BlockClasses marked = Copy(classes);
        var region = new PictureRegion(3, 2, 12, 9);

        MotionFill.Apply(before, after, [Scroll], region, Exact(), classes);

        int filled = 0;
        for (int row = 0; row < classes.Rows; row++)
        {
            for (int column = 0; column < classes.Columns; column++)
            {
                if (classes[column, row] == marked[column, row]) continue;
                Assert.True(region.Contains(column, row));
                filled++;
            }
        }

        Assert.NotEqual(0, filled);
    }

    /// <summary>The block itself, or one of the two that it would be taken from.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(3)]
    public void Apply_BlockInexactOrFromOne_IsNotCopied(int below)
    {
        (DrawnFrame before, DrawnFrame after, BlockClasses classes) = ScrolledPage();
        BlockClasses filled = Copy(classes);
        MotionFill.Apply(before, after, [Scroll], Whole, Exact(), filled);
        (int column, int row) = Enumerable.Range(0, classes.Columns * 8).Select(i => (i % classes.Columns, i / classes.Columns))
            .First(at => classes[at.Item1, at.Item2] != filled[at.Item1, at.Item2]);
        InexactBlocks inexact = Exact();
        var lossy = new BlockClasses();
        lossy.Reset(Size);
        lossy[column, row + below] = BlockClass.Natural;
        var tiles = new TileMap();
        tiles.Reset(Size);
        tiles.Kinds.Fill(TileKind.NaturalLossy);
        inexact.Apply(lossy, tiles.Kinds, default);
        Assert.Equal(1, inexact.Count);

        MotionFill.Apply(before, after, [Scroll], Whole, inexact, classes);

        Assert.Equal(BlockClass.Skip, classes[column, row]);
        Assert.InRange(classes.Count(BlockClass.Copy0), filled.Count(BlockClass.Copy0) - 3, filled.Count(BlockClass.Copy0) - 1);
    }

    [Theory]
    [InlineData(3, false)]
    [InlineData(4, true)]
    public void Apply_FewBlocksMoved_NothingFollowsThem(int moved, bool follows)
    {
        var frame = new DrawnFrame(Size);
        var classes = new BlockClasses();
        classes.Reset(Size);
        for (int i = 0; i < moved; i++) classes[i, 1] = BlockClass.Copy1;

        MotionFill.Apply(frame, frame.CopyWith(), [new MotionVector(1, 1), new MotionVector(3, 5)], Whole, Exact(), classes);

        Assert.Equal(follows ? BlockClass.Copy1 : BlockClass.Skip, classes[5, 5]);
        Assert.Equal(BlockClass.Skip, classes[8, 0]);
    }

    [Fact]
    public void Show_PageThatScrolls_TakesFewBytes()
    {
        using var pair = new CodecPair();
        (DrawnFrame before, DrawnFrame after, _) = ScrolledPage();
        pair.Wish = pair.Wish with { Lossless = true };
        pair.Show(before);
        long first = pair.Bytes;

        pair.Show(after);

        pair.AssertAgree();
        Assert.True(pair.IsExact);
        Assert.InRange(pair.Bytes - first, 1, 300);
    }

    private static PictureRegion Whole => PictureRegion.Of(Size, null);

    /// <summary>Sparse lines on paper, moved up; the lowest rows are new.</summary>
    private static (DrawnFrame Before, DrawnFrame After, BlockClasses Classes) ScrolledPage()
    {
        var before = new DrawnFrame(Size);
        PaintedContent.Fill(before, new PixelRect(0, 0, Size.Width, Size.Height), 255, 255, 255);
        for (int y = 4; y < Size.Height - 14; y += 30) PaintedContent.Letters(before, new PixelRect(4 + y / 3, y, 120, 13), y);
        DrawnFrame after = before.CopyWith();
        DrawnScript.Shift(after, new PixelRect(0, Scroll.Dy, Size.Width, Size.Height - Scroll.Dy), 0, -Scroll.Dy);
        after = after.CopyWith(new PixelRect(0, 0, Size.Width, Size.Height));
        var moved = new BlockMap();
        moved.Reset(Size);
        DamageScan.Compare(before, after, moved);
        var classes = new BlockClasses();
        classes.Reset(Size);
        MotionMark.Mark(before, after, moved, [Scroll], classes);
        return (before, after, classes);
    }

    private static bool IsCopy(DrawnFrame before, DrawnFrame after, int column, int row)
    {
        PixelRect block = TileGrid.Block(Size, column, row);
        for (int y = block.Y; y < block.Bottom; y++)
        {
            if (!after.Pixels.Slice(y * after.Stride + block.X * 4, block.Width * 4)
                    .SequenceEqual(before.Pixels.Slice((y + Scroll.Dy) * before.Stride + (block.X + Scroll.Dx) * 4, block.Width * 4))) return false;
        }

        return true;
    }

    private static BlockClasses Copy(BlockClasses classes)
    {
        var copy = new BlockClasses();
        copy.Reset(classes.Size);
        for (int row = 0; row < classes.Rows; row++) classes.Row(row).CopyTo(copy.Row(row));
        return copy;
    }

    private static InexactBlocks Exact()
    {
        var exact = new InexactBlocks();
        exact.Reset(Size);
        var all = new BlockClasses();
        all.Reset(Size);
        for (int row = 0; row < all.Rows; row++) all.Row(row).Fill(BlockClass.Context);
        var tiles = new TileMap();
        tiles.Reset(Size);
        exact.Apply(all, tiles.Kinds, default);
        return exact;
    }
}
