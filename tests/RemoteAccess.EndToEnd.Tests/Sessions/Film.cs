using RemoteAccess.Picture;

namespace RemoteAccess.Tests;

/// <summary>What a camera sees, frame by frame: smooth, with grain, and different each time.</summary>
internal sealed class Film(int seed)
{
    private readonly Random random = new(seed);
    private int frame;

    /// <summary>Shows the next frame in a part of the desktop.</summary>
    public void Show(VirtualDesktop desktop, PixelRect area) => desktop.Draw(area, Next(area));

    /// <summary>The pixels of its next frame.</summary>
    public byte[] Next(PixelRect area)
    {
        byte[] pixels = new byte[area.Area * 4];
        double phase = frame++ * 0.7;
        int at = 0;
        for (int y = 0; y < area.Height; y++)
        {
            double down = 50 * Math.Cos(y * 0.05 + phase);
            for (int x = 0; x < area.Width; x++)
            {
                int level = (int)(120 + 60 * Math.Sin(x * 0.03 + phase) + down);
                pixels[at++] = Level(level);
                pixels[at++] = Level(level * 3 / 4 + 20);
                pixels[at++] = Level(210 - level / 2);
                at++;
            }
        }

        return pixels;
    }

    private byte Level(int value) => (byte)Math.Clamp(value + random.Next(8), 0, 255);
}
