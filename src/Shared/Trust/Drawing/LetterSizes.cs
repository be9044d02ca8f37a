namespace RemoteAccess.Trust;

/// <summary>How large each kind of lettering is.</summary>
internal static class LetterSizes
{
    /// <summary>Height of the em square at scale 1, pixels.</summary>
    public static (double Size, bool IsBold) Of(LetterStyle style) => style switch
    {
        LetterStyle.Title => (19, true),
        LetterStyle.Name => (17, true),
        LetterStyle.Heading => (13, true),
        LetterStyle.Strong => (14.5, true),
        LetterStyle.Note => (13, false),
        _ => (14.5, false),
    };

    /// <summary>A line of a font that reaches so far above and below its base line. Some, Japanese ones above all, have no room between lines of their own.</summary>
    public static (int Ascent, int Height) Line(LetterStyle style, double scale, int ascent, int descent)
    {
        int letters = ascent + descent;
        int height = Math.Max(letters * 9 / 8, (int)(Of(style).Size * scale * 1.4));
        return (ascent + ((height - letters) / 2), height);
    }
}
