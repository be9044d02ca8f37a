namespace RemoteAccess.Trust;

/// <summary>Colours and letters at one scale. On one thread.</summary>
internal sealed class DrawingStyle(Palette colours, Lettering letters, double scale)
{
    public Palette Colours => colours;

    /// <summary>The caller's.</summary>
    public Lettering Letters => letters;

    public double Scale => scale;

    /// <summary>Pixels at this scale; never less than one for what is there at all.</summary>
    public int Px(double pixels) => Math.Max(1, (int)Math.Round(pixels * scale));
}
