using RemoteAccess.Picture;

namespace RemoteAccess.Tests;

/// <summary>Each block of a tile of text goes to the coder that is made for it, and both sides know which.</summary>
public sealed class CoderChoiceTests
{
    private static readonly PixelSize Size = new(192, 128);

    // Beside a window, as when it is dragged over a wallpaper: narrower than what would make the tile natural.
    private static readonly PixelRect Strip = new(104, 24, 16, 80);

    [Fact]
    public void Apply_StripOfPhotoBesideLetters_StripAloneIsNatural()
    {
        DrawnFrame frame = WindowOverPhoto();
        (BlockClasses classes, TileMap tiles) = Text(frame);

        CoderChoice.Apply(frame, classes, tiles);

        Assert.Equal([TileKind.Text, TileKind.NaturalLossless, TileKind.Text, TileKind.Text, TileKind.NaturalLossless, TileKind.Text], tiles.Kinds.ToArray());
        for (int row = 0; row < classes.Rows; row++)
        {
            for (int column = 0; column < classes.Columns; column++)
            {
                PixelRect block = TileGrid.Block(Size, column, row);
                bool isStrip = block.X >= Strip.X && block.Right <= Strip.Right && block.Y >= Strip.Y && block.Bottom <= Strip.Bottom;
                Assert.Equal(isStrip ? BlockClass.Natural : BlockClass.Context, classes[column, row]);
            }
        }
    }

    [Fact]
    public void Apply_OneSpeckOfPhoto_LeavesTheTileAlone()
    {
        var frame = new DrawnFrame(Size);
        PaintedContent.Letters(frame, new PixelRect(0, 0, Size.Width, Size.Height), 3);
        PaintedContent.Photo(frame, new PixelRect(80, 32, 8, 8), 5);
        (BlockClasses classes, TileMap tiles) = Text(frame);

        CoderChoice.Apply(frame, classes, tiles);

        Assert.True(tiles.Kinds.IndexOfAnyExcept(TileKind.Text) < 0);
    }

    [Theory]
    [InlineData(8, 24, true)]
    [InlineData(7, 24, false)]
    [InlineData(8, 25, false)]
    public void Apply_BlocksWithNewPixels_AreNaturalFromEightNearOnesOn(int dots, byte apart, bool isNatural)
    {
        var frame = new DrawnFrame(Size);
        PaintedContent.Fill(frame, new PixelRect(0, 0, Size.Width, Size.Height), 100, 100, 100);
        for (int block = 0; block < 8; block++) Dots(frame, block, dots, (byte)(100 + apart));

        (BlockClasses classes, TileMap tiles) = Text(frame);

        CoderChoice.Apply(frame, classes, tiles);

        Assert.Equal(isNatural ? TileKind.NaturalLossless : TileKind.Text, tiles.Kinds[1]);
        Assert.True(classes.Row(4)[8..16].IndexOfAnyExcept(isNatural ? BlockClass.Natural : BlockClass.Context) < 0);
    }

    /// <summary>Letters of soft edges on a ground of one colour are for the context coder, unless so much of a tile is like that that it is a picture.</summary>
    [Theory]
    [InlineData(2, 12, true)]
    [InlineData(2, 13, false)]
    [InlineData(5, 13, false)]
    [InlineData(6, 13, true)]
    public void Apply_BlocksWithAGround_AreNaturalOnlyAmongMany(int blocks, int ground, bool isNatural)
    {
        var frame = new DrawnFrame(Size);
        PaintedContent.Fill(frame, new PixelRect(0, 0, Size.Width, Size.Height), 100, 100, 100);
        for (int block = 0; block < blocks; block++)
        {
            // Of the 64 pixels 16 are dots, and 16 have none to the left or above; a dot on one of those takes it away.
            Dots(frame, block, 16, 110);
            for (int extra = 0; extra < 16 - ground; extra++)
                PaintedContent.Fill(frame, new PixelRect(64 + 8 * block + 1 + 2 * (extra % 3), 33 + 2 * (extra / 3), 1, 1), 120, 100, 100);
        }

        (BlockClasses classes, TileMap tiles) = Text(frame);

        CoderChoice.Apply(frame, classes, tiles);

        Assert.Equal(isNatural ? TileKind.NaturalLossless : TileKind.Text, tiles.Kinds[1]);
        Assert.True(classes.Row(4)[8..(8 + blocks)].IndexOfAnyExcept(isNatural ? BlockClass.Natural : BlockClass.Context) < 0);
    }

    /// <summary>A sky: few new pixels, none far from its neighbours. Of its own only where it is three eighths of the tile.</summary>
    [Theory]
    [InlineData(24, 0, 110, true)]
    [InlineData(23, 0, 110, false)]
    [InlineData(16, 6, 110, true)]
    [InlineData(16, 5, 110, false)]
    [InlineData(24, 0, 125, false)]
    public void Apply_SoftBlocks_AreNaturalAmongManyOrWhereTheyAreEnough(int soft, int natural, byte colour, bool isNatural)
    {
        var frame = new DrawnFrame(Size);
        PaintedContent.Fill(frame, new PixelRect(0, 0, Size.Width, Size.Height), 100, 100, 100);
        for (int block = 0; block < soft; block++) PaintedContent.Fill(frame, new PixelRect(66 + 8 * (block % 8), 10 + 8 * (block / 8), 1, 1), colour, 100, 100);
        for (int block = 0; block < natural; block++) Dots(frame, block, 16, 110);

        (BlockClasses classes, TileMap tiles) = Text(frame);

        CoderChoice.Apply(frame, classes, tiles);

        Assert.Equal(isNatural ? BlockClass.Natural : BlockClass.Context, classes[9, 1]);
        Assert.Equal(BlockClass.Context, classes[9, 7]);
    }

