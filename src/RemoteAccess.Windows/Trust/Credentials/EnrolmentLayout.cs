namespace RemoteAccess.Trust;

/// <summary>Where everything of the window for a password stands, from top to bottom.</summary>
internal sealed class EnrolmentLayout
{
    private const int WidthAtOne = 560, Margin = 26;
    private const double SmallestScale = 0.7;
    private readonly Palette colours;
    private readonly ITextMeasure measure;
    private readonly double scale;
    private readonly List<DrawnItem> items = [];
    private readonly List<Passage> passages = [];
    private int y;

    public EnrolmentLayout(EnrolmentQuestion question, EnrolmentTexts texts, Palette colours, ITextMeasure measure, double scale, int mostWidth)
    {
        (this.colours, this.measure, this.scale) = (colours, measure, scale);
        Width = Math.Min(Px(WidthAtOne), mostWidth);
        items.Add(default);
        items.Add(new(new PixelRect(0, 0, Width, Px(5)), colours.Accent));
        y = Px(22);
        Paragraph(texts["title"], LetterStyle.Title, colours.Text);
        y += Px(14);
        items[0] = new(new PixelRect(0, 0, Width, y), colours.Band);
        y += Px(16);
        if (question.IsAgain) Paragraph(texts["again"], LetterStyle.Strong, colours.Text, Px(10));
        Paragraph(texts["what"], LetterStyle.Body, colours.Text, Px(8));
        Paragraph(texts["where"], LetterStyle.Body, colours.Text, Px(12));
        Paragraph(texts["computer"], LetterStyle.Heading, colours.Muted);
        Paragraph(HarmlessText.Line(question.Nickname, 128), LetterStyle.Body, colours.Text, Px(8));
        Paragraph(texts["account"], LetterStyle.Heading, colours.Muted);
        Paragraph(HarmlessText.Line(question.User, 128), LetterStyle.Strong, colours.Text, Px(8));
        Paragraph(texts["password"], LetterStyle.Heading, colours.Muted, Px(3));
        Field = new PixelRect(Px(Margin), y, Inner, Px(38));
        y += Field.Height + Px(8);
        Status = new PixelRect(Px(Margin), y, Inner, 2 * measure.Line(LetterStyle.Note).Height);
        y += Status.Height + Px(12);
        int height = Px(40), gap = Px(14);
        int label = Math.Max(measure.Width(texts["store"], LetterStyle.Strong), measure.Width(texts["cancel"], LetterStyle.Strong));
        int width = Math.Max(Px(124), label + Px(44));
        Store = new PixelRect(Width - Px(Margin) - width, y, width, height);
        Cancel = new PixelRect(Store.X - gap - width, y, width, height);
        Height = y + height + Px(22);
    }

    /// <summary>At the scale that is wanted, or the largest one at which everything is on the monitor. The letters are the caller's.</summary>
    /// <exception cref="DesktopException">Not everything can be shown, at any scale that can be read.</exception>
    public static (Lettering Letters, EnrolmentLayout Layout) Fit(EnrolmentQuestion question, EnrolmentTexts texts, Palette colours, PixelRect monitor, double scale)
    {
        for (; ; scale *= 0.95)
        {
            Lettering letters = new(question.Culture, scale);
            EnrolmentLayout layout = new(question, texts, colours, letters, scale, monitor.Width);
            if (layout.Height <= monitor.Height) return (letters, layout);
            letters.Dispose();
            if (scale < SmallestScale) throw new DesktopException(DesktopError.UnsupportedFormat, $"The window for a password does not fit on a monitor of {monitor.Width}x{monitor.Height} pixels.");
        }
    }

    public int Width { get; }

    public int Height { get; }

    public IReadOnlyList<DrawnItem> Items => items;

    /// <summary>The same words, to be read out.</summary>
    public IReadOnlyList<Passage> Passages => passages;

    /// <summary>Where the dots are.</summary>
    public PixelRect Field { get; }

    /// <summary>Room for two lines of what is to be said meanwhile.</summary>
    public PixelRect Status { get; }

    public PixelRect Store { get; }

    public PixelRect Cancel { get; }

    private int Inner => Width - (2 * Px(Margin));

    /// <summary>Pixels at this scale; never less than one for what is there at all.</summary>
    public int Px(double pixels) => Math.Max(1, (int)Math.Round(pixels * scale));

    private void Paragraph(string text, LetterStyle style, uint colour, int after = 0)
    {
        (int ascent, int height) = measure.Line(style);
        int top = y;
        foreach (string line in TextWrap.Lines(text, style, Inner, measure))
        {
            items.Add(new(new PixelRect(Px(Margin), y + ascent, Inner, height), colour, line, style));
            y += height;
        }
        passages.Add(new(text, new PixelRect(Px(Margin), top, Inner, y - top)) { IsHeading = style == LetterStyle.Title });
        y += after;
    }
}
