using System.Text;
using System.Text.Json.Nodes;

namespace RemoteAccess.Trust;

/// <summary>Holds entries against a query, cheapest question first; what is not wanted is never made into an object.</summary>
internal sealed class LedgerFilter(LedgerQuery query)
{
    private readonly byte[] session = Encoding.ASCII.GetBytes(Convert.ToHexStringLower(query.SessionId.Span));
    private readonly byte[][] types = [.. query.Types.Select(Encoding.ASCII.GetBytes)];

    /// <param name="fields">The entry's members.</param>
    /// <param name="entry">Its bytes.</param>
    public bool Wants(in LedgerEntryFields fields, ReadOnlySpan<byte> entry) =>
        fields.Sequence >= query.From && fields.Sequence < query.Before
        && !(fields.Time < query.Since) && !(fields.Time >= query.Until)
        && (session.Length == 0 || fields.Session.SequenceEqual(session))
        && (types.Length == 0 || IsOneOf(fields.Type))
        && (query.Technician is null || IsTechnician(entry[fields.Actor]));

    private bool IsOneOf(ReadOnlySpan<byte> type)
    {
        foreach (byte[] wanted in types)
        {
            if (type.SequenceEqual(wanted)) return true;
        }

        return false;
    }

    private bool IsTechnician(ReadOnlySpan<byte> json)
    {
        JsonNode? actor = JsonNode.Parse(json);
        return JsonMembers.Text(actor, "kind") == "technician"
            && (string.Equals(JsonMembers.Text(actor, "name"), query.Technician, StringComparison.OrdinalIgnoreCase) || string.Equals(JsonMembers.Text(actor, "key"), query.Technician, StringComparison.OrdinalIgnoreCase));
    }
}
