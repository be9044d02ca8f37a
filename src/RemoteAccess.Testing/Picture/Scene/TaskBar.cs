using System.Globalization;

namespace RemoteAccess.Picture;

/// <summary>The bar at the bottom of the primary monitor: whose computer it is, the windows, and a clock.</summary>
internal sealed class TaskBar(DamageRegion dirty, string computerName)
{
    private const int Height = 40, ClockWidth = 104, ItemWidth = 124, ItemGap = 6;

    private string time = "";
    private string date = "";

    public PixelRect Bounds { get; private set; }

    public PixelRect Clock { get; private set; }

    public void Place(PixelRect monitor)
    {
        int height = Math.Min(Height, monitor.Height / 4);
        Bounds = new PixelRect(monitor.X, monitor.Bottom - height, monitor.Width, height);
        int width = Math.Min(ClockWidth, monitor.Width);
        Clock = Bounds with { X = Bounds.Right - width, Width = width };
    }

    /// <summary>Shows a moment, to the second; damages only characters that change.</summary>
    public void Show(DateTimeOffset now)
    {
        time = Change(time, now.ToString("HH:mm:ss", CultureInfo.InvariantCulture), Clock.Y + 4);
        date = Change(date, now.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), Clock.Y + 20);
    }

    public PixelRect ItemFor(int index) => new(Bounds.X + NameWidth() + index * (ItemWidth + ItemGap), Bounds.Y + 5, ItemWidth, Bounds.Height - 10);

    /// <summary>The bar's part that an item with its text may cover; on a low bar the text is higher than the item.</summary>
    public PixelRect SlotFor(int index) => ItemFor(index) with { Y = Bounds.Y, Height = Bounds.Height };

    public void Paint(PixelCanvas canvas, IReadOnlyList<SceneWindow> windows)
    {
        // On a narrow monitor names and items would reach into the next one.
        PixelRect before = canvas.Clip;
        canvas.Clip = Bounds.Intersect(before);
        canvas.Fill(Bounds, Palette.Bar);
        int middle = Bounds.Y + (Bounds.Height - Glyph.CellHeight) / 2;
        RoundedPanel.Fill(canvas, new PixelRect(Bounds.X + 12, middle, 16, 15), 4, Palette.Accent);
        RoundedPanel.Fill(canvas, new PixelRect(Bounds.X + 15, middle + 3, 10, 6), 0, Palette.BarText);
        BitmapFont.Draw(canvas, Bounds.X + 38, middle, computerName, Palette.BarText, bold: true);
        foreach (SceneWindow window in windows)
        {
            PixelRect item = ItemFor(window.Order);
            RoundedPanel.Fill(canvas, item, 5, window.IsActive ? Palette.BarActive : Palette.BarItem);
            if (window.IsActive) canvas.Fill(new PixelRect(item.X + 12, item.Bottom - 3, item.Width - 24, 2), Palette.LampOn);
            BitmapFont.Draw(canvas, item.X + 12, middle, window.Title, window.IsActive ? Palette.BarText : Palette.BarDim);
        }

        canvas.Fill(Clock, Palette.Bar);
        BitmapFont.Draw(canvas, Start(time), Clock.Y + 4, time, Palette.BarText);
        BitmapFont.Draw(canvas, Start(date), Clock.Y + 20, date, Palette.BarDim);
        canvas.Clip = before;
    }

    private int NameWidth() => 38 + BitmapFont.Measure(computerName) + computerName.Length + 20;

    private int Start(string text) => Clock.Right - 14 - BitmapFont.Measure(text);

    private string Change(string before, string now, int y)
    {
        if (before == now) return before;
        int same = before.AsSpan().CommonPrefixLength(now);
        // Digits are equally wide, so what stands before the first change stays where it is.
        int x = before.Length == now.Length ? Start(now) + BitmapFont.Measure(now[..same]) : Clock.X;
        dirty.Add(new PixelRect(x, y, Clock.Right - x, Glyph.CellHeight).Intersect(Clock));
        return now;
    }
}
