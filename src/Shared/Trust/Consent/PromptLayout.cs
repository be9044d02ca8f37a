namespace RemoteAccess.Trust;

/// <summary>
/// Where everything of a prompt stands, from top to bottom in reading order; nothing is shortened. Countdown and buttons change while it is shown,
/// so they have only their places here.
/// </summary>
internal sealed class PromptLayout
{
    private const int WidthAtOne = 600, Margin = 26;
    private const double SmallestScale = 0.7;
    private readonly ConsentPrompt prompt;
    private readonly Palette colours;
    private readonly ITextMeasure measure;
    private readonly double scale;
    private readonly List<DrawnItem> items = [];
    private readonly List<Passage> passages = [];
    private int y;

    public PromptLayout(ConsentPrompt prompt, Palette colours, ITextMeasure measure, double scale, int mostWidth)
    {
        this.prompt = prompt;
        this.colours = colours;
        this.measure = measure;
        this.scale = scale;
        Width = Math.Min(Px(WidthAtOne), mostWidth);
        foreach (ConsentBlock block in prompt.Blocks)
        {
            int top = y;
            Add(block);
            if (block.Kind != ConsentBlockKind.Countdown) passages.Add(new(Words(block), new PixelRect(0, top, Width, y - top)) { IsHeading = block.Kind == ConsentBlockKind.Title });
        }
        (Refuse, Allow, Countdown, Bar) = Foot();
        Height = y;
    }

    /// <summary>At the scale that is wanted, or the largest one at which everything is on the monitor. The letters are the caller's.</summary>
    /// <exception cref="DesktopException">Not everything can be shown, at any scale that can be read.</exception>
    public static (Lettering Letters, PromptLayout Layout) Fit(ConsentPrompt prompt, Palette colours, PixelRect monitor, double scale, Func<double, Lettering> open)
    {
        for (; ; scale *= 0.95)
        {
            Lettering letters = open(scale);
            PromptLayout layout = new(prompt, colours, letters, scale, monitor.Width);
            if (layout.Height <= monitor.Height) return (letters, layout);
            letters.Dispose();
            if (scale < SmallestScale)
                throw new DesktopException(DesktopError.UnsupportedFormat, $"The prompt does not fit on a monitor of {monitor.Width}x{monitor.Height} pixels, and nobody is asked to agree to what cannot be read. Ask for less at once.");
        }
    }

    public int Width { get; }

    public int Height { get; }

    public IReadOnlyList<DrawnItem> Items => items;

    /// <summary>The same words, block by block, to be read out.</summary>
    public IReadOnlyList<Passage> Passages => passages;

    public PixelRect Refuse { get; }

    public PixelRect Allow { get; }

    /// <summary>Room for the countdown's words; two lines.</summary>
    public PixelRect Countdown { get; }

    /// <summary>Time left as a bar.</summary>
    public PixelRect Bar { get; }

    /// <summary>Pixels at this scale; never less than one for what is there at all.</summary>
    public int Px(double pixels) => Math.Max(1, (int)Math.Round(pixels * scale));

    private int Inner => Width - 2 * Px(Margin);

    private string Words(ConsentBlock block)
    {
        bool isQuoted = block.Kind is ConsentBlockKind.Reason or ConsentBlockKind.Computer;
        string words = string.Join('\n', isQuoted ? block.Lines.Take(1).Select(prompt.Quote) : block.Lines);
        return block.Heading.Length > 0 ? $"{block.Heading}\n{words}" : words;
    }

