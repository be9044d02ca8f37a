namespace RemoteAccess.Trust;

/// <summary>The kinds of lettering in our windows.</summary>
internal enum LetterStyle
{
    Title,
    Name,
    Heading,
    Body,
    Strong,
    Note,
}

/// <summary>How wide and high letters are.</summary>
internal interface ITextMeasure
{
    /// <summary>Pixels.</summary>
    int Width(string text, LetterStyle style);

    /// <summary>From the top of a line to its base line, and to the next line; pixels.</summary>
    (int Ascent, int Height) Line(LetterStyle style);
}
