using RemoteAccess.Picture;

namespace RemoteAccess.Tests;

/// <summary>A frame in managed memory with any stride, for tests of the picture flow.</summary>
internal sealed class DrawnFrame(PixelSize size, int slack = 0) : ScreenFrame
{
    private readonly byte[] pixels = new byte[(size.Width * 4 + slack) * size.Height];
    private PixelRect[] damage = [new PixelRect(0, 0, size.Width, size.Height)];

    public override PixelSize Size => size;
    public override int Stride => size.Width * 4 + slack;
    /// <summary>Without the slack of the last row, which no frame need have.</summary>
    public override ReadOnlySpan<byte> Pixels => pixels.AsSpan(0, pixels.Length - slack);
    public override ReadOnlySpan<PixelRect> Damage => damage;
    public override ReadOnlySpan<ScreenMove> Moves => Told;

    public (int X, int Y) Pointer { get; init; }

    /// <summary>What the system says has moved.</summary>
    public ScreenMove[] Told { get; set; } = [];

    public override ScreenLayout Layout { get; } = new(size, [new MonitorArea("test", new PixelRect(0, 0, size.Width, size.Height), true)]);
    public override CursorState Cursor => new(Pointer.X, Pointer.Y, null);
    public override long CapturedAt => 0;

    public Span<byte> Writable => pixels;

    /// <summary>Random colours in a rectangle; the fourth byte stays 0.</summary>
    public void Scribble(Random random, PixelRect area)
    {
        for (int y = area.Y; y < area.Bottom; y++)
            for (int x = area.X; x < area.Right; x++)
            {
                Span<byte> pixel = pixels.AsSpan(y * Stride + x * 4, 3);
                random.NextBytes(pixel);
            }
    }

    public DrawnFrame CopyWith(params PixelRect[] hints)
    {
        var copy = new DrawnFrame(size, slack) { damage = hints, Pointer = Pointer };
        pixels.CopyTo(copy.pixels, 0);
        return copy;
    }

    /// <summary>The visible pixels, rows without slack.</summary>
    public byte[] Packed()
    {
        byte[] packed = new byte[size.Width * size.Height * 4];
        for (int y = 0; y < size.Height; y++) pixels.AsSpan(y * Stride, size.Width * 4).CopyTo(packed.AsSpan(y * size.Width * 4));
        return packed;
    }

    protected override void GiveBack() { }
}