    private void Add(ConsentBlock block)
    {
        switch (block.Kind)
        {
            case ConsentBlockKind.Title:
                Title(block.Lines[0]);
                break;
            case ConsentBlockKind.Requester:
                Heading(block);
                Paragraph(block.Lines[0], LetterStyle.Name, colours.Text, Px(Margin), Inner);
                foreach (string line in block.Lines.Skip(1)) Paragraph(line, LetterStyle.Body, colours.Text, Px(Margin), Inner);
                y += Px(6);
                break;
            case ConsentBlockKind.Verified:
                Box(block.Lines[0], LetterStyle.Strong, colours.GoodPaper, colours.Good, colours.Good);
                break;
            case ConsentBlockKind.Unverified:
                Box(block.Lines[0], LetterStyle.Strong, colours.BadPaper, colours.Bad, colours.BadPaper);
                break;
            case ConsentBlockKind.Allows:
                Heading(block);
                foreach (string line in block.Lines) ListItem(line);
                y += Px(12);
                break;
            case ConsentBlockKind.Reason or ConsentBlockKind.Computer:
                Heading(block);
                Box(prompt.Quote(block.Lines[0]), LetterStyle.Body, colours.QuotePaper, colours.Text, colours.Off);
                break;
            case ConsentBlockKind.SessionCode:
                Heading(block);
                Paragraph(block.Lines[0], LetterStyle.Title, colours.Text, Px(Margin), Inner);
                y += Px(12);
                break;
            case ConsentBlockKind.Countdown:
                break;
            default:
                Heading(block);
                foreach (string line in block.Lines) Paragraph(line, LetterStyle.Body, colours.Text, Px(Margin), Inner);
                y += Px(12);
                break;
        }
    }

    private void Title(string text)
    {
        items.Add(new(new PixelRect(0, 0, Width, 0), colours.Band));
        items.Add(new(new PixelRect(0, 0, Width, Px(5)), colours.Accent));
        y = Px(22);
        Paragraph(text, LetterStyle.Title, colours.Text, Px(Margin), Inner);
        y += Px(14);
        items[0] = new(new PixelRect(0, 0, Width, y), colours.Band);
        items.Add(new(new PixelRect(0, y, Width, Px(colours.Line)), colours.Line > 1 ? colours.Edge : 0xd6dee8));
        y += Px(16);
    }

    private void Heading(ConsentBlock block)
    {
        if (block.Heading.Length == 0) return;
        Paragraph(block.Heading, LetterStyle.Heading, colours.Muted, Px(Margin), Inner);
        y += Px(3);
    }

    private void Paragraph(string text, LetterStyle style, uint colour, int x, int width)
    {
        (int ascent, int height) = measure.Line(style);
        foreach (string line in TextWrap.Lines(text, style, width, measure))
        {
            items.Add(new(new PixelRect(x, y + ascent, width, height), colour, line, style));
            y += height;
        }
    }

    private void ListItem(string text)
    {
        (_, int height) = measure.Line(LetterStyle.Body);
        int side = Px(6), indent = Px(18);
        items.Add(new(new PixelRect(Px(Margin) + Px(2), y + ((height - side) / 2), side, side), colours.Accent));
        Paragraph(text, LetterStyle.Body, colours.Text, Px(Margin) + indent, Inner - indent);
        y += Px(1);
    }

    /// <summary>Words set apart by a ground of their own and a bar at their left, which nothing in them can leave.</summary>
    private void Box(string text, LetterStyle style, uint paper, uint ink, uint bar)
    {
        int top = y, ground = items.Count;
        items.Add(default);
        items.Add(default);
        y += Px(7);
        Paragraph(text, style, ink, Px(Margin) + Px(14), Inner - Px(26));
        y += Px(7);
        items[ground] = new(new PixelRect(Px(Margin), top, Inner, y - top), paper);
        items[ground + 1] = new(new PixelRect(Px(Margin), top, Px(4), y - top), bar);
        y += Px(14);
    }

    private (PixelRect Refuse, PixelRect Allow, PixelRect Countdown, PixelRect Bar) Foot()
    {
        y += Px(2);
        PixelRect bar = new(0, y, Width, Px(3));
        y += Px(3) + Px(18);
        int height = Px(40), gap = Px(14);
        int label = Math.Max(measure.Width(prompt.Refuse.Label, LetterStyle.Strong), measure.Width(prompt.Allow.Label, LetterStyle.Strong));
        int width = Math.Max(Px(124), label + Px(44));
        PixelRect allow = new(Width - Px(Margin) - width, y, width, height);
        PixelRect refuse = new(allow.X - gap - width, y, width, height);
        PixelRect countdown = new(Px(Margin), y, refuse.X - Px(Margin) - Px(16), height);
        y += height + Px(22);
        return (refuse, allow, countdown, bar);
    }
}
