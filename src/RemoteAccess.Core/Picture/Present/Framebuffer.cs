namespace RemoteAccess.Picture;

/// <summary>The viewer's copy of the desktop: B, G, R, 0 in memory order, rows without slack, and what changed since it was last taken.</summary>
internal sealed class Framebuffer
{
    private byte[] pixels = [];
    private readonly List<PixelRect> damage = [];

    public PixelSize Size { get; private set; }

    /// <summary>Bytes from one row to the next: four times the width.</summary>
    public int Stride => Size.Width * 4;

    public ReadOnlySpan<byte> Pixels => pixels.AsSpan(0, Stride * Size.Height);

    public Span<byte> Writable => pixels.AsSpan(0, Stride * Size.Height);

    /// <summary>Rectangles changed since <see cref="ClearDamage"/>, each run of blocks once.</summary>
    public IReadOnlyList<PixelRect> Damage => damage;

    /// <summary>Takes on a size, black and wholly damaged.</summary>
    public void Reset(PixelSize size)
    {
        int needed = checked(size.Width * size.Height * 4);
        if (pixels.Length < needed) pixels = GC.AllocateUninitializedArray<byte>(needed);
        Size = size;
        Writable.Clear();
        damage.Clear();
    }

    /// <summary>Adds a rectangle, joined to the previous one where they stand side by side or one on the other.</summary>
    public void AddDamage(PixelRect area)
    {
        if (damage.Count > 0 && damage[^1] is var last)
        {
            if (last.Y == area.Y && last.Height == area.Height && last.Right == area.X)
            {
                damage[^1] = last with { Width = last.Width + area.Width };
                return;
            }

            if (last.X == area.X && last.Width == area.Width && last.Bottom == area.Y)
            {
                damage[^1] = last with { Height = last.Height + area.Height };
                return;
            }
        }

        damage.Add(area);
    }

    public void ClearDamage() => damage.Clear();
}
