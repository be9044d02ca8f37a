namespace RemoteAccess.Picture;

/// <summary>A superset of changed pixels in at most 64 rectangles, which may overlap. Adding never allocates. Not thread-safe.</summary>
internal sealed class DamageRegion
{
    public const int MostRectangles = 64;

    private readonly PixelRect[] rectangles = new PixelRect[MostRectangles];
    private int count;

    /// <summary>What lies outside is not taken.</summary>
    public PixelRect Limit { get; set; } = new(int.MinValue / 2, int.MinValue / 2, int.MaxValue, int.MaxValue);

    public ReadOnlySpan<PixelRect> Rectangles => rectangles.AsSpan(0, count);

    public bool IsEmpty => count == 0;

    /// <summary>Sum of the rectangles' areas: what it costs to copy them.</summary>
    public long Area
    {
        get
        {
            long area = 0;
            foreach (PixelRect rectangle in Rectangles) area += AreaOf(rectangle);
            return area;
        }
    }

    public void Add(ReadOnlySpan<PixelRect> added)
    {
        foreach (PixelRect rectangle in added) Add(rectangle);
    }

    /// <summary>Adds a rectangle; it is merged with another where one costs no more than two.</summary>
    public void Add(PixelRect added)
    {
        added = added.Intersect(Limit);
        if (added.IsEmpty) return;
        for (int i = 0; i < count;)
        {
            PixelRect union = rectangles[i].Union(added);
            if (AreaOf(union) > AreaOf(rectangles[i]) + AreaOf(added))
            {
                i++;
                continue;
            }

            if (union == rectangles[i]) return;
            added = union;
            rectangles[i] = rectangles[--count];
            i = 0;
        }

        if (count < MostRectangles) rectangles[count++] = added;
        else Add(TakeCheapestUnion(added));
    }

    public void Clear() => count = 0;

    public void ReplaceBy(PixelRect only)
    {
        count = 0;
        Add(only);
    }

    private PixelRect TakeCheapestUnion(PixelRect added)
    {
        int best = 0;
        long least = long.MaxValue;
        for (int i = 0; i < count; i++)
        {
            long waste = AreaOf(rectangles[i].Union(added)) - AreaOf(rectangles[i]);
            if (waste < least) (best, least) = (i, waste);
        }

        PixelRect union = rectangles[best].Union(added);
        rectangles[best] = rectangles[--count];
        return union;
    }

    private static long AreaOf(PixelRect rectangle) => (long)rectangle.Width * rectangle.Height;
}
