namespace RemoteAccess.Picture;

/// <summary>Rectangles that may have changed, at most <see cref="Capacity"/>; one more, and they become their common bounds, which is a superset.</summary>
internal sealed class DamageList
{
    public const int Capacity = 256;

    private readonly PixelRect[] rectangles = new PixelRect[Capacity];
    private int count;

    public ReadOnlySpan<PixelRect> Rectangles => rectangles.AsSpan(0, count);

    public bool IsEmpty => count == 0;

    public void Clear() => count = 0;

    /// <param name="rectangle">Cut to <paramref name="bounds"/>; left out if nothing remains, or nothing that is not in one already.</param>
    /// <param name="bounds">The desktop.</param>
    public void Add(PixelRect rectangle, PixelRect bounds)
    {
        rectangle = rectangle.Intersect(bounds);
        if (rectangle.IsEmpty) return;
        foreach (PixelRect other in Rectangles)
        {
            if (rectangle.Intersect(other) == rectangle) return;
        }
        if (count == Capacity)
        {
            foreach (PixelRect other in Rectangles) rectangle = rectangle.Union(other);
            count = 0;
        }
        rectangles[count++] = rectangle;
    }

    public void Add(DamageList others, PixelRect bounds)
    {
        foreach (PixelRect other in others.Rectangles) Add(other, bounds);
    }
}
