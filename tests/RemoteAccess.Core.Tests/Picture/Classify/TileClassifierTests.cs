using RemoteAccess.Picture;

namespace RemoteAccess.Tests;

public sealed class TileClassifierTests
{
    private static readonly PixelSize Size = new(320, 256);
    private static readonly PixelRect Whole = new(0, 0, 320, 256);

    private readonly TileClassifier classifier = new();
    private readonly BlockMap damage = new();
    private readonly BlockClasses classes = new();
    private readonly TileKind[] kinds = new TileKind[5 * 4];
    private long now = 5_000_000;

    public TileClassifierTests() => classifier.Reset(Size);

    [Fact]
    public void Classify_PhotoBesideOtherThings_IsLosslessOnceThenLossy()
    {
        ClassifySmallPhoto(1);
        Assert.All(SmallPhoto, tile => Assert.Equal(TileKind.NaturalLossless, kinds[tile]));

        ClassifySmallPhoto(2);
        Assert.All(SmallPhoto, tile => Assert.Equal(TileKind.NaturalLossy, kinds[tile]));
        Assert.Equal(damage.Count(0, damage.Rows), classes.Count(BlockClass.Natural));
    }

    [Fact]
    public void Classify_LargePhoto_IsLossyAtOnceWhereItIsAllAround()
    {
        DrawnFrame frame = Photo(1);
        PaintedContent.Letters(frame, new PixelRect(0, 0, 64, 64), 1);

        Classify(frame);

        Assert.Equal([0, 1, 5, 6], Enumerable.Range(0, kinds.Length).Where(tile => kinds[tile] == TileKind.Text));
        Assert.Equal([2, 7, 10, 11, 12], Enumerable.Range(0, kinds.Length).Where(tile => kinds[tile] == TileKind.NaturalLossless));
    }

