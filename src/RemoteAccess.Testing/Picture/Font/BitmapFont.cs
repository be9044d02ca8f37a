using System.Text;

namespace RemoteAccess.Picture;

/// <summary>
/// The virtual desktop's own font: ASCII, Latin-1 and €, hard edges only. Any other character is a box with its number in hexadecimal,
/// so that what arrived can be seen and tested. Thread-safe.
/// </summary>
internal static class BitmapFont
{
    /// <summary>Rows from one line of text to the next.</summary>
    public const int LineHeight = 19;

    private const int Spacing = 1;
    private static readonly GlyphSheet Sheet = GlyphSheet.Load();
    private static readonly Glyph Space = Glyph.Blank(3);

    /// <summary>Columns from the start of a character to the start of the next.</summary>
    public static int Advance(Rune character, int scale = 1) =>
        ((Find(character)?.Width ?? BoxWidth(character)) + Spacing) * scale;

    /// <summary>Columns a text takes on one line.</summary>
    public static int Measure(string text, int scale = 1)
    {
        int width = 0;
        foreach (Rune character in text.EnumerateRunes()) width += Advance(character, scale);
        return width;
    }

    /// <summary>Draws a text whose cells begin at a point and returns the column after it.</summary>
    public static int Draw(PixelCanvas canvas, int x, int y, string text, uint colour, int scale = 1, bool bold = false)
    {
        foreach (Rune character in text.EnumerateRunes())
        {
            int next = Draw(canvas, x, y, character, colour, scale);
            if (bold)
            {
                Draw(canvas, x + 1, y, character, colour, scale);
                next++;
            }

            x = next;
        }

        return x;
    }

    /// <summary>Draws one character and returns the column after it.</summary>
    public static int Draw(PixelCanvas canvas, int x, int y, Rune character, uint colour, int scale = 1)
    {
        if (Find(character) is { } glyph) Stamp(canvas, x, y, glyph, colour, scale);
        else DrawBox(canvas, x, y, character, colour, scale);
        return x + Advance(character, scale);
    }

    private static Glyph? Find(Rune character) =>
        character.Value is ' ' or 0xA0 ? Space : Sheet.Glyphs.GetValueOrDefault(character.Value);

    // Two rows of hexadecimal digits in a frame: U+6F22 is 6F over 22, U+1F600 is 01F over 600.
    private static int DigitColumns(Rune character) => character.Value > 0xFFFF ? 3 : 2;

    private static int BoxWidth(Rune character) => DigitColumns(character) * 4 + 3;

    private static void DrawBox(PixelCanvas canvas, int x, int y, Rune character, uint colour, int scale)
    {
        int columns = DigitColumns(character), width = BoxWidth(character), height = Glyph.CellHeight - 1;
        canvas.Fill(new PixelRect(x, y, width * scale, scale), colour);
        canvas.Fill(new PixelRect(x, y + (height - 1) * scale, width * scale, scale), colour);
        canvas.Fill(new PixelRect(x, y, scale, height * scale), colour);
        canvas.Fill(new PixelRect(x + (width - 1) * scale, y, scale, height * scale), colour);
        for (int i = 0; i < columns * 2; i++)
        {
            int digit = (character.Value >> (4 * (columns * 2 - 1 - i))) & 0xF;
            int left = x + (2 + i % columns * 4) * scale, top = y + (2 + i / columns * 6) * scale;
            Stamp(canvas, left, top, Sheet.Digit(digit), colour, scale);
        }
    }

    private static void Stamp(PixelCanvas canvas, int x, int y, Glyph glyph, uint colour, int scale)
    {
        if (canvas.Clip.Intersect(new PixelRect(x, y, glyph.Width * scale, Glyph.CellHeight * scale)).IsEmpty) return;
        for (int row = 0; row < glyph.Rows.Length; row++)
        {
            for (int bits = glyph.Rows[row], column = 0; bits != 0; bits >>= 1, column++)
            {
                if ((bits & 1) != 0) canvas.Fill(new PixelRect(x + column * scale, y + row * scale, scale, scale), colour);
            }
        }
    }
}
