using RemoteAccess.Picture;

namespace RemoteAccess.Tests;

/// <summary>A little of a photo goes exactly at once where the link hardly notices; much of one, video, and what a slow link would be held up by go with loss.</summary>
public sealed class LittlePhotoTests : IDisposable
{
    private const double Fast = 10e6;

    private static readonly PixelRect Whole = new(0, 0, 448, 448);
    private static readonly PixelRect Little = new(128, 128, 128, 128);

    private readonly CodecPair pair = new();
    private DrawnFrame shown = new(new PixelSize(448, 448));

    public LittlePhotoTests()
    {
        // A photo that has been there for a while.
        PaintedContent.Photo(shown, Whole, 1);
        pair.Show(shown);
        Assert.False(pair.IsExact);
        pair.Settle();
        Assert.True(pair.IsExact);
    }

    public void Dispose() => pair.Dispose();

    [Theory]
    [InlineData(Fast, true)]
    [InlineData(60_000, false)]
    [InlineData(double.PositiveInfinity, false)]
    public void Show_LittleOfAPhotoChanges_ExactWhereTheLinkIsKnownToBeFast(double budget, bool isExact)
    {
        Change(Little, 2, budget);
        Assert.Equal(isExact, pair.IsExact);
        Assert.Equal(!isExact, pair.Plan.HasLost);
    }

    [Fact]
    public void Show_MuchOfAPhotoChanges_WithLoss()
    {
        Change(Whole, 2, Fast);
        Assert.False(pair.IsExact);
    }

    [Fact]
    public void Show_LittleVideo_WithLossOnceItIsKnownToBeOne()
    {
        for (int frame = 0; frame < 30; frame++)
        {
            Change(Little, frame + 2, Fast);
            if (frame == 0) Assert.True(pair.IsExact);
        }

        Assert.False(pair.IsExact);
        pair.Settle();
        Assert.True(pair.IsExact);
    }

    private void Change(PixelRect area, int seed, double budget)
    {
        DrawnFrame next = shown.CopyWith(area);
        PaintedContent.Photo(next, area, seed);
        pair.Now += 33_000;
        pair.Budget = budget;
        pair.Plan.ForgetLoss();
        pair.Show(next);
        pair.AssertAgree();
        shown = next;
    }
}
