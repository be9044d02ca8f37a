using RemoteAccess.Picture;

namespace RemoteAccess.Tests;

public sealed class DamageListTests
{
    private static readonly PixelRect Desktop = new(0, 0, 2000, 2000);

    [Fact]
    public void Add_OutsideTheDesktop_IsCutOrLeftOut()
    {
        DamageList list = new();

        list.Add(new PixelRect(-10, 1990, 30, 30), Desktop);
        list.Add(new PixelRect(2000, 0, 5, 5), Desktop);

        Assert.Equal([new PixelRect(0, 1990, 20, 10)], list.Rectangles.ToArray());
    }

    [Fact]
    public void Add_MoreThanItHolds_StaysASuperset()
    {
        Random random = new(5);
        DamageList list = new();
        List<PixelRect> added = [];
        for (int i = 0; i < (DamageList.Capacity * 3) + 7; i++)
        {
            PixelRect rectangle = new(random.Next(1900), random.Next(1900), random.Next(1, 20), random.Next(1, 20));
            added.Add(rectangle);
            list.Add(rectangle, Desktop);
            Assert.InRange(list.Rectangles.Length, 1, DamageList.Capacity);
        }

        PixelRect[] held = list.Rectangles.ToArray();
        Assert.All(added, rectangle => Assert.Contains(held, other => other.Intersect(rectangle) == rectangle));
    }
}
