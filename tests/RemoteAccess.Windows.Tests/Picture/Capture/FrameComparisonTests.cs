using RemoteAccess.Picture;

namespace RemoteAccess.Tests;

public sealed class FrameComparisonTests
{
    [Fact]
    public void Find_OfRandomChanges_HoldsEachAndLittleElse()
    {
        Random random = new(9);
        for (int attempt = 0; attempt < 300; attempt++)
        {
            PixelSize size = new(random.Next(1, 300), random.Next(1, 200));
            uint[] before = new uint[size.Area], now = new uint[size.Area];
            HashSet<int> changed = [];
            for (int i = random.Next(0, 6); i > 0; i--) changed.Add(random.Next(before.Length));
            foreach (int at in changed) now[at] = 1;
            DamageList damage = new();

            FrameComparison.Find(before, now, size, damage);

            Assert.Equal(0, FramePixels.CountOutside(before, now, size.Width, damage.Rectangles));
            long area = 0;
            foreach (PixelRect rectangle in damage.Rectangles) area += rectangle.Area;
            // Each changed pixel costs at most its band's height of columns, joined to its neighbours.
            Assert.InRange(area, changed.Count == 0 ? 0 : 1, changed.Count * FrameComparison.BandRows * FrameComparison.ColumnWidth);
            Assert.Equal(changed.Count == 0, damage.IsEmpty);
        }
    }

    [Fact]
    public void Find_OfOneRectangle_IsAsHighAsThat()
    {
        PixelSize size = new(256, 64);
        uint[] before = new uint[size.Area], now = new uint[size.Area];
        for (int y = 5; y < 9; y++) now.AsSpan((y * 256) + 60, 10).Fill(3);
        DamageList damage = new();

        FrameComparison.Find(before, now, size, damage);

        Assert.Equal([new PixelRect(0, 5, 128, 4)], damage.Rectangles.ToArray());
    }
}
