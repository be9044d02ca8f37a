namespace RemoteAccess.Trust;

/// <summary>The colours of our windows, 0xRRGGBB. Every text has a contrast of 4.5 to 1 or more with what is behind it; in high contrast, 7 to 1.</summary>
internal sealed record Palette
{
    public required uint Paper { get; init; }
    public required uint Band { get; init; }
    public required uint Edge { get; init; }
    public required uint Accent { get; init; }
    public required uint Text { get; init; }
    public required uint Muted { get; init; }
    public required uint QuotePaper { get; init; }
    public required uint GoodPaper { get; init; }
    public required uint Good { get; init; }
    public required uint BadPaper { get; init; }
    public required uint Bad { get; init; }
    public required uint ButtonPaper { get; init; }
    public required uint ButtonText { get; init; }
    public required uint Off { get; init; }
    public required uint Ring { get; init; }
    /// <summary>The strip while somebody sees the screen, and what is written on it.</summary>
    public required uint Watched { get; init; }
    public required uint OnWatched { get; init; }
    /// <summary>The strip while somebody is connected and does not see the screen.</summary>
    public required uint Unwatched { get; init; }
    public required uint OnUnwatched { get; init; }
    /// <summary>Thickness of lines at scale 1, pixels.</summary>
    public required int Line { get; init; }

    public static Palette Normal { get; } = new()
    {
        Paper = 0xffffff, Band = 0xf1f5f9, Edge = 0x475569, Accent = 0x1e4e79, Text = 0x0f172a, Muted = 0x475569, QuotePaper = 0xf1f5f9,
        GoodPaper = 0xe7f5ec, Good = 0x14532d, BadPaper = 0xb3141e, Bad = 0xffffff, ButtonPaper = 0xffffff, ButtonText = 0x1e4e79,
        Off = 0x94a3b8, Ring = 0x2f80d0, Watched = 0x1457b8, OnWatched = 0xffffff, Unwatched = 0x475569, OnUnwatched = 0xffffff, Line = 1,
    };

    public static Palette HighContrast { get; } = new()
    {
        Paper = 0x000000, Band = 0x000000, Edge = 0xffffff, Accent = 0xffffff, Text = 0xffffff, Muted = 0xffffff, QuotePaper = 0x000000,
        GoodPaper = 0x000000, Good = 0x7dff9a, BadPaper = 0xb3141e, Bad = 0xffffff, ButtonPaper = 0x000000, ButtonText = 0xffffff,
        Off = 0x8a8a8a, Ring = 0xffe04a, Watched = 0xffe04a, OnWatched = 0x000000, Unwatched = 0x000000, OnUnwatched = 0xffffff, Line = 2,
    };
}