    [Fact]
    public void Classify_Reset_ForgetsThatItWasNatural()
    {
        ClassifySmallPhoto(1);
        classifier.Reset(Size);
        ClassifySmallPhoto(2);

        Assert.All(SmallPhoto, tile => Assert.Equal(TileKind.NaturalLossless, kinds[tile]));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Classify_LettersAndSurfaces_AreText(bool gradient)
    {
        for (int round = 0; round < 3; round++)
        {
            var frame = new DrawnFrame(Size);
            if (gradient) PaintedContent.Gradient(frame, Whole);
            else PaintedContent.Letters(frame, Whole, round);
            Assert.All(Classify(frame), kind => Assert.Equal(TileKind.Text, kind));
            Assert.Equal(damage.Count(0, damage.Rows), classes.Count(BlockClass.Context));
        }
    }

    public static TheoryData<string, byte, byte, byte> Texts
    {
        get
        {
            var data = new TheoryData<string, byte, byte, byte>();
            foreach (string coverage in (string[])["coverage-gray", "coverage-subpixel"])
            {
                foreach ((byte, byte, byte) colour in ((byte, byte, byte)[])[(255, 255, 255), (0, 0, 0), (40, 60, 230), (230, 120, 20)]) data.Add(coverage, colour.Item1, colour.Item2, colour.Item3);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Texts))]
    public void Classify_RealTextOverAMovingPhoto_LosesNoPixelOfIt(string coverage, byte blue, byte green, byte red)
    {
        (PixelSize size, byte[] rgb) = PaintedContent.Coverage(coverage);
        for (int round = 0; round < 12; round++)
        {
            DrawnFrame frame = Photo(round);
            (int atX, int atY) = (round * 11, round * 10);
            PaintedContent.Text(frame, coverage, atX, atY, (blue, green, red));
            Classify(frame);
            int lost = 0, all = 0;
            for (int i = 0; i < rgb.Length; i += 3)
            {
                if (Math.Max(rgb[i], Math.Max(rgb[i + 1], rgb[i + 2])) < 64) continue;
                all++;
                if (kinds[(atY + i / 3 / size.Width) / 64 * 5 + (atX + i / 3 % size.Width) / 64] == TileKind.NaturalLossy) lost++;
            }

            Assert.True(all > 1000);
            Assert.Equal(0, lost);
        }
    }

    [Fact]
    public void Classify_OneWordOnAPhoto_MakesTextOfItsTilesOnly()
    {
        Classify(Photo(1));
        DrawnFrame frame = Photo(2);
        PaintedContent.Letters(frame, new PixelRect(150, 100, 30, 16), 1);

        Classify(frame);

        Assert.Equal(TileKind.Text, kinds[1 * 5 + 2]);
        Assert.Equal(TileKind.NaturalLossy, kinds[0]);
        Assert.Equal(TileKind.NaturalLossy, kinds[3 * 5 + 4]);
    }

    [Fact]
    public void Classify_LetterJustOverTheBorder_HoldsTheTileBesideIt()
    {
        Classify(Photo(1));
        DrawnFrame frame = Photo(2);
        PaintedContent.Letters(frame, new PixelRect(128, 70, 30, 16), 1);

        Classify(frame);

        Assert.Equal(TileKind.Text, kinds[1 * 5 + 1]);
        Assert.Equal(TileKind.NaturalLossy, kinds[1 * 5 + 0]);
    }

    [Fact]
    public void Classify_SoonAfterText_StaysLossless()
    {
        var text = new DrawnFrame(Size);
        PaintedContent.Letters(text, Whole, 1);
        Classify(text);
        for (int i = 0; i < 4; i++) Assert.All(Classify(Photo(i)), kind => Assert.Equal(TileKind.NaturalLossless, kind));
        now += 400_000;

        Assert.All(Classify(Photo(9)), kind => Assert.Equal(TileKind.NaturalLossy, kind));
    }

    [Fact]
    public void Classify_CopiedBlocks_AreNeitherLookedAtNorMarked()
    {
        var frame = new DrawnFrame(Size);
        PaintedContent.Letters(frame, Whole, 1);
        PaintedContent.Photo(frame, new PixelRect(0, 0, 64, 64), 3);
        damage.Reset(Size);
        damage.SetAll();
        classes.Reset(Size);
        for (int row = 0; row < classes.Rows; row++)
        {
            for (int column = 0; column < classes.Columns; column++)
            {
                if (column >= 8 || row >= 8) classes[column, row] = BlockClass.Copy2;
            }
        }

        classifier.Classify(null, frame, damage, classes, now, kinds);

        Assert.Equal(TileKind.NaturalLossless, kinds[0]);
        Assert.All(kinds[1..], kind => Assert.Equal(TileKind.None, kind));
        Assert.Equal((64, 0), (classes.Count(BlockClass.Natural), classes.Count(BlockClass.Context)));
    }

    [Fact]
    public void Classify_VideoWithinAStillPage_IsNotHeldByItsBorder()
    {
        var area = new PixelRect(40, 40, 200, 152);
        for (int i = 0; i < 3; i++)
        {
            var frame = new DrawnFrame(Size);
            PaintedContent.Letters(frame, Whole, 1);
            PaintedContent.Photo(frame, area, 5, i);
            damage.Reset(Size);
            damage.SetAround(area);
            classes.Reset(Size);
            classifier.Classify(null, frame, damage, classes, now += 40_000, kinds);
        }

        Assert.Equal(area.Area / 64, classes.Count(BlockClass.Natural));
        Assert.Equal(12, kinds.Count(kind => kind == TileKind.NaturalLossy));
    }

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

    [Fact]
    public void Classify_LittleDamage_IsText()
    {
        DrawnFrame frame = Photo(1);
        damage.Reset(Size);
        damage.SetAround(new PixelRect(8, 8, 16, 8));
        classes.Reset(Size);
        classifier.Classify(null, frame, damage, classes, now, kinds);

        Assert.Equal(TileKind.Text, kinds[0]);
        Assert.Equal(2, classes.Count(BlockClass.Context));
    }

    [Fact]
    public void Classify_EveryPath_SaysTheSame()
    {
        var random = new Random(4);
        for (int round = 0; round < 20; round++)
        {
            DrawnFrame frame = Photo(round);
            for (int i = random.Next(6); i > 0; i--) PaintedContent.Letters(frame, new PixelRect(random.Next(250), random.Next(200), random.Next(70), random.Next(56)), round);
            damage.Reset(Size);
            damage.SetAround(new PixelRect(random.Next(160), random.Next(128), random.Next(1, 160), random.Next(1, 128)));
            TileKind[] expected = Run(frame, (fresh, kinds) => fresh.Classify<PixelTestsScalar>(null, frame, damage, classes, 0, kinds));
            Assert.Equal(expected, Run(frame, (fresh, kinds) => fresh.Classify<PixelTests128>(null, frame, damage, classes, 0, kinds)));
            Assert.Equal(expected, Run(frame, (fresh, kinds) => fresh.Classify<PixelTests256>(null, frame, damage, classes, 0, kinds)));
            Assert.Equal(expected, Run(frame, (fresh, kinds) => fresh.Classify<PixelTests512>(null, frame, damage, classes, 0, kinds)));
        }
    }

    [Fact]
    public void Classify_EachFrame_AllocatesNothing()
    {
        DrawnFrame frame = Photo(1);
        PaintedContent.Letters(frame, new PixelRect(100, 100, 90, 90), 2);
        long before = 0;
        for (int i = 0; i < 300; i++)
        {
            if (i == 200) before = GC.GetAllocatedBytesForCurrentThread();
            Classify(frame);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private TileKind[] Run(DrawnFrame frame, Action<TileClassifier, TileKind[]> classify)
    {
        var fresh = new TileClassifier();
        fresh.Reset(frame.Size);
        classes.Reset(frame.Size);
        var said = new TileKind[kinds.Length];
        classify(fresh, said);
        return said;
    }

    private static DrawnFrame Photo(int seed)
    {
        var frame = new DrawnFrame(Size);
        PaintedContent.Photo(frame, Whole, 77, seed * 0.4);
        return frame;
    }

    private static readonly int[] SmallPhoto = [6, 7, 11, 12];

    /// <summary>A photo that changes on a page that does not.</summary>
    private void ClassifySmallPhoto(int seed)
    {
        damage.Reset(Size);
        damage.SetAround(new PixelRect(64, 64, 128, 128));
        classes.Reset(Size);
        classifier.Classify(null, Photo(seed), damage, classes, now += 50_000, kinds);
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

    private TileKind[] Classify(DrawnFrame frame)
    {
        damage.Reset(Size);
        damage.SetAll();
        classes.Reset(Size);
        classifier.Classify(null, frame, damage, classes, now += 50_000, kinds);
        return kinds;
    }
}
