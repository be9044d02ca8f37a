using System.Globalization;
using System.Text;

namespace RemoteAccess.Trust;

/// <summary>
/// RFC 5424 messages of facility 13 (log audit), a line feed behind each. Structured data is named <c>ledger@32473</c>: 32473 is the enterprise number
/// that RFC 5612 keeps for documents, until the vendor who embeds this puts its own there on the way.
/// </summary>
internal sealed class SyslogExport(Stream output) : LedgerExporter(output)
{
    private const int Facility = 13, MaxMessageId = 32;

    public override void Write(in EntryFacts facts)
    {
        LedgerEntry entry = facts.Entry;
        // RFC 5424 §6.2.1: 4 warning, 5 notice, 6 informational.
        int severity = facts.Weight switch { EntryWeight.Normal => 6, EntryWeight.Notable => 5, _ => 4 };
        string type = entry.Type.Length > MaxMessageId ? entry.Type[..MaxMessageId] : entry.Type;
        Text.Write(string.Create(CultureInfo.InvariantCulture,
            $"<{Facility * 8 + severity}>1 {entry.Time.UtcDateTime.ToString(LedgerEntry.TimeFormat, CultureInfo.InvariantCulture)} {facts.Host} remoteaccess - {type} [ledger@32473"));
        Parameter("seq", entry.Sequence.ToString(CultureInfo.InvariantCulture));
        Parameter("type", entry.Type);
        Parameter("leaf", facts.Leaf);
        Parameter("session", facts.Session);
        Parameter("grant", facts.Grant);
        Parameter("actorKind", facts.ActorKind);
        Parameter("actorName", facts.ActorName);
        Parameter("actorKey", facts.ActorKey);
        Parameter("data", PrintableText.OfJson(Encoding.UTF8.GetString(entry.DataJson)));
        // §6.4: a message in UTF-8 begins with the byte order mark.
        Text.Write("] \uFEFF");
        Text.Write(HistoryLine.Words(entry));
        Text.Write('\n');
    }

    /// <summary>§6.3.3: the quotation mark, the backslash and the closing bracket are escaped, and nothing else.</summary>
    private void Parameter(string name, string value)
    {
        if (value.Length == 0) return;
        Text.Write($" {name}=\"");
        Text.Write(PrintableText.Of(value, "\uFFFD").Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("]", "\\]", StringComparison.Ordinal));
        Text.Write('"');
    }
}
