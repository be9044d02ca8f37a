namespace RemoteAccess.Interop;

/// <summary>One session, as Windows lists it.</summary>
/// <param name="Id">Its number.</param>
/// <param name="IsActive">Whether somebody has its screen before them: not disconnected, and no listener.</param>
/// <param name="User">Who is logged on there; empty when nobody is.</param>
internal readonly record struct SessionFacts(uint Id, bool IsActive, string User);

/// <summary>
/// Which session is the one to serve, of those that there are:
/// 1. the console's, when somebody is logged on there and it is active: who sits before the computer comes first;
/// 2. else an active remote one with a user: the one that was served a moment ago, or the first that was made, so that one who comes later takes nothing from one who is there;
/// 3. else the console's, with its log-on screen.
/// Pure.
/// </summary>
internal static class PersonsSession
{
    /// <param name="console">The session of the computer's own screen; null while that changes.</param>
    /// <param name="sessions">All there are.</param>
    /// <param name="current">The one that is served now.</param>
    public static uint? Choose(uint? console, IReadOnlyList<SessionFacts> sessions, uint? current)
    {
        SessionFacts[] used = [.. sessions.Where(session => session is { IsActive: true, User.Length: > 0, Id: not 0 })];
        if (console is { } own && used.Any(session => session.Id == own)) return own;
        if (current is { } served && served != console && used.Any(session => session.Id == served)) return served;
        return used.Length > 0 ? used.Min(static session => session.Id) : console;
    }
}
