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

    private TileKind[] Classify(DrawnFrame frame)
    {
        damage.Reset(Size);
        damage.SetAll();
        classes.Reset(Size);
        classifier.Classify(null, frame, damage, classes, now += 50_000, kinds);
        return kinds;
    }
}
