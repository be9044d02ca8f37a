using System.Globalization;
using System.Text;
using RemoteAccess.Interop;

namespace RemoteAccess.Trust;

/// <summary>
/// The letters of a window through libXft: the language's sans-serif font, and for a character it lacks, one that has it. Letters are placed one
/// after another: scripts that join letters or run from right to left are legible at best. On one thread.
/// </summary>
internal sealed unsafe class Lettering : ITextMeasure, IDisposable
{
    /// <summary>Names can be made of many scripts; so many fonts are opened for one window and no more.</summary>
    private const int MaxSubstitutes = 32;

    private readonly XConnection connection;
    private readonly string language;
    private readonly double scale;
    private readonly Dictionary<LetterStyle, nint> fonts = [];
    private readonly Dictionary<(LetterStyle, int), nint> substitutes = [];
    private readonly HashSet<nint> opened = [];

    public Lettering(XConnection connection, CultureInfo culture, double scale)
    {
        this.connection = connection;
        this.scale = scale;
        language = culture.TwoLetterISOLanguageName;
        foreach (LetterStyle style in Enum.GetValues<LetterStyle>()) fonts[style] = Open(style, "");
    }

    public int Width(string text, LetterStyle style)
    {
        int width = 0;
        foreach ((nint font, uint[] letters) in Runs(text, style)) width += Extents(font, letters).Advance;
        return width;
    }

    public (int Ascent, int Height) Line(LetterStyle style)
    {
        XftFont* font = (XftFont*)fonts[style];
        return LetterSizes.Line(style, scale, font->Ascent, font->Descent);
    }

    /// <summary>Draws from the left end of the base line.</summary>
    public void Draw(nint draw, string text, LetterStyle style, uint colour, int x, int baseline)
    {
        XftColour paint = new()
        {
            Pixel = colour,
            Red = (ushort)((colour >> 16 & 0xff) * 257),
            Green = (ushort)((colour >> 8 & 0xff) * 257),
            Blue = (ushort)((colour & 0xff) * 257),
            Alpha = ushort.MaxValue,
        };
        foreach ((nint font, uint[] letters) in Runs(text, style))
        {
            fixed (uint* first = letters) LibXft.XftDrawString32(draw, &paint, (XftFont*)font, x, baseline, first, letters.Length);
            x += Extents(font, letters).Advance;
        }
    }

    public void Dispose()
    {
        foreach (nint font in opened) LibXft.XftFontClose(connection.Display, (XftFont*)font);
        opened.Clear();
    }

    private GlyphExtents Extents(nint font, uint[] letters)
    {
        GlyphExtents extents;
        fixed (uint* first = letters) LibXft.XftTextExtents32(connection.Display, (XftFont*)font, first, letters.Length, &extents);
        return extents;
    }

    /// <summary>Neighbours of one font together.</summary>
    private List<(nint Font, uint[] Letters)> Runs(string text, LetterStyle style)
    {
        List<(nint, uint[])> runs = [];
        List<uint> letters = [];
        nint current = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            nint font = FontFor(rune.Value, style);
            if (font != current && letters.Count > 0)
            {
                runs.Add((current, [.. letters]));
                letters.Clear();
            }
            current = font;
            letters.Add((uint)rune.Value);
        }
        if (letters.Count > 0) runs.Add((current, [.. letters]));
        return runs;
    }

    private nint FontFor(int character, LetterStyle style)
    {
        nint usual = fonts[style];
        if (Has(usual, character)) return usual;
        if (substitutes.TryGetValue((style, character), out nint known)) return known;
        nint font = opened.FirstOrDefault(candidate => substitutes.Any(pair => pair.Key.Item1 == style && pair.Value == candidate) && Has(candidate, character));
        if (font == 0 && opened.Count < MaxSubstitutes) font = Open(style, $":charset={character:x}");
        // A box is what the usual font draws for it.
        return substitutes[(style, character)] = font != 0 && Has(font, character) ? font : usual;
    }

    private bool Has(nint font, int character) => LibXft.XftCharExists(connection.Display, (XftFont*)font, (uint)character) != 0;

    private nint Open(LetterStyle style, string more)
    {
        (double size, bool isBold) = LetterSizes.Of(style);
        string pixels = (size * scale).ToString("0.##", CultureInfo.InvariantCulture);
        XftFont* font = LibXft.XftFontOpenName(connection.Display, connection.Screen, $"sans-serif:pixelsize={pixels}:lang={language}{(isBold ? ":bold" : "")}{more}");
        connection.ThrowIfLost();
        if (font == null) throw new DesktopException(DesktopError.MissingLibrary, "No font can be used. Install fonts, for example the package fonts-dejavu-core.");
        opened.Add((nint)font);
        return (nint)font;
    }
}
