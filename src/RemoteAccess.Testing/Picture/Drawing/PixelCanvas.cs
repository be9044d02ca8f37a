using System.Numerics;

namespace RemoteAccess.Picture;

/// <summary>
/// Draws into a picture of 32 bits a pixel, 0x00RRGGBB (in memory B, G, R, 0), nowhere outside <see cref="Clip"/>. Colours are given the
/// same way, their top byte 0. Not thread-safe.
/// </summary>
internal sealed class PixelCanvas
{
    private readonly uint[] pixels;
    private PixelRect clip;

    public PixelCanvas(PixelSize size)
    {
        Size = size;
        pixels = new uint[size.Area];
        clip = Bounds;
    }

    public PixelSize Size { get; }

    public PixelRect Bounds => new(0, 0, Size.Width, Size.Height);

    public ReadOnlySpan<uint> Pixels => pixels;

    /// <summary>Where drawing has an effect; always within the picture.</summary>
    public PixelRect Clip
    {
        get => clip;
        set => clip = value.Intersect(Bounds);
    }

    public void Fill(PixelRect area, uint colour)
    {
        area = area.Intersect(clip);
        for (int y = area.Y; y < area.Bottom; y++) pixels.AsSpan(y * Size.Width + area.X, area.Width).Fill(colour);
    }

    /// <summary>Lays a colour over one pixel; alpha 255 hides what was there.</summary>
    public void Blend(int x, int y, uint colour, int alpha)
    {
        if (alpha <= 0 || x < clip.X || x >= clip.Right || y < clip.Y || y >= clip.Bottom) return;
        ref uint pixel = ref pixels[y * Size.Width + x];
        pixel = Mix(pixel, colour, alpha);
    }

    /// <summary>Copies pixels into an area that lies within the picture, with their top byte set to 0.</summary>
    public void Paste(PixelRect area, ReadOnlySpan<uint> source)
    {
        var colourBits = new Vector<uint>(0x00FFFFFF);
        for (int y = 0; y < area.Height; y++)
        {
            ReadOnlySpan<uint> from = source.Slice(y * area.Width, area.Width);
            Span<uint> to = Row(area.X, area.Y + y, area.Width);
            int x = 0;
            for (; x <= from.Length - Vector<uint>.Count; x += Vector<uint>.Count) (new Vector<uint>(from[x..]) & colourBits).CopyTo(to[x..]);
            for (; x < from.Length; x++) to[x] = from[x] & 0x00FFFFFF;
        }
    }

    /// <summary>The row's part from column x on, to be written; the caller keeps within <see cref="Clip"/>.</summary>
    public Span<uint> Row(int x, int y, int width) => pixels.AsSpan(y * Size.Width + x, width);

    public static uint Mix(uint under, uint over, int alpha)
    {
        uint a = (uint)(alpha + (alpha >> 7)), b = 256 - a;
        uint redBlue = (((under & 0xFF00FF) * b + (over & 0xFF00FF) * a) >> 8) & 0xFF00FF;
        uint green = (((under & 0x00FF00) * b + (over & 0x00FF00) * a) >> 8) & 0x00FF00;
        return redBlue | green;
    }
}
