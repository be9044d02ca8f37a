namespace RemoteAccess.Trust;

/// <summary>
/// Lays a sheet out from top to bottom. Every text passes through <see cref="HarmlessText"/> here and is wrapped, never shortened by the layout.
/// </summary>
internal sealed class SheetBuilder
{
    private const int Margin = 24;
    private readonly ITextMeasure measure;
    private readonly double scale;
    private readonly int width;
    private readonly List<DrawnItem> items = [];
    private readonly List<Passage> passages = [];
    private readonly List<FigureItem> figures = [];
    private readonly List<Control> controls = [];
    private int x, inner, y;

    public SheetBuilder(Palette colours, ITextMeasure measure, double scale, int width)
    {
        Colours = colours;
        this.measure = measure;
        this.scale = scale;
        this.width = width;
        x = Px(Margin);
        inner = width - (2 * Px(Margin));
        y = Px(18);
    }

    public Palette Colours { get; }

    /// <summary>The control with the focus when the sheet is shown first.</summary>
    public string FirstFocus { get; set; } = "";

    /// <summary>When it changes, the focus begins anew.</summary>
    public string Name { get; set; } = "";

    /// <summary>Pixels at this scale; never less than one for what is there at all.</summary>
    public int Px(double pixels) => Math.Max(1, (int)Math.Round(pixels * scale));

    public void Gap(double pixels) => y += Px(pixels);

    public void Title(string text) => Write(text, LetterStyle.Title, Colours.Text, x, inner, isHeading: true);

    public void Heading(string text)
    {
        Write(text, LetterStyle.Name, Colours.Text, x, inner, isHeading: true);
        Gap(4);
    }

    public void Note(string text) => Write(text, LetterStyle.Note, Colours.Muted, x, inner);

    public void Text(string text, LetterStyle style = LetterStyle.Body) => Write(text, style, Colours.Text, x, inner);

    /// <summary>A sentence with a square before it.</summary>
    public void Point(string text)
    {
        (_, int height) = measure.Line(LetterStyle.Body);
        items.Add(new(new PixelRect(x + Px(2), y + ((height - Px(6)) / 2), Px(6), Px(6)), Colours.Accent));
        Write(text, LetterStyle.Body, Colours.Text, x + Px(18), inner - Px(18));
        Gap(3);
    }

    /// <summary>A time in a column of its own, and what was then.</summary>
    public void Entry(string time, string text)
    {
        int column = Math.Max(Px(58), measure.Width(time, LetterStyle.Note) + Px(12)), top = y;
        Write(time, LetterStyle.Note, Colours.Muted, x, column);
        int after = y;
        y = top;
        Write(text, LetterStyle.Body, Colours.Text, x + column, inner - column);
        y = Math.Max(y, after) + Px(3);
    }

    public void Line()
    {
        Gap(4);
        items.Add(new(new PixelRect(x, y, inner, Px(Colours.Line)), Colours.Line > 1 ? Colours.Edge : 0xd6dee8));
        Gap(12);
    }

    /// <summary>Words set apart: what went well, or what is wrong.</summary>
    public void Box(string text, bool isBad) => Ground(isBad ? Colours.BadPaper : Colours.GoodPaper, isBad ? Colours.BadPaper : Colours.Good,
        () => Write(text, LetterStyle.Strong, isBad ? Colours.Bad : Colours.Good, x, inner));

    /// <summary>What belongs together, on a ground of its own.</summary>
    public void Card(Action content) => Ground(Colours.QuotePaper, Colours.Accent, content);

    /// <summary>A figure in the middle of a coloured field.</summary>
    public void Figure(FigureKind kind, uint ink, uint paper)
    {
        int side = Px(72), pad = Px(14);
        items.Add(new(new PixelRect(x, y, inner, side + (2 * pad)), paper));
        figures.Add(new FigureItem(kind, x + ((inner - side) / 2), y + pad, side, ink, paper));
        y += side + (2 * pad) + Px(16);
    }

    /// <summary>Buttons from left to right, in a further row where there is no room.</summary>
    public void Buttons(params ReadOnlySpan<(string Id, ControlKind Kind, string Label, bool IsOn, Action Press)> buttons)
    {
        int left = x, height = 0;
        foreach ((string id, ControlKind kind, string label, bool isOn, Action press) in buttons)
        {
            bool isTab = kind == ControlKind.Tab;
            int pad = isTab ? Px(10) : Px(18);
            string[] lines = [.. TextWrap.Lines(HarmlessText.Line(label), LetterStyle.Strong, inner - (2 * pad), measure)];
            int wide = Math.Min(inner, Math.Max(isTab ? 0 : Px(92), lines.Max(line => measure.Width(line, LetterStyle.Strong)) + (2 * pad)));
            int high = (lines.Length * measure.Line(LetterStyle.Strong).Height) + Px(14);
            if (left > x && left + wide > x + inner)
            {
                y += height + Px(10);
                (left, height) = (x, 0);
            }
            controls.Add(new Control(id, kind, new PixelRect(left, y, wide, high), lines, press) { IsOn = isOn });
            left += wide + Px(isTab ? 4 : 12);
            height = Math.Max(height, high);
        }
        y += height + Px(12);
    }

