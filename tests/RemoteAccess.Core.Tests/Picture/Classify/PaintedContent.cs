using RemoteAccess.Picture;

namespace RemoteAccess.Tests;

/// <summary>Paints what screens show, the same for the same seed: photos, letters, flat surfaces.</summary>
internal static class PaintedContent
{
    /// <summary>A photo of soft shapes with the noise of a sensor; <paramref name="phase"/> moves the shapes.</summary>
    public static void Photo(DrawnFrame frame, PixelRect area, int seed, double phase = 0)
    {
        var random = new Random(seed);
        double[] waves = [.. Enumerable.Range(0, 18).Select(_ => random.NextDouble())];
        for (int y = area.Y; y < area.Bottom; y++)
        {
            for (int x = area.X; x < area.Right; x++)
            {
                Span<byte> pixel = frame.Writable.Slice(y * frame.Stride + x * 4, 3);
                for (int channel = 0; channel < 3; channel++)
                {
                    double light = 128;
                    for (int wave = 0; wave < 3; wave++)
                    {
                        int at = wave * 6 + channel;
                        light += 30 * Math.Sin(phase + waves[at] * 6 + x * (waves[(at + 5) % 18] - 0.5) * 0.12 + y * (waves[(at + 11) % 18] - 0.5) * 0.12);
                    }

                    pixel[channel] = (byte)Math.Clamp(light + random.Next(-3, 4), 0, 255);
                }
            }
        }
    }

    public static void Fill(DrawnFrame frame, PixelRect area, byte blue, byte green, byte red)
    {
        for (int y = area.Y; y < area.Bottom; y++)
        {
            for (int x = area.X; x < area.Right; x++) ((ReadOnlySpan<byte>)[blue, green, red]).CopyTo(frame.Writable[(y * frame.Stride + x * 4)..]);
        }
    }

    /// <summary>A gradient of two colours, as a title bar has.</summary>
    public static void Gradient(DrawnFrame frame, PixelRect area)
    {
        for (int y = area.Y; y < area.Bottom; y++) Fill(frame, new PixelRect(area.X, y, area.Width, 1), (byte)(200 - (y - area.Y) / 2), (byte)(180 - (y - area.Y) / 2), 120);
    }

    /// <summary>Blocks and bars of random places and a few colours, like letters without antialiasing.</summary>
    public static void Letters(DrawnFrame frame, PixelRect area, int seed)
    {
        var random = new Random(seed);
        Fill(frame, area, 250, 250, 250);
        for (int y = area.Y + 2; y + 10 < area.Bottom; y += 13)
        {
            for (int x = area.X + 2; x + 7 < area.Right; x += 8)
            {
                for (int stroke = 0; stroke < 3; stroke++)
                {
                    PixelRect bar = random.Next(2) == 0 ? new PixelRect(x + random.Next(6), y, 1, 9) : new PixelRect(x, y + random.Next(9), 6, 1);
                    Fill(frame, bar, 20, 20, (byte)(random.Next(2) * 40));
                }
            }
        }
    }

    /// <summary>Real letters: the coverage of a vector file, blended over what is there.</summary>
    public static void Text(DrawnFrame frame, string coverage, int atX, int atY, (byte Blue, byte Green, byte Red) colour)
    {
        (PixelSize size, byte[] rgb) = Coverage(coverage);
        for (int y = 0; y < size.Height && atY + y < frame.Size.Height; y++)
        {
            for (int x = 0; x < size.Width && atX + x < frame.Size.Width; x++)
            {
                Span<byte> pixel = frame.Writable.Slice((atY + y) * frame.Stride + (atX + x) * 4, 3);
                int at = (y * size.Width + x) * 3;
                pixel[0] = Blend(pixel[0], colour.Blue, rgb[at + 2]);
                pixel[1] = Blend(pixel[1], colour.Green, rgb[at + 1]);
                pixel[2] = Blend(pixel[2], colour.Red, rgb[at]);
            }
        }
    }

    public static (PixelSize Size, byte[] Rgb) Coverage(string name) =>
        PngReader.Read(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "vectors", "picture", "classify", name + ".png")));

    private static byte Blend(byte under, byte over, byte coverage) => (byte)(under + (over - under) * coverage / 255);
}
