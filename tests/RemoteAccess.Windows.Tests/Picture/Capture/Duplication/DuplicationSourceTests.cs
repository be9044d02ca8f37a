using RemoteAccess.Picture;

namespace RemoteAccess.Tests;

public sealed class DuplicationSourceTests : IDisposable
{
    private static readonly ScreenLayout Layout = new(new PixelSize(96, 64), [new MonitorArea("left", new PixelRect(0, 0, 64, 32), true), new MonitorArea("right", new PixelRect(64, 0, 32, 64), false)]);

    private readonly FakeOutput left = new(new OutputPlace(new PixelRect(0, 0, 64, 32), OutputRotation.None));
    private readonly FakeOutput right = new(new OutputPlace(new PixelRect(64, 0, 32, 64), OutputRotation.Quarter));
    private readonly FramePool pool = new();
    private readonly DamageList damage = new();
    private bool isOther;

    [Fact]
    public void Read_OfTwoOutputsOneTurned_PutsThemTogetherAndTellsWhatChanged()
    {
        using DuplicationSource source = Begin();
        left.Draws(new PixelRect(0, 0, 64, 32), 0xff0000aa);
        right.Draws(new PixelRect(0, 0, 64, 32), 0xff0000bb);
        LentFrame first = Read(source);
        Assert.Contains(new PixelRect(0, 0, 96, 64), damage.Rectangles.ToArray());
        Assert.Equal((0xaau, 0xbbu, 0xbbu, 0u), (At(first, 0, 0), At(first, 64, 0), At(first, 95, 63), At(first, 0, 40)));

        damage.Clear();
        // The texture's upper left corner is the upper right one of what is turned by a quarter.
        right.Draws(new PixelRect(0, 0, 4, 2), 0xff0000cc);
        LentFrame second = Read(source);

        Assert.Equal([new PixelRect(94, 0, 2, 4)], damage.Rectangles.ToArray());
        Assert.Equal((0xccu, 0xccu, 0xbbu, 0xbbu), (At(second, 95, 0), At(second, 94, 3), At(second, 93, 0), At(second, 94, 4)));
        Assert.Equal(0xbbu, At(first, 95, 0));
    }

    [Fact]
    public void Read_IntoEachBufferInTurn_BringsWhatItLacks()
    {
        using DuplicationSource source = Begin();
        left.Draws(new PixelRect(0, 0, 64, 32), 1);
        _ = Read(source);
        Random random = new(5);
        for (uint i = 2; i < 60; i++)
        {
            int x = random.Next(60), y = random.Next(28);
            if (random.Next(3) > 0) left.Draws(new PixelRect(x, y, 4, 4), i);

            LentFrame frame = Read(source);

            for (int row = 0; row < 32; row++) Assert.Equal(left.Pixels.AsSpan(row * 64, 64), frame.Memory.Pixels.Slice(row * 96, 64));
        }
    }

    /// <summary>What the system says has moved goes on with the frame, turned as the output is, and the picture's plan sends it as a vector.</summary>
    [Fact]
    public void Read_OfMoves_TellsThemOfTheFrameAndThePlanFollows()
    {
        using DuplicationSource source = Begin();
        Random random = new(1);
        for (int i = 0; i < left.Pixels.Length; i++) left.Pixels[i] = (uint)random.Next(0xffffff);
        for (int i = 0; i < right.Pixels.Length; i++) right.Pixels[i] = (uint)random.Next(0xffffff);
        LentFrame first = Read(source);
        first.DamageList.Add(new PixelRect(0, 0, 96, 64), new PixelRect(0, 0, 96, 64));
        // The turned output's right is the person's down.
        right.Moves(new PixelRect(16, 0, 48, 32), -16, 0);
        left.Moves(new PixelRect(0, 0, 64, 24), 0, 8);
        damage.Clear();
        LentFrame second = Read(source);
        second.DamageList.Add(damage, new PixelRect(0, 0, 96, 64));

        Assert.Equal([new ScreenMove(new PixelRect(0, 0, 64, 24), 0, 8), new ScreenMove(new PixelRect(64, 16, 32, 48), 0, -16)], second.Moves.ToArray());
        foreach (ScreenMove move in second.Moves)
        {
            for (int y = move.Area.Y; y < move.Area.Bottom; y++)
                for (int x = move.Area.X; x < move.Area.Right; x++) Assert.Equal(At(first, x + move.Dx, y + move.Dy), At(second, x, y));
        }
        FramePlan plan = new();
        InexactBlocks inexact = new();
        inexact.Reset(second.Size);
        PictureWish wish = new(true, LossyQuality.Q75_420, null, 5);
        PictureRegion region = PictureRegion.Of(second.Size, null);
        Assert.True(plan.Prepare(null, first, wish, region, inexact, double.PositiveInfinity, 1_000_000));
        Assert.True(plan.Prepare(first, second, wish, region, inexact, double.PositiveInfinity, 1_050_000));
        Assert.Equal([new MotionVector(0, 8), new MotionVector(0, -16)], plan.Vectors);
        Assert.Equal(8 * 3, plan.Classes.Count(BlockClass.Copy0));
        Assert.Equal(4 * 6, plan.Classes.Count(BlockClass.Copy1));

        // And they are of that frame alone.
        left.Draws(new PixelRect(0, 0, 4, 4), 3);
        LentFrame third = pool.Free()!;
        third.MoveList.Clear();
        Assert.Equal(ScreenRead.Done, source.Read(third, pool, damage));
        Assert.True(third.Moves.IsEmpty);
    }

