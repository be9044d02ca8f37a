namespace RemoteAccess.Trust;

/// <summary>Goes over a ledger once and keeps what the report is about.</summary>
internal sealed class ReportBuilder(ReportPeriod period)
{
    private const int MostOpen = 4096, MostGrants = 16_384, MostText = 4000, RecentlyEnded = 64;

    private readonly Dictionary<string, SessionDraft> open = [];
    private readonly List<SessionDraft> finished = [];
    private readonly Dictionary<string, (string Nickname, ReportedEvent Created)> grantsMade = [];
    private readonly List<ReportedEvent> attempts = [];
    private readonly List<ReportedEvent> grants = [];
    private readonly List<ReportedEvent> blocks = [];
    private readonly List<ReportedEvent> others = [];
    private LedgerEntry? last;
    private long omitted;
    private long pruned;
    private long unassigned;

    public void Add(LedgerEntry entry)
    {
        if (last is null) pruned = entry.Sequence;
        last = entry;
        switch (entry.Type)
        {
            case "session.accepted" or "session.ended" or "session.lost" or "operation.used" or "operation.withdrawn" or "operation.restored" or "operation.refused" or "operation.refused.summary" or "session.notes" or "witness.received":
                AddToSession(entry);
                break;
            case "session.receipt":
                // It comes after the end, soon: the sessions that ended before it are the last ones.
                if (finished.Skip(Math.Max(0, finished.Count - RecentlyEnded)).FirstOrDefault(draft => draft.SessionId.Span.SequenceEqual(entry.SessionId.Span)) is { } signed) signed.HasReceipt = true;
                break;
            case "session.refused" or "session.abandoned" or "session.rejected.summary" or "credentials.refused":
                Note(attempts, entry);
                break;
            case "grant.created":
                if (grantsMade.Count < MostGrants) grantsMade[Id(entry.GrantId)] = (JsonMembers.Text(entry.Data(), "nickname"), Describe(entry));
                Note(grants, entry);
                break;
            case "grant.code-changed":
                if (grantsMade.Count < MostGrants) grantsMade[JsonMembers.Text(entry.Data(), "following")] = (JsonMembers.Text(entry.Data(), "nickname"), Describe(entry));
                Note(grants, entry);
                break;
            case "grant.revoked" or "grant.unlocked" or "grant.withdrawn" or "grant.restored" or "grant.code-unchanged":
                Note(grants, entry);
                break;
            case "access.blocked" or "access.unblocked" or "sessions.stopped":
                Note(blocks, entry);
                break;
            default:
                Note(others, entry);
                break;
        }
    }

    public LedgerReport Build(DateTimeOffset made, LedgerVerification? verification)
    {
        foreach (SessionDraft draft in open.Values) Keep(draft);
        open.Clear();
        string boot = last?.BootId ?? "";
        SessionDraft[] sessions = [.. finished.OrderBy(draft => draft.First)];
        if (!period.SessionId.IsEmpty)
        {
            foreach (SessionDraft session in sessions)
            {
                if (grantsMade.TryGetValue(session.Grant, out var grant)) grants.Add(grant.Created);
            }
        }

        return new LedgerReport
        {
            Period = period,
            Made = made,
            HostId = last?.HostId ?? default,
            Sessions = [.. sessions.Select(draft => draft.Finish(grantsMade.GetValueOrDefault(draft.Grant).Nickname ?? "", boot, made))],
            Attempts = attempts,
            Grants = grants,
            Blocks = blocks,
            Others = others,
            Omitted = omitted,
            Unassigned = unassigned,
            Pruned = pruned,
            Verification = verification,
        };
    }

    private static string Id(ReadOnlyMemory<byte> id) => Convert.ToHexStringLower(id.Span);

    private static ReportedEvent Describe(LedgerEntry entry) => new(entry.Sequence, entry.Time, entry.Type, JsonMembers.Text(entry.Actor(), "name"), PrintableText.Cut(HistoryLine.Words(entry), MostText));

    private void AddToSession(LedgerEntry entry)
    {
        string id = Id(entry.SessionId);
        if (!open.TryGetValue(id, out SessionDraft? draft))
        {
            if (open.Count >= MostOpen) ForgetLongest();
            open[id] = draft = new SessionDraft(entry);
        }

        draft.Add(entry);
        if (entry.Type is not ("session.ended" or "session.lost")) return;
        open.Remove(id);
        Keep(draft);
    }

    /// <summary>So many without an end were cut off by power losses; the one that has been silent longest is over.</summary>
    private void ForgetLongest()
    {
        (string id, SessionDraft draft) = open.MinBy(static pair => pair.Value.First);
        open.Remove(id);
        Keep(draft);
    }

    private void Keep(SessionDraft draft)
    {
        if (!draft.IsIn(period) || !IsOfCustomer(draft.Grant)) return;
        if (finished.Count < LedgerReport.MaxLines) finished.Add(draft);
        else omitted++;
    }

    /// <param name="grant">Empty for what concerns the whole computer.</param>
    private bool IsOfCustomer(string grant)
    {
        if (period.Customer.Length == 0 || grant.Length == 0) return true;
        if (grantsMade.TryGetValue(grant, out var made)) return period.IncludesNickname(made.Nickname);
        unassigned++;
        return false;
    }

    private void Note(List<ReportedEvent> list, LedgerEntry entry)
    {
        if (!period.Includes(entry) || !IsOfCustomer(Id(entry.GrantId))) return;
        if (list.Count < LedgerReport.MaxLines) list.Add(Describe(entry));
        else omitted++;
    }
}
