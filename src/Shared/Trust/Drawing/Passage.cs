namespace RemoteAccess.Trust;

/// <summary>Words that are read as one, whatever lines they are drawn in: what a screen reader gets.</summary>
/// <param name="Text">All of them; lines of their own are ended by <c>\n</c>.</param>
/// <param name="Area">Where they are; pixels of what they stand in.</param>
internal readonly record struct Passage(string Text, PixelRect Area)
{
    /// <summary>Whether they say what is below them.</summary>
    public bool IsHeading { get; init; }
}
