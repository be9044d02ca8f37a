using RemoteAccess.Picture;

namespace RemoteAccess.Tests;

/// <summary>What is known by how it changes.</summary>
public sealed class TileClassifierVideoTests
{
    private static readonly PixelSize Size = new(320, 256);
    private static readonly PixelRect Whole = new(0, 0, 320, 256);

    private readonly TileClassifier classifier = new();
    private readonly BlockMap damage = new();
    private readonly BlockClasses classes = new();
    private readonly TileKind[] kinds = new TileKind[5 * 4];
    private long now = 5_000_000;

    public TileClassifierVideoTests() => classifier.Reset(Size);

    [Fact]
    public void Classify_GrassInAVideo_IsLossyOnceItProvedToBeVideo()
    {
        for (int i = 0; i < 40; i++)
        {
            ClassifyVideo(Grass(i), i == 0 ? null : Grass(i - 1));
            if (i < 10) Assert.All(kinds, kind => Assert.Equal(TileKind.Text, kind));
        }

        Assert.All(kinds, kind => Assert.Equal(TileKind.NaturalLossy, kind));
    }

    [Theory]
    [InlineData("coverage-gray")]
    [InlineData("coverage-subpixel")]
    public void Classify_TextBeforeGrassInAVideo_IsNeverLossy(string coverage)
    {
        (PixelSize size, byte[] rgb) = PaintedContent.Coverage(coverage);
        DrawnFrame? previous = null;
        for (int i = 0; i < 40; i++)
        {
            DrawnFrame frame = Grass(i);
            PaintedContent.Text(frame, coverage, 50, 60, (255, 255, 255));
            ClassifyVideo(frame, previous);
            previous = frame;
            for (int at = 0; at < rgb.Length; at += 3)
            {
                if (rgb[at + 1] > 64) Assert.NotEqual(TileKind.NaturalLossy, kinds[(60 + at / 3 / size.Width) / 64 * 5 + (50 + at / 3 % size.Width) / 64]);
            }
        }

        Assert.Contains(TileKind.NaturalLossy, kinds);
    }

    [Theory]
    [InlineData(4, true)]
    [InlineData(1, false)]
    public void Classify_GrassOfWhichColumnsMoved_IsScrollingIfTheyAreHalf(int moved, bool scrolls)
    {
        for (int i = 0; i < 40; i++)
        {
            damage.Reset(Size);
            damage.SetAll();
            classes.Reset(Size);
            for (int row = 0; row < classes.Rows; row++)
            {
                for (int column = 0; column < classes.Columns; column++)
                    if (column % 8 < moved) classes[column, row] = BlockClass.Copy0;
            }

            classifier.Classify(i == 0 ? null : Grass(i - 1), Grass(i), damage, classes, now += 50_000, kinds);
        }

        Assert.All(kinds, kind => Assert.Equal(scrolls ? TileKind.Text : TileKind.NaturalLossy, kind));
    }

    [Fact]
    public void Classify_SlopeOfColoursThatKeepsChanging_IsLossyOnceItProvedToBeVideo()
    {
        for (int i = 0; i < 20; i++)
        {
            ClassifyVideo(Slope(i), i == 0 ? null : Slope(i - 1));
            Assert.All(kinds, kind => Assert.Equal(i < 10 ? TileKind.Text : TileKind.NaturalLossy, kind));
        }
    }

    [Fact]
    public void Classify_RimOfAVideoInTheNextTiles_IsLossyWithIt()
    {
        // Ten pixels of it lie in the tiles to the right.
        var area = new PixelRect(64, 64, 138, 128);
        DrawnFrame? previous = null;
        for (int i = 0; i < 30; i++)
        {
            DrawnFrame frame = Flat();
            PaintedContent.Photo(frame, area, 5, i * 0.4);
            damage.Reset(Size);
            damage.SetAround(area);
            classes.Reset(Size);
            classifier.Classify(previous, frame, damage, classes, now += 50_000, kinds);
            previous = frame;
        }

        Assert.Equal([6, 7, 8, 11, 12, 13], Enumerable.Range(0, kinds.Length).Where(tile => kinds[tile] == TileKind.NaturalLossy));
    }

    [Fact]
    public void Classify_LittleThatChangesByItself_IsText()
    {
        DrawnFrame? previous = null;
        for (int i = 0; i < 30; i++)
        {
            DrawnFrame frame = Flat();
            PaintedContent.Photo(frame, new PixelRect(72, 72, 16, 16), 5, i);
            damage.Reset(Size);
            damage.SetAround(new PixelRect(72, 72, 16, 16));
            classes.Reset(Size);
            classifier.Classify(previous, frame, damage, classes, now += 50_000, kinds);
            previous = frame;
            Assert.Equal(TileKind.Text, kinds[6]);
        }
    }

    private static DrawnFrame Photo(int seed)
    {
        var frame = new DrawnFrame(Size);
        PaintedContent.Photo(frame, Whole, 77, seed * 0.4);
        return frame;
    }

    private static DrawnFrame Flat()
    {
        var frame = new DrawnFrame(Size);
        PaintedContent.Fill(frame, Whole, 90, 120, 160);
        return frame;
    }

    /// <summary>Colours that go from one side to the other, each a dozen pixels wide, elsewhere in each frame.</summary>
    private static DrawnFrame Slope(int time)
    {
        var frame = new DrawnFrame(Size);
        for (int y = 0; y < Size.Height; y++)
        {
            for (int x = 0; x < Size.Width; x++)
            {
                Span<byte> pixel = frame.Writable.Slice(y * frame.Stride + x * 4, 3);
                for (int channel = 0; channel < 3; channel++) pixel[channel] = (byte)(60 + (x + y * (channel + 1) + time * 7) / 12);
            }
        }

        return frame;
    }

    /// <summary>A photo with fine bright lines, all of it elsewhere in each frame.</summary>
    private static DrawnFrame Grass(int time)
    {
        DrawnFrame frame = Photo(time);
        var random = new Random(time);
        for (int y = 2; y < Size.Height - 4; y += 6)
        {
            for (int x = random.Next(8); x < Size.Width - 8; x += 8 + random.Next(6))
            {
                for (int i = 0; i < 4; i++)
                {
                    Span<byte> pixel = frame.Writable.Slice((y + i) * frame.Stride + (x + i / 2) * 4, 3);
                    for (int channel = 0; channel < 3; channel++) pixel[channel] = (byte)Math.Min(255, pixel[channel] + 60);
                }
            }
        }

        return frame;
    }

    private void ClassifyVideo(DrawnFrame frame, DrawnFrame? previous)
    {
        damage.Reset(Size);
        damage.SetAll();
        classes.Reset(Size);
        classifier.Classify(previous, frame, damage, classes, now += 50_000, kinds);
    }
}
