using Microsoft.Extensions.Logging;

namespace RemoteAccess.Trust;

/// <summary>
/// Sessions whose process was killed, or whose computer lost power: when the state is opened again they get an entry that says so, and the customer a notice. Once each, whoever
/// opens at the same moment, because the mark is held meanwhile; after being killed here too, because the ledger is asked first and the notice's name is the session's.
/// </summary>
internal sealed class LostSessions(StateDirectory state, TrustRecord record, CustomerSurface surface, ILogger logger)
{
    /// <summary>What cannot be written now is left to the next process that opens the state.</summary>
    public async ValueTask RecordAsync()
    {
        foreach (SessionMark mark in TakeLeft())
        {
            using SessionMark held = mark;
            try
            {
                await RecordAsync(mark).ConfigureAwait(false);
                mark.Remove();
            }
            catch (StateException failure)
            {
                Log.LostSessionNotRecorded(logger, failure);
            }
        }
    }

    private IReadOnlyList<SessionMark> TakeLeft()
    {
        try
        {
            return SessionMark.TakeLeft(state, failure => Log.LostSessionNotRecorded(logger, failure));
        }
        catch (StateException failure)
        {
            Log.LostSessionNotRecorded(logger, failure);
            return [];
        }
    }

    private async ValueTask RecordAsync(SessionMark mark)
    {
        SessionStory? story = SessionStory.Read(state.Ledger, mark);
        if (story is null || story.IsEnded) return;
        if (story.Lost is null)
        {
            await record.WriteLastAsync(TrustEvents.SessionLost(story), CancellationToken.None).ConfigureAwait(false);
            story = SessionStory.Read(state.Ledger, mark);
        }
        if (!mark.IsTold && story is { Lost: not null }) surface.Lost(story);
    }
}

/// <summary>What the ledger tells of a session that nobody serves any more. Immutable.</summary>
internal sealed record SessionStory
{
    public required LedgerEntry Accepted { get; init; }

    /// <summary>The last one before <see cref="Lost"/>.</summary>
    public required LedgerEntry Last { get; init; }

    public required Operations Used { get; init; }

    /// <summary>Whether its own process recorded the end.</summary>
    public bool IsEnded { get; init; }

    /// <summary>The entry that says that it has none.</summary>
    public LedgerEntry? Lost { get; init; }

    /// <summary>How long at least, by the clock that nobody can set.</summary>
    public TimeSpan Lasted => Last.BootId == Accepted.BootId && Last.Monotonic > Accepted.Monotonic ? Last.Monotonic - Accepted.Monotonic : TimeSpan.Zero;

    /// <summary>Null when it was never accepted. Reads from the segment on in which it can have begun.</summary>
    /// <exception cref="StateException">The ledger cannot be read.</exception>
    public static SessionStory? Read(string ledger, SessionMark mark)
    {
        SessionStory? story = null;
        foreach (LedgerEntry entry in LedgerReader.Read(ledger, new LedgerQuery { SessionId = mark.SessionId, From = mark.From }))
        {
            story = entry.Type switch
            {
                "session.accepted" => new SessionStory { Accepted = entry, Last = entry, Used = Operations.None },
                "session.lost" => story is null ? null : story with { Lost = entry },
                "session.ended" => story is null ? null : story with { IsEnded = true },
                "operation.used" => story is null ? null : story with { Last = entry, Used = story.Used | UsedIn(entry) },
                _ => story is null ? null : story with { Last = entry },
            };
        }
        return story;
    }

    private static Operations UsedIn(LedgerEntry entry) => JsonMembers.Texts(entry.Data(), "operations")
        .Aggregate(Operations.None, static (used, name) => Enum.TryParse(name, out Operations operation) ? used | operation & Operations.All : used);
}
