namespace RemoteAccess.Trust;

/// <summary>What the strip says about the sessions that run.</summary>
internal sealed record BannerWords(string Headline, string Note, bool IsWatched)
{
    private const int MostOfAName = 48;

    public static BannerWords For(SurfaceStatus status, SurfaceTexts texts, SurfaceTimes times, DateTimeOffset now, bool hasStopKey)
    {
        IReadOnlyList<SurfaceSession> sessions = status.Sessions;
        SurfaceSession first = sessions.FirstOrDefault(session => session.IsWatching) ?? sessions[0];
        Operations may = sessions.Aggregate(Operations.None, (all, session) => all | (session.Operations & ~session.Withdrawn));
        string name = HarmlessText.Line(first.Technician, MostOfAName);
        bool isWatched = sessions.Any(session => session.IsWatching);
        string headline = sessions.Count > 1 ? texts.Fill("banner.many", sessions.Count, name)
            : texts.Fill((may & Operations.ViewScreen) == 0 ? "banner.other" : (may & Operations.ControlInput) == 0 ? "banner.view" : "banner.control", name);
        List<string> notes = sessions.Any(session => session.IsRecording) ? [$"● {texts["banner.recorded"]}"] : [];
        notes.Add(texts.Fill("banner.since", times.Moment(sessions[0].Began, now)));
        if (!isWatched) notes.Add(texts["banner.idle"]);
        if (hasStopKey) notes.Add(texts.Fill("banner.key", texts.Chord("key.stop")));
        return new BannerWords(headline, string.Join(" · ", notes), isWatched);
    }
}
