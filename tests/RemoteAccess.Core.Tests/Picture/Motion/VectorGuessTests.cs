using RemoteAccess.Picture;

namespace RemoteAccess.Tests;

public sealed class VectorGuessTests
{
    private static readonly PixelSize Size = new(640, 400);
    private static readonly PixelRect Whole = new(0, 0, 640, 400);

    private readonly VectorGuess guess = new();

    [Theory]
    [InlineData(14, -3, "a pixel longer")]
    [InlineData(12, -5, "a pixel shorter each way")]
    [InlineData(26, -7, "twice as far, and a pixel")]
    [InlineData(6, -2, "half as far")]
    [InlineData(-20, 31, "as before that")]
    [InlineData(-21, 32, "as before that, and a pixel")]
    public void Next_GoesOnInAWayThatAHandMakes_IsFound(int dx, int dy, string how)
    {
        (DrawnFrame before, DrawnFrame after, BlockMap damage) = Scrolled(dx, dy);

        Assert.True(guess.Next(before, after, damage, 4, new MotionVector(13, -4), new MotionVector(-20, 31), 0.5) == new MotionVector((short)dx, (short)dy), how);
    }

    [Theory]
    [InlineData(0, 45)]
    [InlineData(0, -19)]
    [InlineData(17, 0)]
    public void Next_PageThatScrollsFasterOrSlower_IsFound(int dx, int dy)
    {
        (DrawnFrame before, DrawnFrame after, BlockMap damage) = Scrolled(dx, dy);

        Assert.Equal(new MotionVector((short)dx, (short)dy), guess.Next(before, after, damage, 4, dx == 0 ? new MotionVector(0, 13) : new MotionVector(40, 0), default, 0.9));
        // What went aslant is not looked for so far off.
        Assert.Equal(default, guess.Next(before, after, damage, 4, new MotionVector(5, 5), default, 0.9));
    }

    [Fact]
    public void Next_EachFrame_AllocatesNothing()
    {
        (DrawnFrame before, DrawnFrame after, BlockMap damage) = Scrolled(0, 45);
        long start = 0;
        for (int i = 0; i < 60; i++)
        {
            if (i == 40) start = GC.GetAllocatedBytesForCurrentThread();
            guess.Next(before, after, damage, 4, new MotionVector(0, (short)(i % 2 == 0 ? 13 : 200)), new MotionVector(3, 9), 0.9);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - start);
    }

    [Fact]
    public void Next_SeveralWouldDo_TakesTheOneThatMovesMost()
    {
        // The left third by one, the rest by another.
        DrawnFrame before = Letters(), after = before.CopyWith(Whole);
        Shift(before, after, new PixelRect(0, 0, 220, 400), 5, 5);
        Shift(before, after, new PixelRect(220, 0, 420, 400), 10, 9);

        Assert.Equal(new MotionVector(10, 9), guess.Next(before, after, Damage(before, after), 4, new MotionVector(5, 4), default, 0.5));
        Assert.Equal(new MotionVector(10, 9), guess.Next(before, after, Damage(before, after), 4, new MotionVector(10, 10), new MotionVector(5, 5), 0.5));
    }

    [Fact]
    public void Next_MovesOtherwise_IsNone()
    {
        (DrawnFrame before, DrawnFrame after, BlockMap damage) = Scrolled(40, 40);

        Assert.Equal(default, guess.Next(before, after, damage, 4, new MotionVector(13, -4), new MotionVector(-20, 31), 0.5));
    }

    [Theory]
    [InlineData(short.MaxValue, short.MinValue)]
    [InlineData(1, 0)]
    [InlineData(0, -1)]
    public void Next_AtTheEndsOfAVector_StaysWithinThePicture(int dx, int dy)
    {
        (DrawnFrame before, DrawnFrame after, BlockMap damage) = Scrolled(50, 41);

        Assert.Equal(default, guess.Next(before, after, damage, 1, new MotionVector((short)dx, (short)dy), new MotionVector((short)-dx, (short)dy), 0.5));
    }

    [Fact]
    public void Next_NoDamageInTheRowsLookedAt_IsNone()
    {
        DrawnFrame frame = Letters();
        var damage = new BlockMap();
        damage.Reset(Size);
        damage.Set(3, 1);

        Assert.Equal(default, guess.Next(frame, frame, damage, 4, new MotionVector(1, 1), default, 0.5));
    }

    private static (DrawnFrame Before, DrawnFrame After, BlockMap Damage) Scrolled(int dx, int dy)
    {
        DrawnFrame before = Letters(), after = before.CopyWith(Whole);
        Shift(before, after, Whole, dx, dy);
        return (before, after, Damage(before, after));
    }

    private static DrawnFrame Letters()
    {
        var frame = new DrawnFrame(Size);
        PaintedContent.Letters(frame, Whole, 5);
        return frame;
    }

    private static BlockMap Damage(DrawnFrame before, DrawnFrame after)
    {
        var damage = new BlockMap();
        damage.Reset(Size);
        DamageScan.Compare(before, after, damage);
        return damage;
    }

    private static void Shift(DrawnFrame before, DrawnFrame after, PixelRect area, int dx, int dy)
    {
        for (int y = area.Y; y < area.Bottom; y++)
        {
            for (int x = area.X; x < area.Right; x++)
            {
                if (Whole.Intersect(new PixelRect(x + dx, y + dy, 1, 1)).IsEmpty) continue;
                before.Pixels.Slice((y + dy) * before.Stride + (x + dx) * 4, 4).CopyTo(after.Writable[(y * after.Stride + x * 4)..]);
            }
        }
    }
}
