using RemoteAccess.Picture;

namespace RemoteAccess.Benchmarks;

/// <summary>A 1080p picture of the drawn desktop with text and windows on it, all of it said to be damaged.</summary>
internal sealed class MemoryFrame : ScreenFrame
{
    private readonly byte[] pixels;
    private readonly PixelRect[] damage;

    public MemoryFrame(PixelSize size, byte[] pixels)
    {
        Size = size;
        this.pixels = pixels;
        damage = [new PixelRect(0, 0, size.Width, size.Height)];
        Layout = new ScreenLayout(size, [new MonitorArea("benchmark", damage[0], true)]);
    }

    public override PixelSize Size { get; }

    public override int Stride => Size.Width * 4;

    public override ReadOnlySpan<byte> Pixels => pixels;

    public override ReadOnlySpan<PixelRect> Damage => damage;

    public override ScreenLayout Layout { get; }

    public override CursorState Cursor => default;

    public override long CapturedAt => 0;

    public static async Task<MemoryFrame> DrawAsync()
    {
        await using var desktop = new VirtualDesktop();
        desktop.TypeAsCustomer("Lorem ipsum dolor sit amet,\nconsectetur adipiscing elit,\nsed do eiusmod tempor incididunt ut labore.");
        return new MemoryFrame(desktop.Layout.Size, desktop.CopyPixels());
    }

    public MemoryFrame Copy() => new(Size, [.. pixels]);

    protected override void GiveBack() { }
}
