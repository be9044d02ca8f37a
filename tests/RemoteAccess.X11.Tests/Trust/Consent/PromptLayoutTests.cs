using System.Globalization;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

public sealed class PromptLayoutTests
{
    private static readonly Monospaced Letters = new();

    [Theory]
    [InlineData("one two three", 7, "one two|three")]
    [InlineData("one  two", 3, "one|two")]
    [InlineData("abcdefgh ij", 4, "abcd|efgh|ij")]
    [InlineData("画面を見る。", 5, "画面を見|る。")]
    [InlineData("ab 画面", 4, "ab 画|面")]
    [InlineData("e\u0301e\u0301e\u0301", 2, "e\u0301e\u0301|e\u0301")]
    public void Lines_OfAText_AreNoWiderThanThereIsRoom(string text, int width, string expected)
    {
        List<string> lines = TextWrap.Lines(text, LetterStyle.Body, width, Letters);

        Assert.Equal(expected.Split('|'), lines);
        Assert.Equal(text.Replace(" ", "", StringComparison.Ordinal), string.Concat(lines).Replace(" ", "", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("en")]
    [InlineData("ja")]
    public void Layout_LongestWords_ShowsAllOfThemInsideTheWindow(string language)
    {
        ConsentPrompt prompt = PromptScene.Prompt(language, "long");
        PromptLayout layout = new(prompt, Palette.Normal, new Monospaced(8), 1, 5000);
        string shown = string.Concat(layout.Items.Select(item => item.Text)).Replace(" ", "", StringComparison.Ordinal);

        foreach (ConsentBlock block in prompt.Blocks.Where(block => block.Kind != ConsentBlockKind.Countdown))
        {
            Assert.All(block.Lines, line => Assert.Contains(line.Replace(" ", "", StringComparison.Ordinal), shown, StringComparison.Ordinal));
        }
        Assert.All(layout.Items.Where(item => item.Text.Length > 0), item => Assert.True(item.Area.X + Letters.Width(item.Text, item.Style) * 8 <= layout.Width && item.Area.Y < layout.Refuse.Y));
        Assert.True(layout.Refuse.X > layout.Countdown.X && layout.Refuse.X + layout.Refuse.Width < layout.Allow.X && layout.Allow.X + layout.Allow.Width < layout.Width);
        Assert.True(layout.Allow.Y + layout.Allow.Height < layout.Height);
    }

    /// <summary>For screen readers: what is drawn, as a whole and where it is.</summary>
    [Theory]
    [InlineData("en", "usual")]
    [InlineData("ja", "long")]
    public void Passages_OfAPrompt_AreTheWordsThatAreDrawnWhereTheyAreDrawn(string language, string request)
    {
        PromptLayout layout = new(PromptScene.Prompt(language, request), Palette.Normal, new Monospaced(8), 1, 600);
        static string Joined(IEnumerable<string> texts) => string.Concat(texts).Replace(" ", "", StringComparison.Ordinal).Replace("\n", "", StringComparison.Ordinal);

        Assert.Equal(Joined(layout.Items.Select(item => item.Text)), Joined(layout.Passages.Select(passage => passage.Text)));
        foreach (DrawnItem item in layout.Items.Where(item => item.Text.Length > 0))
        {
            Passage at = layout.Passages.Single(passage => passage.Area.Y < item.Area.Y && item.Area.Y <= passage.Area.Bottom);
            Assert.Contains(Joined([item.Text]), Joined([at.Text]), StringComparison.Ordinal);
        }
        Assert.Equal([true], layout.Passages.Select(passage => passage.IsHeading).Where(isHeading => isHeading));
    }

    [Fact]
    public void Colours_OfEveryText_HaveEnoughContrast()
    {
        foreach ((Palette colours, double least) in new[] { (Palette.Normal, 4.5), (Palette.HighContrast, 6.5) })
        {
            (uint Ink, uint Paper)[] pairs =
            [
                (colours.Text, colours.Paper), (colours.Text, colours.Band), (colours.Muted, colours.Paper), (colours.Text, colours.QuotePaper), (colours.Good, colours.GoodPaper),
                (colours.Bad, colours.BadPaper), (colours.ButtonText, colours.ButtonPaper), (colours.Paper, colours.Accent),
            ];
            Assert.All(pairs, pair => Assert.InRange(Contrast(pair.Ink, pair.Paper), least, 21));
        }
    }

    /// <summary>WCAG 2.2, "contrast ratio".</summary>
    private static double Contrast(uint a, uint b)
    {
        double first = Luminance(a), second = Luminance(b);
        return (Math.Max(first, second) + 0.05) / (Math.Min(first, second) + 0.05);
    }

    private static double Luminance(uint colour)
    {
        double Part(int shift)
        {
            double value = (colour >> shift & 0xff) / 255.0;
            return value <= 0.04045 ? value / 12.92 : Math.Pow((value + 0.055) / 1.055, 2.4);
        }
        return (0.2126 * Part(16)) + (0.7152 * Part(8)) + (0.0722 * Part(0));
    }

    private sealed class Monospaced(int width = 1) : ITextMeasure
    {
        public int Width(string text, LetterStyle style) => new StringInfo(text).LengthInTextElements * width;

        public (int Ascent, int Height) Line(LetterStyle style) => (12, 16);
    }
}
