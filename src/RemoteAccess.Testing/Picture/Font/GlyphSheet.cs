using System.Reflection;

namespace RemoteAccess.Picture;

/// <summary>Reads Glyphs.txt, whose head explains its format. A mistake in the sheet is a mistake in the build: it throws.</summary>
internal sealed class GlyphSheet
{
    private readonly Dictionary<int, Glyph> glyphs = [];
    private readonly Dictionary<string, Glyph> marks = [];
    private readonly Glyph?[] digits = new Glyph?[16];

    private GlyphSheet()
    {
    }

    public IReadOnlyDictionary<int, Glyph> Glyphs => glyphs;

    /// <summary>The small digit for a value of 0 to 15; 3 columns, 5 rows.</summary>
    public Glyph Digit(int value) => digits[value] ?? throw new InvalidDataException($"The glyph sheet has no digit {value:X}.");

    public static GlyphSheet Load()
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("Glyphs.txt")
            ?? throw new InvalidDataException("The glyph sheet is not in the assembly.");
        using var reader = new StreamReader(stream);
        var sheet = new GlyphSheet();
        string[] lines = reader.ReadToEnd().Split('\n').Where(line => line.Length > 0 && !line.StartsWith("# ", StringComparison.Ordinal)).ToArray();
        for (int i = 0; i < lines.Length;)
        {
            string[] words = lines[i++].Split(' ');
            int first = i;
            while (i < lines.Length && lines[i][0] is '#' or '.') i++;
            sheet.Take(words, lines.AsSpan(first, i - first));
        }

        return sheet;
    }

    private void Take(string[] words, ReadOnlySpan<string> art)
    {
        switch (words)
        {
            case ["glyph", [var character], var top]:
                glyphs.Add(character, Draw(art, int.Parse(top, provider: null)));
                break;
            case ["mark", var name]:
                marks.Add(name, Draw(art, 0));
                break;
            case ["digit", var value]:
                digits[Convert.ToInt32(value, 16)] = Draw(art, 0);
                break;
            case ["join", [var character], [var letter], var name]:
                glyphs.Add(character, Join(glyphs[letter], marks[name], below: name == "cedilla"));
                break;
            default:
                throw new InvalidDataException($"The glyph sheet has a line that means nothing: {string.Join(' ', words)}");
        }
    }

    private static Glyph Draw(ReadOnlySpan<string> art, int top)
    {
        var rows = new ushort[Glyph.CellHeight];
        int width = 0;
        for (int y = 0; y < art.Length; y++)
        {
            width = Math.Max(width, art[y].Length);
            for (int x = 0; x < art[y].Length; x++)
            {
                if (art[y][x] == '#') rows[top + y] |= (ushort)(1 << x);
            }
        }

        return new Glyph(width, rows);
    }

    private static Glyph Join(Glyph letter, Glyph mark, bool below)
    {
        int width = Math.Max(letter.Width, mark.Width), top = Array.FindIndex(letter.Rows, row => row != 0);
        int height = Array.FindLastIndex(mark.Rows, row => row != 0) + 1;
        int start = below ? 12 : Math.Max(0, top - 1 - height);
        var rows = new ushort[Glyph.CellHeight];
        for (int y = 0; y < rows.Length; y++) rows[y] = (ushort)(letter.Rows[y] << ((width - letter.Width) / 2));
        for (int y = 0; y < height; y++) rows[start + y] |= (ushort)(mark.Rows[y] << ((width - mark.Width) / 2));
        return new Glyph(width, rows);
    }
}
