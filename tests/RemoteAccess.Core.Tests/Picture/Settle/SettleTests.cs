using RemoteAccess.Picture;

namespace RemoteAccess.Tests;

/// <summary>What was lossy becomes exact once it stands still: in small steps, nearest to the cursor first, and damage goes before.</summary>
public sealed class SettleTests : IDisposable
{
    private const int Step = 16 * 1024;

    private static readonly PixelSize Size = new(640, 448);
    private static readonly PixelRect Whole = new(0, 0, 640, 448);

    private readonly CodecPair pair = new();
    private DrawnFrame shown;

    public SettleTests()
    {
        shown = new DrawnFrame(Size) { Pointer = (480, 100) };
        PaintedContent.Photo(shown, Whole, 1);
        pair.Show(shown);
        Assert.False(pair.IsExact);
    }

    public void Dispose() => pair.Dispose();

    [Fact]
    public void Show_StandsStill_NothingBeforeItsTimeThenInStepsFromTheCursorOutwards()
    {
        pair.Now += SettleOrder.StillMicroseconds - 1;
        Assert.False(pair.Show(shown));
        pair.Now += 1;
        int steps = 0;
        double reached = 0;
        HashSet<int> exact = ExactTiles();
        while (pair.Show(shown))
        {
            pair.AssertAgree();
            Assert.InRange(pair.Messages.Sum(message => message.Length), 1, Step * 5 / 4);
            steps++;
            foreach (int tile in ExactTiles().Except(exact))
            {
                // A step takes whole tiles in this order, so none is nearer than the last of the step before by more than a tile.
                double distance = Distance(tile);
                Assert.InRange(distance, reached - 91, 1000);
                reached = Math.Max(reached, distance);
            }

            exact = ExactTiles();
        }

        Assert.True(pair.IsExact);
        Assert.InRange(steps, 20, 200);
        Assert.Equal(shown.Packed(), pair.Picture.Pixels.ToArray());
    }

    [Fact]
    public void Show_DamageBetweenSteps_GoesFirstAndItsTileWaitsAgain()
    {
        pair.Now += SettleOrder.StillMicroseconds;
        Assert.True(pair.Show(shown));
        Assert.False(pair.IsExact);
        var place = new PixelRect(0, 384, 64, 64);
        DrawnFrame next = shown.CopyWith(place);
        PaintedContent.Letters(next, place with { Width = 32, Height = 32 }, 1);
        PaintedContent.Photo(next, new PixelRect(32, 384, 32, 64), 9);
        shown = next;
        Assert.True(pair.Show(shown));
        pair.AssertAgree();
        for (int row = 48; row < 52; row++) Assert.DoesNotContain(true, pair.Decoder.Inexact.Row(row)[..4].ToArray());

        pair.Now += SettleOrder.StillMicroseconds - 1;
        while (pair.Show(shown)) pair.AssertAgree();
        HashSet<int> exact = ExactTiles();
        int held = 6 * 10;
        if (!exact.Contains(held)) Assert.Equal(Enumerable.Range(0, 70).Except([held]), exact.Order());
        pair.Now += 1;
        while (pair.Show(shown)) pair.AssertAgree();

        Assert.Equal(70, ExactTiles().Count);
    }

    /// <summary>A region ends in the middle of tiles; their other blocks are never sent.</summary>
    [Fact]
    public void Show_RegionThatCutsTiles_SettlesNothingBesideIt()
    {
        pair.Wish = pair.Wish with { Region = new PixelRect(200, 136, 240, 176) };
        pair.Lose();
        pair.Show(shown);
        // Tiles at the region's border are lossy once they were a photograph before.
        DrawnFrame next = shown.CopyWith(Whole);
        PaintedContent.Photo(next, Whole, 2);
        pair.Now += 40_000;
        pair.Show(next);
        Assert.True(pair.Decoder.Inexact.IsInexact(25, 17));

        pair.Settle();

        Assert.True(pair.IsExact);
        for (int row = 0; row < 56; row++)
            for (int column = 0; column < 80; column++) Assert.NotEqual(pair.Region.Contains(column, row), pair.Decoder.Inexact.IsInexact(column, row));
    }

    private double Distance(int tile)
    {
        double x = tile % 10 * 64 + 32 - shown.Pointer.X, y = tile / 10 * 64 + 32 - shown.Pointer.Y;
        return Math.Sqrt(x * x + y * y);
    }

    private HashSet<int> ExactTiles() => [.. Enumerable.Range(0, 70).Where(tile =>
        Enumerable.Range(tile / 10 * 8, 8).All(row => !pair.Decoder.Inexact.Row(row).Slice(tile % 10 * 8, 8).Contains(true)))];
}
