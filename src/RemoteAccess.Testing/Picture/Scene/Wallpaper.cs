using System.Globalization;
using System.Numerics;

namespace RemoteAccess.Picture;

/// <summary>An evening sky over three rows of hills, with a caption that says what this is. One for each monitor.</summary>
internal sealed class Wallpaper
{
    private readonly PixelRect area;
    private readonly string computerName;
    private readonly (int[] Tops, byte[] EdgeAlpha, uint Colour)[] hills;

    public Wallpaper(PixelRect area, string computerName)
    {
        this.area = area;
        this.computerName = computerName;
        hills =
        [
            MakeHills(0.60, 0.070, 1.3, 0.4, Palette.FarHill),
            MakeHills(0.70, 0.060, 1.9, 2.1, Palette.MiddleHill),
            MakeHills(0.83, 0.055, 1.1, 4.4, Palette.NearHill),
        ];
    }

    public void Paint(PixelCanvas canvas)
    {
        PixelRect before = canvas.Clip;
        canvas.Clip = area.Intersect(before);
        if (!canvas.Clip.IsEmpty)
        {
            PaintSky(canvas);
            foreach ((int[] tops, byte[] edge, uint colour) in hills) PaintHills(canvas, tops, edge, colour);
            PaintCaption(canvas);
        }

        canvas.Clip = before;
    }

    private void PaintSky(PixelCanvas canvas)
    {
        int horizon = Math.Max(1, area.Height * 3 / 4);
        for (int y = canvas.Clip.Y; y < canvas.Clip.Bottom; y++)
        {
            int way = Math.Min(255, (y - area.Y) * 255 / horizon);
            canvas.Fill(canvas.Clip with { Y = y, Height = 1 }, PixelCanvas.Mix(Palette.SkyTop, Palette.SkyLow, way * way / 255));
        }

        double radius = Math.Min(area.Width, area.Height) * 0.075;
        double sunX = area.X + area.Width * 0.70, sunY = area.Y + area.Height * 0.52;
        PixelRect sun = canvas.Clip.Intersect(new((int)(sunX - radius) - 1, (int)(sunY - radius) - 1, (int)(2 * radius) + 3, (int)(2 * radius) + 3));
        for (int y = sun.Y; y < sun.Bottom; y++)
        {
            for (int x = sun.X; x < sun.Right; x++)
            {
                double dx = x + 0.5 - sunX, dy = y + 0.5 - sunY;
                canvas.Blend(x, y, Palette.Sun, (int)(230 * Math.Clamp(radius - Math.Sqrt(dx * dx + dy * dy) + 0.5, 0, 1)));
            }
        }
    }

    private void PaintHills(PixelCanvas canvas, int[] tops, byte[] edge, uint colour)
    {
        PixelRect clip = canvas.Clip;
        var line = new Vector<uint>(colour);
        int left = clip.X - area.X;
        int highest = int.MaxValue, lowest = int.MinValue;
        foreach (int top in tops.AsSpan(left, clip.Width))
        {
            highest = Math.Min(highest, top + area.Y);
            lowest = Math.Max(lowest, top + area.Y);
        }

        int solid = Math.Max(lowest, clip.Y);
        canvas.Fill(clip with { Y = solid, Height = clip.Bottom - solid }, colour);
        for (int y = Math.Max(highest, clip.Y); y < Math.Min(lowest, clip.Bottom); y++)
        {
            Span<uint> row = canvas.Row(clip.X, y, clip.Width);
            var here = new Vector<int>(y - area.Y);
            int x = 0;
            for (; x <= row.Length - Vector<uint>.Count; x += Vector<uint>.Count)
            {
                Vector<int> inside = Vector.GreaterThanOrEqual(here, new Vector<int>(tops, left + x));
                Vector.ConditionalSelect(inside.As<int, uint>(), line, new Vector<uint>(row[x..])).CopyTo(row[x..]);
            }

            for (; x < row.Length; x++)
            {
                if (y - area.Y >= tops[left + x]) row[x] = colour;
            }
        }

        for (int x = clip.X; x < clip.Right; x++) canvas.Blend(x, area.Y + tops[x - area.X] - 1, colour, edge[x - area.X]);
    }

    private void PaintCaption(PixelCanvas canvas)
    {
        string size = string.Create(CultureInfo.InvariantCulture, $"{area.Width} × {area.Height}");
        BitmapFont.Draw(canvas, area.X + 28, area.Y + 24, computerName, Palette.White, scale: 2);
        BitmapFont.Draw(canvas, area.X + 29, area.Y + 60, $"Virtual desktop, {size}", Palette.AccentPale);
    }

    private (int[] Tops, byte[] EdgeAlpha, uint Colour) MakeHills(double height, double swing, double waves, double phase, uint colour)
    {
        var tops = new int[area.Width];
        var edge = new byte[area.Width];
        for (int x = 0; x < tops.Length; x++)
        {
            double angle = (double)x / area.Width * waves * Math.Tau + phase;
            double top = area.Height * (height + swing * (Math.Sin(angle) + 0.35 * Math.Sin(2.7 * angle + 1)));
            tops[x] = (int)Math.Ceiling(top);
            edge[x] = (byte)(255 * (tops[x] - top));
        }

        return (tops, edge, colour);
    }
}
