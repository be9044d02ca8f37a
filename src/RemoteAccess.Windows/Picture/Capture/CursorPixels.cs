using System.Runtime.InteropServices;

namespace RemoteAccess.Picture;

/// <summary>
/// Makes the cursor's pictures of Windows into one kind: colours premultiplied by alpha. A pixel that inverts what is below it cannot be told
/// in that; it becomes black, with white around, which is seen on everything.
/// </summary>
internal static class CursorPixels
{
    public const int MaxSide = 512;
    private const uint Opaque = 0xff000000, White = 0xffffffff;

    /// <summary>Straight alpha to premultiplied.</summary>
    public static void Premultiply(Span<uint> pixels)
    {
        foreach (ref uint pixel in pixels)
        {
            uint alpha = pixel >> 24;
            pixel = (alpha << 24) | (Scale(pixel >> 16, alpha) << 16) | (Scale(pixel >> 8, alpha) << 8) | Scale(pixel, alpha);
        }
    }

    /// <summary>A picture with a mask beside it: where the mask is set, the colour is combined with what is below by exclusive or, else it covers.</summary>
    /// <param name="pixels">Colours, of which only the lower 24 bits count; the result.</param>
    /// <param name="isMasked">Whether the mask is set, by index.</param>
    /// <param name="width">Pixels in a row.</param>
    public static void Combine(Span<uint> pixels, ReadOnlySpan<bool> isMasked, int width)
    {
        Span<bool> inverts = new bool[pixels.Length];
        for (int i = 0; i < pixels.Length; i++)
        {
            uint colour = pixels[i] & ~Opaque;
            inverts[i] = isMasked[i] && colour != 0;
            pixels[i] = !isMasked[i] ? colour | Opaque : inverts[i] ? Opaque : 0;
        }
        for (int i = 0; i < pixels.Length; i++)
        {
            if (pixels[i] == 0 && HasNeighbour(inverts, i, width)) pixels[i] = White;
        }
    }

    /// <summary>Whether any pixel can be seen.</summary>
    public static bool IsVisible(ReadOnlySpan<uint> pixels) => pixels.ContainsAnyExcept(0u);

    /// <summary>The shape of these pixels, cut to what may be sent; null when nothing of it can be seen.</summary>
    public static CursorShape? ToShape(ReadOnlySpan<uint> pixels, PixelSize size, int hotX, int hotY)
    {
        if (size.Area == 0 || !IsVisible(pixels)) return null;
        PixelSize cut = new(Math.Min(size.Width, MaxSide), Math.Min(size.Height, MaxSide));
        byte[] bytes = new byte[cut.Area * 4];
        for (int y = 0; y < cut.Height; y++)
        {
            pixels.Slice(y * size.Width, cut.Width).CopyTo(MemoryMarshal.Cast<byte, uint>(bytes.AsSpan(y * cut.Width * 4)));
        }
        return new CursorShape(cut, Math.Clamp(hotX, 0, cut.Width - 1), Math.Clamp(hotY, 0, cut.Height - 1), bytes);
    }

    private static uint Scale(uint colour, uint alpha) => (((colour & 0xff) * alpha) + 127) / 255;

    private static bool HasNeighbour(ReadOnlySpan<bool> inverts, int at, int width)
    {
        int x = at % width, y = at / width, height = inverts.Length / width;
        for (int ny = Math.Max(0, y - 1); ny <= Math.Min(height - 1, y + 1); ny++)
        {
            for (int nx = Math.Max(0, x - 1); nx <= Math.Min(width - 1, x + 1); nx++)
            {
                if (inverts[(ny * width) + nx]) return true;
            }
        }
        return false;
    }
}
