using RemoteAccess.Interop;
using RemoteAccess.Sessions;

namespace RemoteAccess.Trust;

/// <summary>Draws a prompt into a pixmap and copies it to the window in one piece, so that it never flickers. On one thread.</summary>
internal sealed unsafe class PromptPainter : IDisposable
{
    private readonly XConnection connection;
    private readonly PromptLayout layout;
    private readonly PromptColours colours;
    private readonly PromptFonts fonts;
    private readonly nuint window, pixmap;
    private readonly nint graphics, draw;

    public PromptPainter(XConnection connection, nuint window, PromptLayout layout, PromptColours colours, PromptFonts fonts)
    {
        this.connection = connection;
        this.window = window;
        this.layout = layout;
        this.colours = colours;
        this.fonts = fonts;
        nint display = connection.Display;
        pixmap = LibX11Window.XCreatePixmap(display, window, (uint)layout.Width, (uint)layout.Height, (uint)LibX11.XDefaultDepth(display, connection.Screen));
        graphics = LibX11Window.XCreateGC(display, pixmap, 0, null);
        draw = LibXft.XftDrawCreate(display, pixmap, LibX11.XDefaultVisual(display, connection.Screen), LibX11Window.XDefaultColormap(display, connection.Screen));
    }

    public void Draw(ConsentPrompt prompt, PromptInput input, TimeSpan remaining)
    {
        Fill(new PixelRect(0, 0, layout.Width, layout.Height), colours.Paper);
        foreach (PromptItem item in layout.Items)
        {
            if (item.Text.Length == 0) Fill(item.Area, item.Colour);
            else fonts.Draw(draw, item.Text, item.Style, item.Colour, item.Area.X, item.Area.Y);
        }
        double left = Math.Clamp(remaining / prompt.Request.Timeout, 0, 1);
        Fill(layout.Bar, colours.Line > 1 ? colours.Off : 0xe2e8f0);
        if (left > 0) Fill(layout.Bar with { Width = (int)(layout.Bar.Width * left) }, colours.Accent);
        Frame(new PixelRect(0, 0, layout.Width, layout.Height), colours.Edge, layout.Px(colours.Line));
        DrawCountdown(prompt.CountdownText(remaining));
        Button(layout.Refuse, prompt.Refuse, isFull: true, isOn: true, input.Focus == ConsentDecision.Refuse);
        Button(layout.Allow, prompt.Allow, isFull: false, input.IsActive, input.Focus == ConsentDecision.Allow);
        Show();
    }

    /// <summary>Copies what was drawn last.</summary>
    public void Show()
    {
        _ = LibX11Window.XCopyArea(connection.Display, pixmap, window, graphics, 0, 0, (uint)layout.Width, (uint)layout.Height, 0, 0);
        _ = LibX11.XFlush(connection.Display);
    }

    public void Dispose()
    {
        LibXft.XftDrawDestroy(draw);
        _ = LibX11Window.XFreeGC(connection.Display, graphics);
        _ = LibX11Window.XFreePixmap(connection.Display, pixmap);
    }

    private void DrawCountdown(string text)
    {
        (int ascent, int height) = fonts.Line(PromptStyle.Note);
        List<string> lines = TextWrap.Lines(text, PromptStyle.Note, layout.Countdown.Width, fonts);
        int y = layout.Countdown.Y + ((layout.Countdown.Height - (lines.Count * height)) / 2);
        foreach (string line in lines)
        {
            fonts.Draw(draw, line, PromptStyle.Note, colours.Muted, layout.Countdown.X, y + ascent);
            y += height;
        }
    }

    private void Button(PixelRect area, ConsentButton button, bool isFull, bool isOn, bool hasFocus)
    {
        uint edge = isOn ? colours.Accent : colours.Off;
        Fill(area, isFull ? colours.Accent : colours.ButtonPaper);
        Frame(area, edge, layout.Px(colours.Line));
        uint ink = !isOn ? colours.Off : isFull ? colours.Paper : colours.ButtonText;
        (int ascent, int height) = fonts.Line(PromptStyle.Strong);
        int x = area.X + ((area.Width - fonts.Width(button.Label, PromptStyle.Strong)) / 2);
        fonts.Draw(draw, button.Label, PromptStyle.Strong, ink, x, area.Y + ((area.Height - height) / 2) + ascent);
        if (!hasFocus) return;
        int gap = layout.Px(3), ring = layout.Px(2.5);
        Frame(new PixelRect(area.X - gap - ring, area.Y - gap - ring, area.Width + (2 * (gap + ring)), area.Height + (2 * (gap + ring))), colours.Ring, ring);
    }

    private void Fill(PixelRect area, uint colour)
    {
        _ = LibX11Window.XSetForeground(connection.Display, graphics, colour);
        _ = LibX11Window.XFillRectangle(connection.Display, pixmap, graphics, area.X, area.Y, (uint)area.Width, (uint)area.Height);
    }

    private void Frame(PixelRect area, uint colour, int thickness)
    {
        Fill(area with { Height = thickness }, colour);
        Fill(area with { Y = area.Y + area.Height - thickness, Height = thickness }, colour);
        Fill(area with { Width = thickness }, colour);
        Fill(area with { X = area.X + area.Width - thickness, Width = thickness }, colour);
    }
}
