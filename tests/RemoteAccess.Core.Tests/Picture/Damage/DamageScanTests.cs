using RemoteAccess.Picture;

namespace RemoteAccess.Tests;

public sealed class DamageScanTests
{
    [Theory]
    [InlineData(1, 1, 0)]
    [InlineData(7, 9, 4)]
    [InlineData(8, 8, 0)]
    [InlineData(65, 33, 12)]
    [InlineData(640, 203, 64)]
    public void Compare_RandomChanges_MarksExactlyTheBlocksThatDiffer(int width, int height, int slack)
    {
        var random = new Random(width * 31 + height);
        for (int round = 0; round < 50; round++)
        {
            var before = new DrawnFrame(new PixelSize(width, height), slack);
            before.Scribble(random, new PixelRect(0, 0, width, height));
            DrawnFrame after = before.CopyWith(new PixelRect(0, 0, width, height));
            for (int i = random.Next(4); i > 0; i--) after.Scribble(random, new PixelRect(random.Next(width), random.Next(height), 1, 1));

            var map = new BlockMap();
            map.Reset(after.Size);
            bool any = DamageScan.Compare(before, after, map);

            bool expectedAny = false;
            for (int row = 0; row < map.Rows; row++)
                for (int column = 0; column < map.Columns; column++)
                {
                    bool differs = Differs(before, after, map.Block(column, row));
                    Assert.Equal(differs, map[column, row]);
                    expectedAny |= differs;
                }

            Assert.Equal(expectedAny, any);
        }
    }

    [Fact]
    public void Compare_ChangeOutsideTheHints_IsNotLookedAt()
    {
        var before = new DrawnFrame(new PixelSize(64, 64));
        DrawnFrame after = before.CopyWith(new PixelRect(0, 0, 16, 16));
        after.Writable[(40 * after.Stride) + 160] = 1;
        var map = new BlockMap();
        map.Reset(after.Size);

        Assert.False(DamageScan.Compare(before, after, map));
    }

    [Theory]
    [InlineData(1, 1, 0)]
    [InlineData(9, 17, 4)]
    [InlineData(64, 8, 0)]
    [InlineData(201, 77, 20)]
    [InlineData(1366, 40, 8)]
    public void Compare_EveryPathAndOverlappingHints_MarksTheDifferingBlocksTheHintsTouch(int width, int height, int slack)
    {
        var random = new Random(width + height);
        for (int round = 0; round < 30; round++)
        {
            var before = new DrawnFrame(new PixelSize(width, height), slack);
            before.Scribble(random, new PixelRect(0, 0, width, height));
            PixelRect[] hints = [.. Enumerable.Range(0, random.Next(1, 20)).Select(_ => RandomArea(random, before.Size))];
            DrawnFrame after = before.CopyWith(hints);
            for (int i = random.Next(30); i > 0; i--) after.Scribble(random, new PixelRect(random.Next(width), random.Next(height), 1, 1));

            var map = new BlockMap();
            bool any = Scan(before, after, map, DamageScan.Compare);
            bool expectedAny = false;
            for (int row = 0; row < map.Rows; row++)
            {
                for (int column = 0; column < map.Columns; column++)
                {
                    PixelRect block = map.Block(column, row);
                    bool expected = hints.Any(hint => !hint.Intersect(block).IsEmpty) && Differs(before, after, block);
                    Assert.Equal(expected, map[column, row]);
                    expectedAny |= expected;
                }
            }

            Assert.Equal(expectedAny, any);
            foreach (var path in (Func<ScreenFrame, ScreenFrame, BlockMap, bool>[])[DamageScan.Compare<BlockComparison512>, DamageScan.Compare<BlockComparison256>, DamageScan.Compare<BlockComparison128>, DamageScan.Compare<BlockComparisonScalar>])
            {
                var other = new BlockMap();
                Assert.Equal(any, Scan(before, after, other, path));
                for (int row = 0; row < map.Rows; row++) Assert.Equal(map.Row(row), other.Row(row));
            }
        }
    }

    [Fact]
    public void Compare_MapOfAnotherSize_IsRefused()
    {
        var frame = new DrawnFrame(new PixelSize(64, 64));
        var map = new BlockMap();
        map.Reset(new PixelSize(64, 72));

        Assert.Throws<ArgumentException>(() => DamageScan.Compare(frame, frame, map));
    }

    [Fact]
    public void SetAround_RandomAreas_SetsTheBlocksTheyTouch()
    {
        var random = new Random(3);
        var map = new BlockMap();
        for (int round = 0; round < 200; round++)
        {
            map.Reset(new PixelSize(random.Next(1, 300), random.Next(1, 60)));
            PixelRect area = RandomArea(random, map.Size);
            map.SetAround(area);
            for (int row = 0; row < map.Rows; row++)
            {
                for (int column = 0; column < map.Columns; column++) Assert.Equal(!map.Block(column, row).Intersect(area).IsEmpty, map[column, row]);
            }
        }
    }

    [Fact]
    public void SetAll_OddWidth_SetsNoBitBeyondThePicture()
    {
        var map = new BlockMap();
        map.Reset(new PixelSize(8 * 11 + 1, 20));
        map.SetAll();

        Assert.Equal(12 * 3, map.Count(0, map.Rows));
    }

    private static bool Scan(DrawnFrame before, DrawnFrame after, BlockMap map, Func<ScreenFrame, ScreenFrame, BlockMap, bool> path)
    {
        map.Reset(after.Size);
        return path(before, after, map);
    }

    private static PixelRect RandomArea(Random random, PixelSize size)
    {
        int x = random.Next(size.Width), y = random.Next(size.Height);
        return new PixelRect(x, y, random.Next(1, size.Width - x + 1), random.Next(1, size.Height - y + 1));
    }

    private static bool Differs(DrawnFrame before, DrawnFrame after, PixelRect block)
    {
        for (int y = block.Y; y < block.Bottom; y++)
        {
            int at = y * before.Stride + block.X * 4;
            if (!before.Pixels.Slice(at, block.Width * 4).SequenceEqual(after.Pixels.Slice(at, block.Width * 4))) return true;
        }

        return false;
    }
}
