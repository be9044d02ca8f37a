using RemoteAccess.Picture;

namespace RemoteAccess.Tests;

public sealed class MotionMarkTests
{
    [Theory]
    [InlineData(1, 1, 0)]
    [InlineData(20, 13, 4)]
    [InlineData(64, 64, 0)]
    [InlineData(139, 70, 12)]
    [InlineData(200, 47, 0)]
    public void Mark_AnySizeAndVectors_MarksExactlyTheBlocksThatMoved(int width, int height, int slack)
    {
        var random = new Random(width + height);
        int copies = 0;
        for (int round = 0; round < 60; round++)
        {
            var before = new DrawnFrame(new PixelSize(width, height), slack);
            Coarse(before, random);
            DrawnFrame after = before.CopyWith();
            MotionVector[] vectors = [.. Enumerable.Range(0, random.Next(1, 5)).Select(_ => new MotionVector((short)random.Next(-width, width), (short)random.Next(-height, height)))];
            foreach (MotionVector vector in vectors) Move(before, after, vector, random);
            var damage = new BlockMap();
            damage.Reset(after.Size);
            for (int row = 0; row < damage.Rows; row++)
            {
                for (int column = 0; column < damage.Columns; column++) if (random.Next(5) > 0) damage.Set(column, row);
            }

            var classes = new BlockClasses();
            classes.Reset(after.Size);
            MotionMark.Mark(before, after, damage, vectors, classes);
            for (int row = 0; row < damage.Rows; row++)
            {
                for (int column = 0; column < damage.Columns; column++)
                {
                    PixelRect block = damage.Block(column, row);
                    bool explained = damage[column, row] && vectors.Any(vector => Equal(before, after, block, vector));
                    Assert.Equal(explained, classes[column, row] != BlockClass.Skip);
                    if (explained) Assert.True(Equal(before, after, block, vectors[classes[column, row] - BlockClass.Copy0]));
                    if (explained) copies++;
                }
            }

            foreach (var path in (Path[])[MotionMark.Mark<BlockComparison512>, MotionMark.Mark<BlockComparison256>, MotionMark.Mark<BlockComparison128>, MotionMark.Mark<BlockComparisonScalar>])
            {
                var other = new BlockClasses();
                other.Reset(after.Size);
                path(before, after, damage, vectors, other);
                for (int row = 0; row < damage.Rows; row++) Assert.True(classes.Row(row).SequenceEqual(other.Row(row)));
            }
        }

        if (width > 20) Assert.True(copies > 100);
    }

    [Fact]
    public void Explains_AnyShareOnEveryPath_IsWhatMarkingTheSameRowsComesTo()
    {
        var random = new Random(4);
        for (int round = 0; round < 100; round++)
        {
            var before = new DrawnFrame(new PixelSize(random.Next(60, 300), random.Next(30, 200)));
            Coarse(before, random);
            DrawnFrame after = before.CopyWith();
            MotionVector[] vectors = [.. Enumerable.Range(0, random.Next(1, 5)).Select(_ => new MotionVector((short)random.Next(-60, 60), (short)random.Next(-30, 30)))];
            foreach (MotionVector vector in vectors) Move(before, after, vector, random);
            int step = random.Next(1, 5);
            BlockMap damage = new(), sampled = new();
            damage.Reset(after.Size);
            sampled.Reset(after.Size);
            for (int row = 0; row < damage.Rows; row++)
            {
                for (int column = 0; column < damage.Columns; column++)
                {
                    if (random.Next(3) == 0) continue;
                    damage.Set(column, row);
                    if (row % step == 0) sampled.Set(column, row);
                }
            }

            var classes = new BlockClasses();
            classes.Reset(after.Size);
            int explained = MotionMark.Mark(before, after, sampled, vectors, classes), damaged = sampled.Count(0, sampled.Rows);
            Assert.Equal(damaged, MotionMark.Damaged(damage, step));
            foreach (int least in (int[])[0, 1, explained - 1, explained, explained + 1, damaged, damaged + 1])
            {
                Assert.Equal(explained >= least, MotionMark.Explains(before, after, damage, vectors, step, least));
                foreach (var path in (Judge[])[MotionMark.Explains<BlockComparison512>, MotionMark.Explains<BlockComparison256>, MotionMark.Explains<BlockComparison128>, MotionMark.Explains<BlockComparisonScalar>])
                    Assert.Equal(explained >= least, path(before, after, damage, vectors, step, least));
            }
        }
    }

    private delegate bool Judge(ScreenFrame before, ScreenFrame after, BlockMap damage, ReadOnlySpan<MotionVector> vectors, int step, int least);

    private delegate int Path(ScreenFrame before, ScreenFrame after, BlockMap damage, ReadOnlySpan<MotionVector> vectors, BlockClasses classes);

    private static void Coarse(DrawnFrame frame, Random random)
    {
        for (int y = 0; y < frame.Size.Height; y++)
        {
            for (int x = 0; x < frame.Size.Width; x++) frame.Writable[y * frame.Stride + x * 4] = (byte)random.Next(256);
        }
    }

    private static void Move(DrawnFrame before, DrawnFrame after, MotionVector vector, Random random)
    {
        var whole = new PixelRect(0, 0, before.Size.Width, before.Size.Height);
        var area = new PixelRect(random.Next(before.Size.Width), random.Next(before.Size.Height), random.Next(1, 100), random.Next(1, 60)).Intersect(whole);
        for (int y = area.Y; y < area.Bottom; y++)
        {
            for (int x = area.X; x < area.Right; x++)
            {
                if (whole.Intersect(new PixelRect(x + vector.Dx, y + vector.Dy, 1, 1)).IsEmpty) continue;
                before.Pixels.Slice((y + vector.Dy) * before.Stride + (x + vector.Dx) * 4, 4).CopyTo(after.Writable[(y * after.Stride + x * 4)..]);
            }
        }
    }

    private static bool Equal(DrawnFrame before, DrawnFrame after, PixelRect block, MotionVector vector)
    {
        var from = new PixelRect(block.X + vector.Dx, block.Y + vector.Dy, block.Width, block.Height);
        if (from.Intersect(new PixelRect(0, 0, before.Size.Width, before.Size.Height)) != from) return false;
        for (int y = 0; y < block.Height; y++)
        {
            if (!after.Pixels.Slice((block.Y + y) * after.Stride + block.X * 4, block.Width * 4).SequenceEqual(before.Pixels.Slice((from.Y + y) * before.Stride + from.X * 4, block.Width * 4))) return false;
        }

        return true;
    }
}
