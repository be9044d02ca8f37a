namespace RemoteAccess.Tests;

/// <summary>Pixels with what photographs are made of: slow light, edges, texture and noise. The same seed gives the same picture.</summary>
internal static class PhotoLike
{
    public static byte[] Draw(int width, int height, int stride, int seed)
    {
        var random = new Random(seed);
        byte[] pixels = new byte[stride * height];
        (double angle, double light, double red, double blue) = (random.NextDouble() * 6, 60 + random.NextDouble() * 120, random.NextDouble() * 80 - 40, random.NextDouble() * 80 - 40);
        (double edge, double texture, double noise) = (random.NextDouble() * 60, random.NextDouble() * 25, random.NextDouble() * 4);
        for (int y = 0; y < height; y++)
            for (int x = 0; x < width; x++)
            {
                double value = light + 40 * Math.Sin((x * Math.Cos(angle) + y * Math.Sin(angle)) / 37) + (x * 3 + y * 2 > 90 + 20 * Math.Sin(y / 9.0) ? edge : 0);
                value += texture * Math.Sin(x * 0.9 + y * 0.3) * Math.Sin(y * 0.7 - x * 0.2) + noise * (random.NextDouble() + random.NextDouble() - 1);
                double warm = Math.Sin((x + 2 * y) / 50.0 + angle);
                Span<byte> pixel = pixels.AsSpan(y * stride + x * 4, 4);
                (pixel[0], pixel[1], pixel[2], pixel[3]) = (Level(value + blue * warm), Level(value), Level(value + red * warm), 0);
            }

        return pixels;
    }

    private static byte Level(double value) => (byte)Math.Clamp(value, 0, 255);
}
