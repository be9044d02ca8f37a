namespace RemoteAccess.Trust;

/// <summary>Where everything stands on the strip: figure, words, two buttons; narrower on a narrow monitor, with words in more lines.</summary>
internal sealed class BannerLayout
{
    public BannerLayout(BannerWords words, string stop, string? details, Palette colours, ITextMeasure measure, double scale, int mostWidth)
    {
        int Px(double pixels) => Math.Max(1, (int)Math.Round(pixels * scale));
        (Words, StopLabel, DetailsLabel) = (words, stop, details);
        Paper = words.IsWatched ? colours.Watched : colours.Unwatched;
        Ink = words.IsWatched ? colours.OnWatched : colours.OnUnwatched;
        int pad = Px(10), gap = Px(8), figure = Px(32), buttonHeight = Px(32);
        int stopWidth = measure.Width(stop, LetterStyle.Strong) + Px(28), detailsWidth = details is null ? 0 : measure.Width(details, LetterStyle.Strong) + Px(24);
        int around = pad + figure + Px(12) + Px(16) + detailsWidth + (details is null ? 0 : gap) + stopWidth + pad;
        int room = Math.Max(Px(120), mostWidth - around);
        string[] headline = [.. TextWrap.Lines(words.Headline, LetterStyle.Strong, room, measure)], note = [.. TextWrap.Lines(words.Note, LetterStyle.Note, room, measure)];
        int wide = Math.Max(headline.Max(line => measure.Width(line, LetterStyle.Strong)), note.Max(line => measure.Width(line, LetterStyle.Note)));
        Width = Math.Min(mostWidth, around + wide);
        (int bigAscent, int big) = measure.Line(LetterStyle.Strong);
        (int smallAscent, int small) = measure.Line(LetterStyle.Note);
        int text = (headline.Length * big) + (note.Length * small);
        Height = Math.Max(text, Math.Max(figure, buttonHeight)) + (2 * Px(5));
        List<DrawnItem> items = [];
        int x = pad + figure + Px(12), y = (Height - text) / 2;
        foreach (string line in headline)
        {
            items.Add(new(new PixelRect(x, y + bigAscent, wide, big), Ink, line, LetterStyle.Strong));
            y += big;
        }
        foreach (string line in note)
        {
            items.Add(new(new PixelRect(x, y + smallAscent, wide, small), Ink, line, LetterStyle.Note));
            y += small;
        }
        Items = items;
        Figure = new FigureItem(FigureKind.Person, pad, (Height - figure) / 2, figure, Ink, Paper);
        Stop = new PixelRect(Width - pad - stopWidth, (Height - buttonHeight) / 2, stopWidth, buttonHeight);
        if (details is not null) Details = new PixelRect(Stop.X - gap - detailsWidth, Stop.Y, detailsWidth, buttonHeight);
    }

    public BannerWords Words { get; }

    public string StopLabel { get; }

    /// <summary>Null where there is nothing more to be shown, as at the lock screen.</summary>
    public string? DetailsLabel { get; }

    public uint Paper { get; }

    public uint Ink { get; }

    public int Width { get; }

    public int Height { get; }

    public IReadOnlyList<DrawnItem> Items { get; }

    public FigureItem Figure { get; }

    public PixelRect Stop { get; }

    /// <summary>Empty without a label.</summary>
    public PixelRect Details { get; }
}