    [Theory]
    [InlineData(7, true)]
    [InlineData(6, false)]
    public void Apply_BlocksWithNewPixelsOfBothSorts_AreNaturalIfSevenOfTenAreNear(int near, bool isNatural)
    {
        var frame = new DrawnFrame(Size);
        PaintedContent.Fill(frame, new PixelRect(0, 0, Size.Width, Size.Height), 100, 100, 100);
        for (int block = 0; block < 8; block++)
        {
            Dots(frame, block, 10, 200);
            Dots(frame, block, near, 110);
        }

        (BlockClasses classes, TileMap tiles) = Text(frame);

        CoderChoice.Apply(frame, classes, tiles);

        Assert.True(classes.Row(4)[8..16].IndexOfAnyExcept(isNatural ? BlockClass.Natural : BlockClass.Context) < 0);
    }

    /// <summary>A photograph as large as the picture has no margin of pixels that nothing is known about: each costs the context coder ten times what others do.</summary>
    [Theory]
    [InlineData(192, 128)]
    [InlineData(203, 133)]
    [InlineData(65, 9)]
    [InlineData(9, 65)]
    [InlineData(16, 9)]
    public void Apply_PhotoUpToThePicturesEdges_IsNaturalThere(int width, int height)
    {
        var frame = new DrawnFrame(new PixelSize(width, height));
        PaintedContent.Photo(frame, new PixelRect(0, 0, width, height), 5);
        (BlockClasses classes, TileMap tiles) = Text(frame);

        CoderChoice.Apply(frame, classes, tiles);

        Assert.Equal(classes.Columns * classes.Rows, classes.Count(BlockClass.Natural));
        Assert.True(tiles.Kinds.IndexOfAnyExcept(TileKind.NaturalLossless) < 0);
    }

    [Theory]
    [InlineData(8, 64)]
    [InlineData(64, 8)]
    [InlineData(1, 1)]
    public void Apply_PictureOfOneBlocksWidthOrHeight_LeavesAllToTheContextCoder(int width, int height)
    {
        var frame = new DrawnFrame(new PixelSize(width, height));
        PaintedContent.Photo(frame, new PixelRect(0, 0, width, height), 5);
        (BlockClasses classes, TileMap tiles) = Text(frame);

        CoderChoice.Apply(frame, classes, tiles);

        Assert.Equal(classes.Columns * classes.Rows, classes.Count(BlockClass.Context));
    }

    [Fact]
    public void Apply_TilesThatAreNotText_AreNotLookedAt()
    {
        DrawnFrame frame = WindowOverPhoto();
        (BlockClasses classes, TileMap tiles) = Text(frame);
        tiles.Kinds.Fill(TileKind.NaturalLossy);

        CoderChoice.Apply(frame, classes, tiles);

        Assert.True(tiles.Kinds.IndexOfAnyExcept(TileKind.NaturalLossy) < 0);
        for (int row = 0; row < classes.Rows; row++) Assert.True(classes.Row(row).IndexOfAnyExcept(BlockClass.Context) < 0);
    }

    [Fact]
    public void Show_StripOfPhotoBesideLetters_ArrivesExactlyWithBothCoders()
    {
        using var pair = new CodecPair();
        var plain = new DrawnFrame(Size);
        PaintedContent.Letters(plain, new PixelRect(0, 0, Size.Width, Size.Height), 1);
        pair.Show(plain);

        pair.Show(WindowOverPhoto());

        Assert.Contains(TileKind.NaturalLossless, pair.Plan.Tiles.Kinds.ToArray());
        Assert.Contains(BlockClass.Context, pair.Plan.Classes.Row(8)[8..16].ToArray());
        Assert.Contains(BlockClass.Natural, pair.Plan.Classes.Row(8)[8..16].ToArray());
        pair.AssertAgree();
        Assert.True(pair.IsExact);
    }

    /// <summary>A dot differs from its left and upper neighbour, and no other pixel differs from both. Block 0 is the first of the second tile's fifth row.</summary>
    private static void Dots(DrawnFrame frame, int block, int count, byte blue)
    {
        for (int dot = 0; dot < count; dot++) PaintedContent.Fill(frame, new PixelRect(64 + 8 * block + 2 * (dot % 4), 32 + 2 * (dot / 4), 1, 1), blue, 100, 100);
    }

    private static DrawnFrame WindowOverPhoto()
    {
        var frame = new DrawnFrame(Size);
        PaintedContent.Letters(frame, new PixelRect(0, 0, Size.Width, Size.Height), 3);
        PaintedContent.Photo(frame, Strip, 5);
        return frame;
    }

    /// <summary>Everything coded, and all of it text.</summary>
    private static (BlockClasses Classes, TileMap Tiles) Text(DrawnFrame frame)
    {
        var classes = new BlockClasses();
        classes.Reset(frame.Size);
        for (int row = 0; row < classes.Rows; row++) classes.Row(row).Fill(BlockClass.Context);
        var tiles = new TileMap();
        tiles.Reset(frame.Size);
        tiles.Kinds.Fill(TileKind.Text);
        return (classes, tiles);
    }
}
