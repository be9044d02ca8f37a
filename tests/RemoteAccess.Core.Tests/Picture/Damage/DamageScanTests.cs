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

    [Fact]
    public void SetAll_OddWidth_SetsNoBitBeyondThePicture()
    {
        var map = new BlockMap();
        map.Reset(new PixelSize(8 * 11 + 1, 20));
        map.SetAll();

        Assert.Equal(12 * 3, map.Count(0, map.Rows));
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
