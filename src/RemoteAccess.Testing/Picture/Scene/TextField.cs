using System.Text;

namespace RemoteAccess.Picture;

/// <summary>A field of wrapped text with a caret and a wheel to scroll by. What changes is damaged as tightly as the change allows.</summary>
internal sealed class TextField(DamageRegion dirty)
{
    /// <summary>Characters it takes; more are ignored.</summary>
    public const int MostCharacters = 100_000;

    private const int Padding = 10, LinesPerNotch = 3, CaretWidth = 2, ScrollMarkWidth = 6;

    private readonly TextLines lines = new();
    private int caret;
    private int wantedColumn = -1;
    private int scroll;
    private int wheelRest;

    public PixelRect Bounds { get; private set; }

    public string Text => lines.ToString();

    private PixelRect Page => new(
        Bounds.X + Padding, Bounds.Y + Padding, Math.Max(0, Bounds.Width - 2 * Padding - ScrollMarkWidth), Math.Max(0, Bounds.Height - 2 * Padding));

    private int TextHeight => lines.Count * BitmapFont.LineHeight;

    private int MostScroll => Math.Max(0, TextHeight - Page.Height);

    public void Place(PixelRect bounds)
    {
        bool rewrap = bounds.Width != Bounds.Width;
        Bounds = bounds;
        if (rewrap) lines.Rewrap(Page.Width);
        scroll = Math.Clamp(scroll, 0, MostScroll);
    }

    public void Type(Rune character)
    {
        if (lines.Length >= MostCharacters) return;
        Change(caret, () => lines.Insert(caret, character), grows: 1);
    }

