namespace RemoteAccess.Trust;

/// <summary>Draws a sheet, or the part of it that is scrolled to.</summary>
internal sealed class SheetPainter(DrawingStyle style)
{
    private readonly Palette colours = style.Colours;
    private readonly Lettering letters = style.Letters;

    /// <param name="canvas">Where.</param>
    /// <param name="sheet">What.</param>
    /// <param name="scroll">Pixels of the sheet above the canvas.</param>
    /// <param name="focus">The id of the control with the focus.</param>
    public void Draw(Canvas canvas, Sheet sheet, int scroll, string focus)
    {
        canvas.Fill(new PixelRect(0, 0, canvas.Width, canvas.Height), colours.Paper);
        foreach (DrawnItem item in sheet.Items)
        {
            int y = item.Area.Y - scroll;
            if (item.Text.Length > 0) canvas.Write(letters, item.Text, item.Style, item.Colour, item.Area.X, y);
            else canvas.Fill(item.Area with { Y = y }, item.Colour);
        }
        foreach (FigureItem figure in sheet.Figures) Figure.Draw(canvas, figure.Kind, figure.X, figure.Y - scroll, figure.Side, figure.Ink, figure.Paper);
        foreach (Control control in sheet.Controls) Draw(canvas, control with { Area = control.Area with { Y = control.Area.Y - scroll } }, control.Id == focus);
        ScrollBar(canvas, sheet, scroll);
    }

    private int Px(double pixels) => style.Px(pixels);

    private void Draw(Canvas canvas, Control control, bool hasFocus)
    {
        PixelRect area = control.Area;
        switch (control.Kind)
        {
            case ControlKind.Tab:
                Words(canvas, control.Lines, LetterStyle.Strong, control.IsOn ? colours.Accent : colours.Muted, area, isCentred: true);
                if (control.IsOn) canvas.Fill(area with { Y = area.Y + area.Height - Px(3), Height = Px(3) }, colours.Accent);
                break;
            case ControlKind.Switch:
                Words(canvas, control.Lines, LetterStyle.Body, colours.Text, area with { X = area.X + Px(8) }, isCentred: false);
                Switch(canvas, control);
                break;
            case ControlKind.Choice:
                Words(canvas, control.Lines, LetterStyle.Body, colours.Text, area with { X = area.X + Px(30) }, isCentred: false);
                int side = Px(16), top = area.Y + ((area.Height - side) / 2), line = Math.Max(2, Px(1.5));
                canvas.Disc(new PixelRect(area.X + Px(6), top, side, side), colours.Accent, colours.Paper);
                canvas.Disc(new PixelRect(area.X + Px(6) + line, top + line, side - (2 * line), side - (2 * line)), colours.Paper, colours.Accent);
                if (control.IsOn) canvas.Disc(new PixelRect(area.X + Px(6) + (2 * line), top + (2 * line), side - (4 * line), side - (4 * line)), colours.Accent, colours.Paper);
                break;
            case ControlKind.Stepper:
                Stepper(canvas, control);
                break;
            case ControlKind.Field:
                Field(canvas, control, hasFocus);
                break;
            default:
                (uint paper, uint ink, uint edge) = control.Kind switch
                {
                    ControlKind.Primary => (colours.Accent, colours.Paper, colours.Accent),
                    ControlKind.Danger => (colours.BadPaper, colours.Bad, colours.Line > 1 ? colours.Edge : colours.BadPaper),
                    _ => (colours.ButtonPaper, colours.ButtonText, colours.Accent),
                };
                canvas.Fill(area, paper);
                canvas.Frame(area, edge, Px(colours.Line));
                Words(canvas, control.Lines, LetterStyle.Strong, ink, area, isCentred: true);
                break;
        }
        if (!hasFocus) return;
        int gap = Px(control.Kind is ControlKind.Switch or ControlKind.Choice or ControlKind.Tab ? 0 : 2), ring = Px(2.5);
        canvas.Frame(new PixelRect(area.X - gap - ring, area.Y - gap - ring, area.Width + (2 * (gap + ring)), area.Height + (2 * (gap + ring))), colours.Ring, ring);
    }

