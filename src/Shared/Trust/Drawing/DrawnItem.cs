namespace RemoteAccess.Trust;

/// <summary>A filled rectangle, or a text when there is one: its area then begins at the base line.</summary>
internal readonly record struct DrawnItem(PixelRect Area, uint Colour, string Text = "", LetterStyle Style = LetterStyle.Body);
