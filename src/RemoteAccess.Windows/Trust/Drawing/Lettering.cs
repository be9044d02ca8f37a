using System.Globalization;
using RemoteAccess.Interop;

namespace RemoteAccess.Trust;

/// <summary>
/// The letters of a window through GDI: the font of Windows' own windows in the language. For a character it lacks GDI takes another font, joins the
/// letters of scripts that are joined, and runs those from right to left that do. On one thread.
/// </summary>
internal sealed unsafe class Lettering : ITextMeasure, IDisposable
{
    private const int Normal = 400, Bold = 700;
    private const byte AnyCharacters = 1, JapaneseCharacters = 128, ClearType = 5;

    private readonly double scale;
    private readonly nint measuring;
    private readonly nint before;
    private readonly Dictionary<LetterStyle, nint> fonts = [];

    public Lettering(CultureInfo culture, double scale)
    {
        this.scale = scale;
        measuring = Gdi32.CreateCompatibleDC(0);
        foreach (LetterStyle style in Enum.GetValues<LetterStyle>()) fonts[style] = Open(style, culture.TwoLetterISOLanguageName == "ja");
        before = Gdi32.SelectObject(measuring, fonts[LetterStyle.Body]);
    }

    public int Width(string text, LetterStyle style)
    {
        _ = Gdi32.SelectObject(measuring, fonts[style]);
        Point size = default;
        fixed (char* first = text) _ = Gdi32Drawing.GetTextExtentPoint32W(measuring, first, text.Length, &size);
        return size.X;
    }

    public (int Ascent, int Height) Line(LetterStyle style)
    {
        _ = Gdi32.SelectObject(measuring, fonts[style]);
        TextMetric metric;
        _ = Gdi32Drawing.GetTextMetricsW(measuring, &metric);
        return LetterSizes.Line(style, scale, metric.Ascent, metric.Descent);
    }

    /// <summary>Draws from the left end of the base line.</summary>
    public void Draw(nint context, string text, LetterStyle style, uint colour, int x, int baseline)
    {
        nint other = Gdi32.SelectObject(context, fonts[style]);
        _ = Gdi32Drawing.SetTextColor(context, Gdi32Drawing.Colour(colour));
        fixed (char* first = text) _ = Gdi32Drawing.TextOutW(context, x, baseline, first, text.Length);
        _ = Gdi32.SelectObject(context, other);
    }

    public void Dispose()
    {
        _ = Gdi32.SelectObject(measuring, before);
        _ = Gdi32.DeleteDC(measuring);
        foreach (nint font in fonts.Values) _ = Gdi32.DeleteObject(font);
        fonts.Clear();
    }

    private nint Open(LetterStyle style, bool isJapanese)
    {
        (double size, bool isBold) = LetterSizes.Of(style);
        FontDescription description = new()
        {
            Height = -(int)Math.Round(size * scale), Weight = isBold ? Bold : Normal, Quality = ClearType, CharacterSet = isJapanese ? JapaneseCharacters : AnyCharacters,
        };
        string family = isJapanese ? "Yu Gothic UI" : "Segoe UI";
        family.CopyTo(new Span<char>(description.Family, FontDescription.MaxFamily));
        nint font = Gdi32Drawing.CreateFontIndirectW(&description);
        return font != 0 ? font : throw new DesktopException(DesktopError.MissingLibrary, $"No font can be used, not even in place of {family}.");
    }
}
