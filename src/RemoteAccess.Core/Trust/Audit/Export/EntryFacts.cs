using System.Net;
using System.Text.Json.Nodes;

namespace RemoteAccess.Trust;

/// <summary>How much an entry matters to somebody who watches many computers.</summary>
internal enum EntryWeight
{
    /// <summary>What is as agreed.</summary>
    Normal,
    /// <summary>What changes who may do what.</summary>
    Notable,
    /// <summary>Somebody was refused.</summary>
    Refusal,
}

/// <summary>An entry taken apart once for an export.</summary>
internal readonly struct EntryFacts(LedgerEntry entry)
{
    public LedgerEntry Entry { get; } = entry;

    public JsonObject Actor { get; } = entry.Actor();

    public JsonObject Data { get; } = entry.Data();

    /// <summary>The technician of the entry's session, when the entry's own actor is another and the session's beginning was seen.</summary>
    public JsonObject? SessionTechnician { get; init; }

    public string ActorKind => JsonMembers.Text(Actor, "kind");

    public string ActorName => JsonMembers.Text(Actor, "name");

    public string ActorKey => JsonMembers.Text(Actor, "key");

    public string Session => Convert.ToHexStringLower(Entry.SessionId.Span);

    public string Grant => Convert.ToHexStringLower(Entry.GrantId.Span);

    public string Host => Convert.ToHexStringLower(Entry.HostId.Span);

    public string Leaf => Convert.ToHexStringLower(Entry.LeafHash.Span);

    /// <summary>Where the technician connected from, when it is an address.</summary>
    public IPEndPoint? Peer => IPEndPoint.TryParse(JsonMembers.Text(Data, "peer").Split(' ')[^1], out IPEndPoint? peer) ? peer : null;

    public EntryWeight Weight => Entry.Type switch
    {
        "session.refused" or "session.abandoned" or "session.rejected.summary" or "credentials.refused" or "operation.refused" or "operation.refused.summary" => EntryWeight.Refusal,
        _ when Entry.Type.StartsWith("grant.", StringComparison.Ordinal) || Entry.Type.StartsWith("access.", StringComparison.Ordinal) => EntryWeight.Notable,
        _ => EntryWeight.Normal,
    };
}