    public void Button(string id, string label, Action press, ControlKind kind = ControlKind.Button) => Buttons((id, kind, label, false, press));

    /// <param name="id">Of the control.</param>
    /// <param name="label">What is switched.</param>
    /// <param name="of">What it is switched of, for whoever hears one switch alone.</param>
    /// <param name="isOn">As it is.</param>
    /// <param name="state">The same in a word.</param>
    /// <param name="press">Switches it.</param>
    public void Switch(string id, string label, string of, bool isOn, string state, Action press) =>
        Row(id, ControlKind.Switch, label, isOn, state, press, Px(58) + measure.Width(state, LetterStyle.Note), $"{HarmlessText.Line(label)} – {HarmlessText.Line(of, 100)}");

    public void Choice(string id, string label, bool isOn, Action press) => Row(id, ControlKind.Choice, label, isOn, "", press, 0);

    /// <summary>A line to write in. What is longer than the field is shown around the next letter.</summary>
    /// <param name="id">Of the control.</param>
    /// <param name="name">What belongs there; stands in it while it is empty.</param>
    /// <param name="text">What was written so far.</param>
    /// <param name="press">Enter.</param>
    public void Field(string id, string name, TextLine text, Action press)
    {
        int room = inner - (2 * Px(10)) - Px(2), high = measure.Line(LetterStyle.Body).Height + Px(16);
        (string shown, int caret) = TextWrap.Around(text.Text, text.Caret, LetterStyle.Body, room, measure);
        controls.Add(new Control(id, ControlKind.Field, new PixelRect(x, y, inner, high), [shown], press) { Name = HarmlessText.Line(name), Text = text, Caret = caret });
        y += high + Px(10);
    }

    public void Stepper(string id, string value, Action less, Action more)
    {
        int side = Px(34);
        string[] lines = [.. TextWrap.Lines(HarmlessText.Line(value), LetterStyle.Strong, inner - (2 * side) - Px(24), measure)];
        int wide = Math.Min(inner, Math.Max(Px(340), lines.Max(line => measure.Width(line, LetterStyle.Strong)) + (2 * side) + Px(24)));
        int high = Math.Max(side, (lines.Length * measure.Line(LetterStyle.Strong).Height) + Px(10));
        controls.Add(new Control(id, ControlKind.Stepper, new PixelRect(x, y, wide, high), lines, null) { Less = less, More = more });
        y += high + Px(12);
    }

    public Sheet Build() => new(items, figures, controls, passages, width, y + Px(10)) { FirstFocus = FirstFocus, Name = Name };

    private void Row(string id, ControlKind kind, string label, bool isOn, string state, Action press, int right, string name = "")
    {
        int mark = kind == ControlKind.Choice ? Px(30) : Px(8);
        string[] lines = [.. TextWrap.Lines(HarmlessText.Line(label), LetterStyle.Body, inner - mark - right - Px(12), measure)];
        int high = Math.Max(Px(30), (lines.Length * measure.Line(LetterStyle.Body).Height) + Px(8));
        controls.Add(new Control(id, kind, new PixelRect(x, y, inner, high), lines, press) { IsOn = isOn, State = state, Name = name });
        y += high + Px(2);
    }

    private void Ground(uint paper, uint bar, Action content)
    {
        int top = y, ground = items.Count, outer = inner, left = x;
        items.Add(default);
        items.Add(default);
        (x, inner) = (x + Px(16), inner - Px(30));
        y += Px(9);
        content();
        y += Px(9);
        (x, inner) = (left, outer);
        items[ground] = new(new PixelRect(x, top, inner, y - top), paper);
        items[ground + 1] = new(new PixelRect(x, top, Px(4), y - top), bar);
        Gap(12);
    }

    private void Write(string text, LetterStyle style, uint colour, int left, int room, bool isHeading = false)
    {
        (int ascent, int height) = measure.Line(style);
        foreach (string paragraph in HarmlessText.Lines(text))
        {
            int top = y;
            foreach (string line in TextWrap.Lines(paragraph, style, room, measure))
            {
                items.Add(new(new PixelRect(left, y + ascent, room, height), colour, line, style));
                y += height;
            }
            if (y > top) passages.Add(new(paragraph, new PixelRect(left, top, room, y - top)) { IsHeading = isHeading });
        }
    }
}
