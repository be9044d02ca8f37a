using RemoteAccess.Picture;

namespace RemoteAccess.Tests;

/// <summary>A viewer's copy, kept by applying nothing but the damaged parts of each frame.</summary>
internal sealed class ShadowCopy
{
    private byte[] pixels = [];

    public PixelSize Size { get; private set; }

    public ReadOnlySpan<byte> Pixels => pixels;

    public void Apply(ScreenFrame frame)
    {
        if (frame.Size != Size)
        {
            Size = frame.Size;
            pixels = new byte[Size.Area * 4];
            pixels.AsSpan().Fill(0xEE);
        }

        Assert.True(frame.Damage.Length <= 64);
        foreach (PixelRect area in frame.Damage)
        {
            Assert.False(area.IsEmpty);
            Assert.Equal(area, area.Intersect(new PixelRect(0, 0, Size.Width, Size.Height)));
            for (int y = area.Y; y < area.Bottom; y++)
                frame.Pixels.Slice(y * frame.Stride + area.X * 4, area.Width * 4).CopyTo(pixels.AsSpan((y * Size.Width + area.X) * 4));
        }
    }
}
