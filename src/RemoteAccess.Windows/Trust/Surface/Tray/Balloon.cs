namespace RemoteAccess.Trust;

/// <summary>What pops up beside the icon when a connection begins or ends. Pure.</summary>
internal sealed record Balloon(string Title, string Text)
{
    private const int MostOfAName = 48;

    /// <summary>What to say about the way from one status to the next; null for nothing. A beginning goes before an end.</summary>
    public static Balloon? Between(IReadOnlyList<SurfaceSession> before, IReadOnlyList<SurfaceSession> now, SurfaceTexts texts, bool hasStopKey)
    {
        if (now.FirstOrDefault(session => before.All(other => other.Id != session.Id)) is { } begun)
        {
            Operations may = begun.Operations & ~begun.Withdrawn;
            string what = texts.Fill((may & Operations.ViewScreen) == 0 ? "banner.other" : (may & Operations.ControlInput) == 0 ? "banner.view" : "banner.control", Name(begun));
            return new Balloon(texts.Fill("tray.session", Name(begun)), hasStopKey ? $"{what}. {texts.Fill("banner.key", texts.Chord("key.stop"))}." : $"{what}.");
        }
        if (before.FirstOrDefault(session => now.All(other => other.Id != session.Id)) is not { } ended) return null;
        return new Balloon(texts["balloon.ended"], texts.Fill("balloon.ended.text", Name(ended)));
    }

    private static string Name(SurfaceSession session) => HarmlessText.Line(session.Technician, MostOfAName);
}
