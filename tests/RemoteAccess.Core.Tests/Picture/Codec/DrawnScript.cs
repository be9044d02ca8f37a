using System.Runtime.InteropServices;
using RemoteAccess.Picture;

namespace RemoteAccess.Tests;

/// <summary>
/// A seeded sequence of frames of what screens do: typing, scrolling, windows that move, pages that come back, photographs and video that
/// appear, flicker, single pixels. Small shapes, so that thousands of frames are quick.
/// </summary>
internal sealed class DrawnScript(int seed)
{
    private readonly Random random = new(seed);
    private readonly List<DrawnFrame> pages = [];
    private PixelRect film;
    private int filmLeft;

    public DrawnFrame Begin(PixelSize size, int slack)
    {
        pages.Clear();
        filmLeft = 0;
        var frame = new DrawnFrame(size, slack);
        Paper(frame);
        return frame;
    }

    /// <summary>The next frame: a copy of <paramref name="frame"/>, which was the last, with one thing done to it.</summary>
    public DrawnFrame Next(DrawnFrame frame)
    {
        PixelRect whole = new(0, 0, frame.Size.Width, frame.Size.Height);
        DrawnFrame next = frame.CopyWith(whole);
        PixelRect area = Somewhere(whole);
        if (filmLeft > 0)
        {
            filmLeft--;
            Photograph(next, film);
            if (random.Next(3) > 0) return next;
        }

        switch (random.Next(16))
        {
            case <= 3: Write(next, area); break;
            case 4 or 5: Shift(next, area, 0, random.Next(-40, 41)); break;
            case 6: Shift(next, area, random.Next(-30, 31), random.Next(-30, 31)); break;
            case 7: Fill(next, area, Colour()); break;
            case 8: next.Scribble(random, area with { Width = Math.Min(area.Width, 24), Height = Math.Min(area.Height, 24) }); break;
            case 9 or 10: Photograph(next, area); break;
            case 11: TurnPage(next); break;
            case 12: Fill(next, new PixelRect(area.X, area.Y, 1, 1), Colour()); break;
            case 13: break;
            case 14 or 15: (film, filmLeft) = (area, random.Next(5, 25)); break;
        }

        return next;
    }

    /// <summary>A smooth picture with grain: what a camera sees.</summary>
    public void Photograph(DrawnFrame target, PixelRect area)
    {
        double fx = random.NextDouble() / 20, fy = random.NextDouble() / 20, phase = random.NextDouble() * 6;
        for (int y = area.Y; y < area.Bottom; y++)
        {
            Span<uint> row = Row(target, y);
            for (int x = area.X; x < area.Right; x++)
            {
                int level = (int)(110 + 60 * Math.Sin(x * fx + phase) + 50 * Math.Cos(y * fy));
                row[x] = Pack(level + random.Next(7), level / 2 + 50 + random.Next(7), 200 - level / 2 + random.Next(7));
            }
        }
    }

    private void Paper(DrawnFrame target)
    {
        Fill(target, new PixelRect(0, 0, target.Size.Width, target.Size.Height), 0xF0F0F0);
        for (int i = 0; i < 5; i++) Write(target, Somewhere(new PixelRect(0, 0, target.Size.Width, target.Size.Height)));
    }

    private void TurnPage(DrawnFrame target)
    {
        if (pages.Count < 3)
        {
            pages.Add(target.CopyWith());
            Paper(target);
            return;
        }

        pages[random.Next(pages.Count)].Pixels.CopyTo(target.Writable);
    }

    /// <summary>Glyphs of an alphabet of eight, in two colours.</summary>
    private void Write(DrawnFrame target, PixelRect area)
    {
        uint ink = Colour(), paper = random.Next(2) == 0 ? 0xFFFFFF : Colour();
        for (int top = area.Y; top + 9 <= area.Bottom; top += 10)
            for (int left = area.X; left + 6 <= area.Right; left += 7)
            {
                uint glyph = (uint)(random.Next(8) * 0x9E3779B1 + 0x7F4A7C15);
                for (int y = 0; y < 9; y++)
                    for (int x = 0; x < 6; x++)
                        Row(target, top + y)[left + x] = (glyph >> ((y * 6 + x) % 31) & 1) != 0 ? ink : paper;
            }
    }

    /// <summary>Moves what is in the area, as scrolling does.</summary>
    public static void Shift(DrawnFrame target, PixelRect area, int dx, int dy)
    {
        DrawnFrame before = target.CopyWith();
        PixelRect moved = (area with { X = area.X + dx, Y = area.Y + dy }).Intersect(new PixelRect(0, 0, target.Size.Width, target.Size.Height));
        for (int y = moved.Y; y < moved.Bottom; y++) Row(before, y - dy).Slice(moved.X - dx, moved.Width).CopyTo(Row(target, y)[moved.X..]);
    }

    private static void Fill(DrawnFrame target, PixelRect area, uint colour)
    {
        for (int y = area.Y; y < area.Bottom; y++) Row(target, y).Slice(area.X, area.Width).Fill(colour);
    }

    private PixelRect Somewhere(PixelRect whole)
    {
        int width = 1 + random.Next(whole.Width), height = 1 + random.Next(whole.Height);
        return new PixelRect(random.Next(whole.Width - width + 1), random.Next(whole.Height - height + 1), width, height);
    }

    private uint Colour() => (uint)random.Next(4) * 0x3F2A15 & 0xFFFFFF;

    private static uint Pack(int r, int g, int b) => (uint)(Math.Clamp(r, 0, 255) << 16 | Math.Clamp(g, 0, 255) << 8 | Math.Clamp(b, 0, 255));

    private static Span<uint> Row(DrawnFrame target, int y) => MemoryMarshal.Cast<byte, uint>(target.Writable.Slice(y * target.Stride, target.Size.Width * 4));
}
