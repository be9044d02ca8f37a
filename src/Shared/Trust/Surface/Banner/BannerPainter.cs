namespace RemoteAccess.Trust;

/// <summary>Draws a strip.</summary>
internal static class BannerPainter
{
    public static void Draw(Canvas canvas, BannerLayout layout, DrawingStyle style)
    {
        PixelRect all = new(0, 0, layout.Width, layout.Height);
        canvas.Fill(all, layout.Paper);
        canvas.Frame(all, layout.Ink, style.Px(style.Colours.Line));
        foreach (DrawnItem item in layout.Items) canvas.Write(style.Letters, item.Text, item.Style, item.Colour, item.Area.X, item.Area.Y);
        Figure.Draw(canvas, FigureKind.Person, layout.Figure.X, layout.Figure.Y, layout.Figure.Side, layout.Ink, layout.Paper);
        if (layout.DetailsLabel is { } details) Button(canvas, layout, style, layout.Details, details, layout.Paper, layout.Ink);
        Button(canvas, layout, style, layout.Stop, layout.StopLabel, layout.Ink, layout.Paper);
    }

    private static void Button(Canvas canvas, BannerLayout layout, DrawingStyle style, PixelRect at, string label, uint paper, uint ink)
    {
        canvas.Fill(at, paper);
        canvas.Frame(at, layout.Ink, style.Px(style.Colours.Line));
        (int ascent, int height) = style.Letters.Line(LetterStyle.Strong);
        canvas.Write(style.Letters, label, LetterStyle.Strong, ink, at.X + ((at.Width - style.Letters.Width(label, LetterStyle.Strong)) / 2), at.Y + ((at.Height - height) / 2) + ascent);
    }
}
