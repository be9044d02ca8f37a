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
        // A dot differs from its left and upper neighbour, and no other pixel differs from both.
        for (int block = 0; block < 2; block++)
        {
            for (int dot = 0; dot < dots; dot++)
                PaintedContent.Fill(frame, new PixelRect(80 + 8 * block + 2 * (dot % 4), 32 + 2 * (dot / 4), 1, 1), (byte)(100 + apart), 100, 100);
        }

        (BlockClasses classes, TileMap tiles) = Text(frame);

        CoderChoice.Apply(frame, classes, tiles);

        Assert.Equal(isNatural ? TileKind.NaturalLossless : TileKind.Text, tiles.Kinds[1]);
        Assert.Equal(isNatural ? BlockClass.Natural : BlockClass.Context, classes[10, 4]);
        Assert.Equal(isNatural ? BlockClass.Natural : BlockClass.Context, classes[11, 4]);
    }

    [Theory]
    [InlineData(7, true)]
    [InlineData(6, false)]
    public void Apply_BlocksWithNewPixelsOfBothSorts_AreNaturalIfSevenOfTenAreNear(int near, bool isNatural)
    {
        var frame = new DrawnFrame(Size);
        PaintedContent.Fill(frame, new PixelRect(0, 0, Size.Width, Size.Height), 100, 100, 100);
        for (int block = 0; block < 2; block++)
        {
            for (int dot = 0; dot < 10; dot++)
                PaintedContent.Fill(frame, new PixelRect(80 + 8 * block + 2 * (dot % 4), 32 + 2 * (dot / 4), 1, 1), (byte)(dot < near ? 110 : 200), 100, 100);
        }

        (BlockClasses classes, TileMap tiles) = Text(frame);

        CoderChoice.Apply(frame, classes, tiles);

        BlockClass expected = isNatural ? BlockClass.Natural : BlockClass.Context;
        Assert.Equal((expected, expected), (classes[10, 4], classes[11, 4]));
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
