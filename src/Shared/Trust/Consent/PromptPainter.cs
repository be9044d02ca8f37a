using RemoteAccess.Sessions;

namespace RemoteAccess.Trust;

/// <summary>Draws a prompt on a canvas of its size, which is its own from then on. On one thread.</summary>
internal sealed class PromptPainter(Canvas canvas, PromptLayout layout, Palette colours, Lettering fonts) : IDisposable
{
    public void Draw(ConsentPrompt prompt, PromptInput input, TimeSpan remaining)
    {
        canvas.Fill(new PixelRect(0, 0, layout.Width, layout.Height), colours.Paper);
        foreach (DrawnItem item in layout.Items)
        {
            if (item.Text.Length == 0) canvas.Fill(item.Area, item.Colour);
            else canvas.Write(fonts, item.Text, item.Style, item.Colour, item.Area.X, item.Area.Y);
        }
        double left = Math.Clamp(remaining / prompt.Request.Timeout, 0, 1);
        canvas.Fill(layout.Bar, colours.Line > 1 ? colours.Off : 0xe2e8f0);
        if (left > 0) canvas.Fill(layout.Bar with { Width = (int)(layout.Bar.Width * left) }, colours.Accent);
        canvas.Frame(new PixelRect(0, 0, layout.Width, layout.Height), colours.Edge, layout.Px(colours.Line));
        DrawCountdown(prompt.CountdownText(remaining));
        Button(layout.Refuse, prompt.Refuse, isFull: true, isOn: true, input.Focus == ConsentDecision.Refuse);
        Button(layout.Allow, prompt.Allow, isFull: false, input.IsActive, input.Focus == ConsentDecision.Allow);
        Show();
    }

    /// <summary>Copies what was drawn last.</summary>
    public void Show() => canvas.Show();

    public void Dispose() => canvas.Dispose();

    private void DrawCountdown(string text)
    {
        (int ascent, int height) = fonts.Line(LetterStyle.Note);
        List<string> lines = TextWrap.Lines(text, LetterStyle.Note, layout.Countdown.Width, fonts);
        int y = layout.Countdown.Y + ((layout.Countdown.Height - (lines.Count * height)) / 2);
        foreach (string line in lines)
        {
            canvas.Write(fonts, line, LetterStyle.Note, colours.Muted, layout.Countdown.X, y + ascent);
            y += height;
        }
    }

    private void Button(PixelRect area, ConsentButton button, bool isFull, bool isOn, bool hasFocus)
    {
        uint edge = isOn ? colours.Accent : colours.Off;
        canvas.Fill(area, isFull ? colours.Accent : colours.ButtonPaper);
        canvas.Frame(area, edge, layout.Px(colours.Line));
        uint ink = !isOn ? colours.Off : isFull ? colours.Paper : colours.ButtonText;
        (int ascent, int height) = fonts.Line(LetterStyle.Strong);
        int x = area.X + ((area.Width - fonts.Width(button.Label, LetterStyle.Strong)) / 2);
        canvas.Write(fonts, button.Label, LetterStyle.Strong, ink, x, area.Y + ((area.Height - height) / 2) + ascent);
        if (!hasFocus) return;
        int gap = layout.Px(3), ring = layout.Px(2.5);
        canvas.Frame(new PixelRect(area.X - gap - ring, area.Y - gap - ring, area.Width + (2 * (gap + ring)), area.Height + (2 * (gap + ring))), colours.Ring, ring);
    }
}
