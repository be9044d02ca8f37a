using System.Globalization;
using System.Text.Json.Nodes;

namespace RemoteAccess.Trust;

/// <summary>A session while the entries about it go by.</summary>
internal sealed class SessionDraft
{
    private const int MostRefusals = 64, MostNotes = 64;
    private const string Rest = "other";

    private readonly Dictionary<string, long> refused = [];
    private readonly HashSet<string> used = [];
    private readonly HashSet<string> withdrawn = [];
    private readonly List<string> notes = [];
    private readonly LedgerEntry first;
    private LedgerEntry last;
    private JsonObject actor = [];
    private JsonObject accepted = [];
    private JsonObject? ended;
    private bool isLost;

    public SessionDraft(LedgerEntry first)
    {
        this.first = last = first;
        Grant = Convert.ToHexStringLower(first.GrantId.Span);
    }

    public long First => first.Sequence;

    public string Grant { get; }

    public DateTimeOffset LastSeen => last.Time;

    public string Boot => last.BootId;

    public ReadOnlyMemory<byte> SessionId => first.SessionId;

    /// <summary>Whether both sides signed for its end.</summary>
    public bool HasReceipt { get; set; }

    /// <summary>Whether it lies in the period as far as it is known.</summary>
    public bool IsIn(ReportPeriod period) => period.Includes(first.SessionId.Span, first.Time, last.Time);

    public void Add(LedgerEntry entry)
    {
        // That it is lost was seen later, maybe much.
        isLost |= entry.Type == "session.lost";
        if (entry.Type != "session.lost") last = entry;
        JsonObject data = entry.Data();
        switch (entry.Type)
        {
            case "session.accepted":
                actor = entry.Actor();
                accepted = data;
                break;
            case "operation.used":
                used.UnionWith(Names(data, "operations"));
                break;
            case "operation.withdrawn":
                withdrawn.UnionWith(Names(data, "operations"));
                break;
            case "operation.refused":
                Count(data, 1);
                break;
            case "operation.refused.summary":
                foreach (JsonObject each in (data["refusals"] as JsonArray)?.OfType<JsonObject>() ?? []) Count(each, Math.Max(0, JsonMembers.Number(each, "count") ?? 0));
                break;
            case "session.notes":
                if (notes.Count < MostNotes && JsonMembers.Text(data, "text") is { Length: > 0 } text) notes.Add(text);
                break;
            case "session.ended":
                ended = data;
                used.UnionWith(Names(data, "used"));
                break;
            default:
                break;
        }
    }

    /// <param name="nickname">Of the grant.</param>
    /// <param name="boot">The run of the operating system that the newest entry belongs to.</param>
    /// <param name="now">When the report is made.</param>
    public ReportedSession Finish(string nickname, string boot, DateTimeOffset now)
    {
        bool isOver = isLost || Boot != boot || (DateTimeOffset.TryParse(JsonMembers.Text(accepted, "expires"), CultureInfo.InvariantCulture, out DateTimeOffset expires) && expires < now);
        long seconds = JsonMembers.Number(ended, "seconds") ?? Math.Max(0, (long)(first.BootId == last.BootId ? last.Monotonic - first.Monotonic : last.Time - first.Time).TotalSeconds);
        return new ReportedSession
        {
            SessionId = first.SessionId,
            GrantId = first.GrantId,
            Nickname = nickname,
            Technician = JsonMembers.Text(actor, "name"),
            TechnicianKey = JsonMembers.Text(actor, "key"),
            Peer = JsonMembers.Text(accepted, "peer"),
            Reason = JsonMembers.Text(accepted, "reason"),
            Started = first.Time,
            LastSeen = last.Time,
            End = ended is not null ? ReportedEnd.Recorded : isOver ? ReportedEnd.Lost : ReportedEnd.Open,
            Duration = TimeSpan.FromSeconds(Math.Clamp(seconds, 0, int.MaxValue)),
            EndReason = JsonMembers.Text(ended, "reason"),
            EndText = JsonMembers.Text(ended, "text"),
            Allowed = Names(accepted, "operations"),
            Used = [.. used.Order(StringComparer.Ordinal)],
            Withdrawn = [.. withdrawn.Order(StringComparer.Ordinal)],
            Refused = [.. refused],
            Notes = notes,
            HasReceipt = HasReceipt,
            FailedAttempts = JsonMembers.Number(accepted, "failedAttempts") ?? 0,
        };
    }

    // An entry is 16 KiB at most, so these are few; hostile ones still cannot make the report grow without bound.
    private static IReadOnlyList<string> Names(JsonObject data, string member) => [.. JsonMembers.Texts(data, member).Take(MostRefusals)];

    private void Count(JsonObject data, long count)
    {
        string what = string.Join(", ", Names(data, "operations"));
        if (what.Length == 0) what = PrintableText.Cut(JsonMembers.Text(data, "subject"), 200);
        if (JsonMembers.Text(data, "refusal") is { Length: > 0 } refusal) what = $"{what} ({refusal})";
        if (refused.Count >= MostRefusals && !refused.ContainsKey(what)) what = Rest;
        refused[what] = refused.GetValueOrDefault(what) + count;
    }
}