    [Fact]
    public void Read_WhenNothingChanged_DamagesNothing()
    {
        using DuplicationSource source = Begin();
        _ = Read(source);
        damage.Clear();

        _ = Read(source);

        Assert.True(damage.IsEmpty);
    }

    [Fact]
    public void Read_WhenAnOutputIsLost_IsLost()
    {
        using DuplicationSource source = Begin();
        _ = Read(source);
        right.IsLost();
        Assert.Equal(ScreenRead.Lost, source.Read(pool.Free()!, pool, damage));
    }

    /// <summary>Else the buffer would be taken for the screen, with what the device did not give.</summary>
    [Fact]
    public void Read_WhenADeviceIsGone_IsLostAndTheBufferStillLacksIt()
    {
        using DuplicationSource source = Begin();
        _ = Read(source);
        right.Draws(new PixelRect(0, 0, 4, 2), 0xff0000cc);
        right.IsGone = true;
        LentFrame target = pool.Free()!;

        Assert.Equal(ScreenRead.Lost, source.Read(target, pool, damage));
        Assert.False(target.Stale.IsEmpty);
    }

    [Fact]
    public void Read_WhenTheMonitorsAreOthers_IsLost()
    {
        using DuplicationSource source = Begin();
        Assert.Equal(ScreenRead.Done, source.Read(pool.Free()!, pool, damage));
        isOther = true;
        Assert.Equal(ScreenRead.Lost, source.Read(pool.Free()!, pool, damage));
    }

    [Fact]
    public void Rest_WhenAFrameComes_KeepsItForTheNextReading()
    {
        using DuplicationSource source = Begin();
        _ = Read(source);
        damage.Clear();
        left.Draws(new PixelRect(1, 2, 3, 4), 7);
        using RemoteAccess.Interop.WakeEvent signal = new();
        source.Rest(signal, 100);

        _ = Read(source);

        Assert.Equal([new PixelRect(1, 2, 3, 4)], damage.Rectangles.ToArray());
    }

    [Fact]
    public void Cursor_GoingFromOneOutputToTheOther_StaysAndDoesNotFlicker()
    {
        using DuplicationSource source = Begin();
        CursorShape shape = new(new PixelSize(1, 1), 0, 0, new byte[] { 1, 2, 3, 255 }), other = shape with { HotX = 0 };
        left.Comes(frame => Points(frame, true, 10, 20, shape));
        _ = Read(source);
        Assert.Equal(new CursorState(10, 20, shape), source.Cursor);

        // The output it comes to speaks before the one it leaves.
        right.Comes(frame => Points(frame, true, 5, 6, null));
        _ = Read(source);
        left.Comes(frame => Points(frame, false, 0, 0, null));
        _ = Read(source);
        Assert.Equal(new CursorState(69, 6, shape), source.Cursor);
        Assert.Same(shape, source.Cursor.Shape);

        right.Comes(frame => frame.HasShape = (frame.Shape = other) is not null);
        _ = Read(source);
        Assert.Same(other, source.Cursor.Shape);

        right.Comes(frame => Points(frame, false, 0, 0, null));
        _ = Read(source);
        Assert.Null(source.Cursor.Shape);
    }

    [Fact]
    public void Cursor_WithAHotSpot_IsWhereThatIs()
    {
        using DuplicationSource source = Begin();
        CursorShape shape = new(new PixelSize(4, 4), 2, 3, new byte[64]);
        right.Comes(frame => Points(frame, true, 5, 6, shape));
        _ = Read(source);

        Assert.Equal(new CursorState(64 + 5 + 2, 6 + 3, shape), source.Cursor);
    }

    [Fact]
    public void Dispose_EndsEveryDuplication()
    {
        Begin().Dispose();
        Assert.True(left.IsDisposed && right.IsDisposed);
    }

    public void Dispose()
    {
        left.Dispose();
        right.Dispose();
        pool.Retire();
    }

    private static void Points(OutputFrame frame, bool isVisible, int x, int y, CursorShape? shape)
    {
        (frame.HasPointer, frame.IsPointerVisible, frame.PointerX, frame.PointerY) = (true, isVisible, x, y);
        (frame.HasShape, frame.Shape) = (shape is not null, shape);
    }

    private static uint At(LentFrame frame, int x, int y) => frame.Memory.Pixels[(y * 96) + x];

    private DuplicationSource Begin()
    {
        _ = pool.Fit(Layout);
        return new DuplicationSource([left, right], Layout, () => isOther);
    }

    private LentFrame Read(DuplicationSource source)
    {
        LentFrame frame = pool.Free()!;
        Assert.Equal(ScreenRead.Done, source.Read(frame, pool, damage));
        pool.NoteLent(frame);
        return frame;
    }
}
