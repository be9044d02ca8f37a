using System.Runtime.InteropServices;
using RemoteAccess.Picture;

namespace RemoteAccess.Tests;

internal static class FramePixels
{
    /// <summary>All four bytes of each pixel, so that a set unused byte counts as a difference.</summary>
    public static uint[] Copy(ScreenFrame frame)
    {
        uint[] pixels = new uint[frame.Size.Area];
        for (int y = 0; y < frame.Size.Height; y++)
            MemoryMarshal.Cast<byte, uint>(frame.Pixels.Slice(y * frame.Stride, frame.Size.Width * 4)).CopyTo(pixels.AsSpan(y * frame.Size.Width));
        return pixels;
    }

    public static int CountDifferences(uint[] a, uint[] b)
    {
        Assert.Equal(a.Length, b.Length);
        int count = 0;
        for (int i = 0; i < a.Length; i++)
        {
            if (a[i] != b[i]) count++;
        }
        return count;
    }

    /// <summary>Pixels that differ although no rectangle of the damage holds them.</summary>
    public static int CountOutside(uint[] before, uint[] after, int width, ReadOnlySpan<PixelRect> damage)
    {
        bool[] inside = new bool[before.Length];
        foreach (PixelRect rectangle in damage)
        {
            for (int y = rectangle.Y; y < rectangle.Bottom; y++) inside.AsSpan((y * width) + rectangle.X, rectangle.Width).Fill(true);
        }
        int count = 0;
        for (int i = 0; i < before.Length; i++)
        {
            if (before[i] != after[i] && !inside[i]) count++;
        }
        return count;
    }
}
