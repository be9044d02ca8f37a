using RemoteAccess.Picture;

namespace RemoteAccess.Tests;

public sealed class DamageRegionTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Add_ManyRandomRectangles_CoversThemAllInAtMost64(int seed)
    {
        var random = new Random(seed);
        var region = new DamageRegion { Limit = new PixelRect(0, 0, 500, 400) };
        var covered = new bool[500 * 400];
        for (int i = 0; i < 1000; i++)
        {
            var added = new PixelRect(random.Next(-10, 500), random.Next(-10, 400), random.Next(12), random.Next(12));
            region.Add(added);
            PixelRect inside = added.Intersect(region.Limit);
            for (int y = inside.Y; y < inside.Bottom; y++) covered.AsSpan(y * 500 + inside.X, inside.Width).Fill(true);
        }

        Assert.InRange(region.Rectangles.Length, 2, 64);
        foreach (PixelRect area in region.Rectangles)
        {
            Assert.Equal(area, area.Intersect(region.Limit));
            for (int y = area.Y; y < area.Bottom; y++) covered.AsSpan(y * 500 + area.X, area.Width).Clear();
        }

        Assert.DoesNotContain(true, covered);
    }

    [Fact]
    public void Add_NeighboursAndContained_MergeWithoutWaste_FarOnesStayApart()
    {
        var region = new DamageRegion();
        region.Add(new PixelRect(0, 0, 10, 10));
        region.Add(new PixelRect(2, 2, 3, 3));
        region.Add(new PixelRect(10, 0, 10, 10));
        region.Add(new PixelRect(100, 100, 5, 5));
        Assert.Equal([new PixelRect(0, 0, 20, 10), new PixelRect(100, 100, 5, 5)], region.Rectangles.ToArray());
    }
}