    private void Words(Canvas canvas, string[] lines, LetterStyle style, uint colour, PixelRect area, bool isCentred)
    {
        (int ascent, int height) = letters.Line(style);
        int y = area.Y + ((area.Height - (lines.Length * height)) / 2);
        foreach (string line in lines)
        {
            int x = isCentred ? area.X + ((area.Width - letters.Width(line, style)) / 2) : area.X;
            canvas.Write(letters, line, style, colour, x, y + ascent);
            y += height;
        }
    }

    private void Switch(Canvas canvas, Control control)
    {
        PixelRect area = control.Area;
        int high = Px(20), wide = Px(40), x = area.X + area.Width - wide - Px(6), y = area.Y + ((area.Height - high) / 2), line = Math.Max(2, Px(1.5));
        uint ground = control.IsOn ? colours.Accent : colours.Edge;
        int knob = high - (2 * line);
        canvas.Disc(new PixelRect(x, y, high, high), ground, colours.QuotePaper);
        canvas.Disc(new PixelRect(x + wide - high, y, high, high), ground, colours.QuotePaper);
        canvas.Fill(new PixelRect(x + (high / 2), y, wide - high, high), ground);
        canvas.Disc(new PixelRect(control.IsOn ? x + wide - high + line : x + line, y + line, knob, knob), colours.Paper, ground);
        (int ascent, int height) = letters.Line(LetterStyle.Note);
        canvas.Write(letters, control.State, LetterStyle.Note, colours.Muted, x - Px(8) - letters.Width(control.State, LetterStyle.Note), area.Y + ((area.Height - height) / 2) + ascent);
    }

    private void Stepper(Canvas canvas, Control control)
    {
        PixelRect area = control.Area;
        canvas.Fill(area, colours.ButtonPaper);
        canvas.Frame(area, colours.Accent, Px(colours.Line));
        int side = area.Height;
        canvas.Fill(area with { Width = side }, colours.Accent);
        canvas.Fill(area with { X = area.X + area.Width - side, Width = side }, colours.Accent);
        Words(canvas, ["‹"], LetterStyle.Title, colours.Paper, area with { Width = side }, isCentred: true);
        Words(canvas, ["›"], LetterStyle.Title, colours.Paper, area with { X = area.X + area.Width - side, Width = side }, isCentred: true);
        Words(canvas, control.Lines, LetterStyle.Strong, colours.Text, area, isCentred: true);
    }

    private void Field(Canvas canvas, Control control, bool hasFocus)
    {
        PixelRect area = control.Area;
        canvas.Fill(area, colours.Paper);
        canvas.Frame(area, colours.Line > 1 ? colours.Edge : colours.Accent, Px(colours.Line));
        (int ascent, int height) = letters.Line(LetterStyle.Body);
        int x = area.X + Px(10), y = area.Y + ((area.Height - height) / 2);
        bool isEmpty = control.Text is not { Text.Length: > 0 };
        if (!isEmpty) canvas.Write(letters, control.Lines[0], LetterStyle.Body, colours.Text, x, y + ascent);
        // With the focus the line waits for letters, and words in it would look like some.
        else if (!hasFocus) canvas.Write(letters, TextWrap.Around(control.Name, 0, LetterStyle.Body, area.Width - (2 * Px(10)), letters).Shown, LetterStyle.Body, colours.Muted, x, y + ascent);
        if (hasFocus) canvas.Fill(new PixelRect(x + letters.Width(control.Lines[0][..control.Caret], LetterStyle.Body), y, Px(2), height), colours.Text);
    }

    private void ScrollBar(Canvas canvas, Sheet sheet, int scroll)
    {
        if (sheet.Height <= canvas.Height) return;
        int wide = Px(6), high = Math.Max(Px(24), (int)((long)canvas.Height * canvas.Height / sheet.Height));
        int y = (int)((long)(canvas.Height - high) * scroll / (sheet.Height - canvas.Height));
        canvas.Fill(new PixelRect(canvas.Width - wide - Px(2), y, wide, high), colours.Off);
    }
}
