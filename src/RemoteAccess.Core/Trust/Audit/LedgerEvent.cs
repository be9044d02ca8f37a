using System.Text.Json.Nodes;

namespace RemoteAccess.Trust;

/// <summary>What the ledger is asked to record; the ledger adds sequence, times, boot, host and the chain (trust.md, "Ledger").</summary>
internal sealed record LedgerEvent
{
    /// <summary>Dotted lower-case name: <c>session.accepted</c>, <c>grant.created</c>.</summary>
    public required string Type { get; init; }

    /// <summary>16 bytes, or empty outside a session.</summary>
    public ReadOnlyMemory<byte> SessionId { get; init; }

    /// <summary>16 bytes, or empty when no grant is concerned.</summary>
    public ReadOnlyMemory<byte> GrantId { get; init; }

    /// <summary>Who acted: <c>{"kind":"technician","name":…,"key":hex,"tenant":hex}</c>, <c>{"kind":"customer"}</c>, <c>{"kind":"agent"}</c>.</summary>
    public required JsonObject Actor { get; init; }

    /// <summary>The facts. Never keystrokes, pixels, texts of clipboard or chat, codes or passwords.</summary>
    public JsonObject Data { get; init; } = [];
}