    public void Edit(EditKey key)
    {
        int line = lines.LineOf(caret);
        switch (key)
        {
            case EditKey.BackSpace:
                if (caret > 0) Change(caret - 1, () => lines.RemoveAt(caret - 1), grows: -1);
                break;
            case EditKey.Delete:
                if (caret < lines.Length) Change(caret, () => lines.RemoveAt(caret), grows: 0);
                break;
            case EditKey.Left:
                MoveCaret(Math.Max(0, caret - 1));
                break;
            case EditKey.Right:
                MoveCaret(Math.Min(lines.Length, caret + 1));
                break;
            case EditKey.Up:
                MoveByLines(-1);
                break;
            case EditKey.Down:
                MoveByLines(1);
                break;
            case EditKey.Home:
                MoveCaret(lines.Start(line));
                break;
            case EditKey.End:
                MoveCaret(lines.IndexAt(line, int.MaxValue));
                break;
            case EditKey.PageUp:
                MoveByLines(-LinesOnPage());
                break;
            case EditKey.PageDown:
                MoveByLines(LinesOnPage());
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(key), key, "Unknown key.");
        }
    }

    public void ClickAt(int x, int y)
    {
        int line = Math.Clamp((y - Page.Y + scroll) / BitmapFont.LineHeight, 0, lines.Count - 1);
        MoveCaret(lines.IndexAt(line, x - Page.X));
    }

    public void Wheel(int delta)
    {
        long wanted = (long)delta * LinesPerNotch * BitmapFont.LineHeight + wheelRest;
        wheelRest = (int)(wanted % 120);
        ScrollTo((int)Math.Clamp(scroll + wanted / 120, 0, MostScroll));
    }

    public void Paint(PixelCanvas canvas, bool hasCaret)
    {
        RoundedPanel.Fill(canvas, Bounds, 4, Palette.FieldBorder);
        RoundedPanel.Fill(canvas, new PixelRect(Bounds.X + 1, Bounds.Y + 1, Bounds.Width - 2, Bounds.Height - 2), 3, Palette.White);
        if (MostScroll > 0) RoundedPanel.Fill(canvas, ScrollMark(), 3, Palette.ScrollMark);
        PixelRect before = canvas.Clip, text = Page with { Width = Page.Width + CaretWidth };
        canvas.Clip = text.Intersect(before);
        int first = Math.Max(0, (canvas.Clip.Y - Page.Y + scroll) / BitmapFont.LineHeight);
        for (int line = first; line < lines.Count && TopOf(line) < canvas.Clip.Bottom; line++)
        {
            int x = 0;
            foreach (Rune character in lines[line])
            {
                if (character.Value != '\t') BitmapFont.Draw(canvas, Page.X + x, TopOf(line) + 2, character, Palette.Text);
                x = TextLines.After(x, character);
            }
        }

        if (hasCaret) canvas.Fill(CaretArea(), Palette.Accent);
        canvas.Clip = before;
    }

    private int TopOf(int line) => Page.Y + line * BitmapFont.LineHeight - scroll;

    private int LinesOnPage() => Math.Max(1, Page.Height / BitmapFont.LineHeight);

    private PixelRect CaretArea()
    {
        int line = lines.LineOf(caret);
        int column = Math.Min(lines.ColumnOf(line, caret), Page.Width);
        return new PixelRect(Page.X + column, TopOf(line), CaretWidth, BitmapFont.LineHeight);
    }

    private PixelRect ScrollMark()
    {
        int length = Math.Max(12, (int)((long)Page.Height * Page.Height / Math.Max(1, TextHeight)));
        int way = (int)((long)(Page.Height - length) * scroll / Math.Max(1, MostScroll));
        return new PixelRect(Bounds.Right - ScrollMarkWidth - 5, Page.Y + way, ScrollMarkWidth, length);
    }

    private void MoveByLines(int by)
    {
        int line = lines.LineOf(caret);
        int column = wantedColumn >= 0 ? wantedColumn : lines.ColumnOf(line, caret);
        MoveCaret(lines.IndexAt(Math.Clamp(line + by, 0, lines.Count - 1), column));
        wantedColumn = column;
    }

    private void MoveCaret(int index)
    {
        Damage(CaretArea());
        caret = index;
        wantedColumn = -1;
        Damage(CaretArea());
        ShowCaret();
    }

    // If the same lines break at the same places, only the rest of the caret's line has changed; else everything from the first rewrapped line.
    private void Change(int at, Func<int> edit, int grows)
    {
        int line = lines.LineOf(at), count = lines.Count, start = lines.Start(line), rest = lines.Length - lines.End(line);
        int right = lines.ColumnOf(line, int.MaxValue), left = lines.ColumnOf(line, at);
        Damage(CaretArea());
        int firstRewrapped = edit();
        caret += grows;
        wantedColumn = -1;
        if (lines.Count == count && lines.LineOf(caret) == line && lines.Start(line) == start && lines.Length - lines.End(line) == rest)
        {
            right = Math.Max(right, lines.ColumnOf(line, int.MaxValue));
            Damage(new PixelRect(Page.X + left, TopOf(line), right - left + CaretWidth, BitmapFont.LineHeight));
        }
        else if (MostScroll > 0 || count * BitmapFont.LineHeight > Page.Height)
        {
            dirty.Add(Bounds);
        }
        else
        {
            int top = TopOf(firstRewrapped), bottom = TopOf(Math.Max(count, lines.Count));
            Damage(new PixelRect(Page.X, top, Page.Width + CaretWidth, bottom - top));
        }

        Damage(CaretArea());
        ShowCaret();
    }

    private void Damage(PixelRect area) => dirty.Add(area.Intersect(Page with { Width = Page.Width + CaretWidth }));

    private void ShowCaret()
    {
        int top = lines.LineOf(caret) * BitmapFont.LineHeight, bottom = top + BitmapFont.LineHeight;
        int wanted = Math.Clamp(scroll, Math.Max(0, bottom - Page.Height), top);
        ScrollTo(Math.Min(wanted, MostScroll));
    }

    private void ScrollTo(int wanted)
    {
        if (wanted == scroll) return;
        scroll = wanted;
        dirty.Add(Bounds);
    }
}
