namespace RemoteAccess.Trust;

/// <summary>What of the window for a password changes.</summary>
/// <param name="Dots">One for each character; never more than the field has room for.</param>
/// <param name="Status">What is to be said.</param>
/// <param name="CanStore">Whether the button works.</param>
internal readonly record struct EnrolmentShown(int Dots, string Status, bool CanStore);

/// <summary>Draws the window for a password on a canvas of its size, which is its own from then on. On one thread.</summary>
internal sealed class EnrolmentPainter(Canvas canvas, EnrolmentLayout layout, EnrolmentTexts texts, Palette colours, Lettering fonts) : IDisposable
{
    public void Draw(EnrolmentShown shown)
    {
        canvas.Fill(new PixelRect(0, 0, layout.Width, layout.Height), colours.Paper);
        foreach (DrawnItem item in layout.Items)
        {
            if (item.Text.Length == 0) canvas.Fill(item.Area, item.Colour);
            else canvas.Write(fonts, item.Text, item.Style, item.Colour, item.Area.X, item.Area.Y);
        }
        canvas.Frame(new PixelRect(0, 0, layout.Width, layout.Height), colours.Edge, layout.Px(colours.Line));
        Field(shown.Dots);
        (int ascent, int height) = fonts.Line(LetterStyle.Note);
        int y = layout.Status.Y;
        foreach (string line in TextWrap.Lines(shown.Status, LetterStyle.Note, layout.Status.Width, fonts).Take(2))
        {
            canvas.Write(fonts, line, LetterStyle.Note, colours.Text, layout.Status.X, y + ascent);
            y += height;
        }
        Button(layout.Cancel, texts["cancel"], isFull: false, isOn: true);
        Button(layout.Store, texts["store"], isFull: true, shown.CanStore);
        Show();
    }

    /// <summary>Copies what was drawn last.</summary>
    public void Show() => canvas.Show();

    public void Dispose() => canvas.Dispose();

    private void Field(int dots)
    {
        canvas.Fill(layout.Field, colours.ButtonPaper);
        canvas.Frame(layout.Field, colours.Ring, layout.Px(2));
        int side = layout.Px(8), step = layout.Px(14), left = layout.Field.X + layout.Px(12), room = (layout.Field.Width - layout.Px(24)) / step;
        int top = layout.Field.Y + ((layout.Field.Height - side) / 2);
        for (int i = 0; i < Math.Min(dots, room); i++) canvas.Disc(new PixelRect(left + (i * step), top, side, side), colours.Text, colours.ButtonPaper);
        // Where the next one goes.
        int caret = left + (Math.Min(dots, room) * step);
        canvas.Fill(new PixelRect(caret, layout.Field.Y + layout.Px(9), layout.Px(1.5), layout.Field.Height - layout.Px(18)), colours.Text);
    }

    private void Button(PixelRect area, string label, bool isFull, bool isOn)
    {
        canvas.Fill(area, isFull && isOn ? colours.Accent : colours.ButtonPaper);
        canvas.Frame(area, isOn ? colours.Accent : colours.Off, layout.Px(colours.Line));
        (int ascent, int height) = fonts.Line(LetterStyle.Strong);
        int x = area.X + ((area.Width - fonts.Width(label, LetterStyle.Strong)) / 2);
        canvas.Write(fonts, label, LetterStyle.Strong, !isOn ? colours.Off : isFull ? colours.Paper : colours.ButtonText, x, area.Y + ((area.Height - height) / 2) + ascent);
    }
}
