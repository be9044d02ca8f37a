using System.Text;
using RemoteAccess.Picture;

namespace RemoteAccess.Tests;

public sealed class BitmapFontTests
{
    [Fact]
    public void Draw_AsciiLatin1Euro_AreAllDifferentAndNoBoxes()
    {
        var seen = new Dictionary<string, int>();
        foreach (int code in Enumerable.Range(0x21, 0x5E).Concat(Enumerable.Range(0xA1, 0x5F)).Append(0x20AC))
        {
            if (code == 0xAD) continue; // the soft hyphen looks like a hyphen
            string picture = Picture(new Rune(code));
            Assert.Contains('#', picture);
            Assert.True(seen.TryAdd(picture, code), $"U+{code:X4} looks like another");
        }

        Assert.Equal(BitmapFont.Advance(new Rune('0')), BitmapFont.Advance(new Rune('1')));
    }

    [Fact]
    public void Draw_AnyOtherCharacter_IsABoxThatTellsItApart()
    {
        string[] pictures = [.. new[] { 0x100, 0x101, 0x6F22, 0x226F, 0x1F600, 0x1F601, 0x10FFFF }.Select(code => Picture(new Rune(code)))];
        Assert.Equal(pictures.Length, pictures.Distinct().Count());
        Assert.All(pictures, picture => Assert.StartsWith("###########", picture, StringComparison.Ordinal));
    }

    private static string Picture(Rune character)
    {
        var canvas = new PixelCanvas(new PixelSize(16, 16));
        BitmapFont.Draw(canvas, 0, 0, character, Palette.White);
        var picture = new StringBuilder();
        foreach (uint pixel in canvas.Pixels) picture.Append(pixel == 0 ? '.' : '#');
        return picture.ToString();
    }
}
