using System.Globalization;
using System.Text;

namespace RemoteAccess.Trust;

/// <summary>
/// ArcSight Common Event Format, version 0: seven header fields between bars, then the extension as key=value. In the header bars, backslashes and equals
/// signs become their full-width forms: many a reader splits there whatever the escapes say. In the extension an equals sign and a backslash are escaped,
/// and a line end is written <c>\n</c>. Values are cut at the lengths of its dictionary.
/// </summary>
internal sealed class CefExport(Stream output) : LedgerExporter(output)
{
    private const int LongText = 4000, ShortText = 1023;

    public override void Write(in EntryFacts facts)
    {
        LedgerEntry entry = facts.Entry;
        int severity = facts.Weight switch { EntryWeight.Normal => 2, EntryWeight.Notable => 4, _ => 6 };
        Text.Write(string.Create(CultureInfo.InvariantCulture, $"CEF:0|RemoteAccess|Ledger|{LedgerEntryFields.Version}|{Header(entry.Type)}|{Header(PrintableText.Cut(HistoryLine.Words(entry), 512))}|{severity}|"));
        Text.Write(string.Create(CultureInfo.InvariantCulture, $"rt={entry.Time.ToUnixTimeMilliseconds()} externalId={entry.Sequence} deviceExternalId={facts.Host}"));
        if (facts.Weight == EntryWeight.Refusal) Pair("outcome", "failure", ShortText);
        if (facts.Peer is { } peer)
        {
            Pair(peer.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? "c6a2" : "src", peer.Address.ToString(), ShortText);
            if (peer.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6) Pair("c6a2Label", "Source IPv6 Address", ShortText);
            Pair("spt", peer.Port.ToString(CultureInfo.InvariantCulture), ShortText);
        }

        if (facts.ActorName.Length > 0) Pair("suser", facts.ActorName, ShortText);
        if (facts.ActorKey.Length > 0) Pair("suid", facts.ActorKey, ShortText);
        if (JsonMembers.Text(facts.Data, "reason") is { Length: > 0 } reason) Pair("reason", reason, ShortText);
        Custom(1, "session", facts.Session);
        Custom(2, "grant", facts.Grant);
        Custom(3, "actor", facts.ActorKind);
        Custom(4, "data", PrintableText.OfJson(Encoding.UTF8.GetString(entry.DataJson)));
        Custom(5, "leaf", facts.Leaf);
        Text.Write('\n');
    }

    private void Custom(int number, string label, string value)
    {
        if (value.Length == 0) return;
        string key = string.Create(CultureInfo.InvariantCulture, $"cs{number}");
        Pair($"{key}Label", label, ShortText);
        Pair(key, value, LongText);
    }

    private void Pair(string key, string value, int length)
    {
        Text.Write(' ');
        Text.Write(key);
        Text.Write('=');
        Text.Write(PrintableText.Cut(Lines(value), length).Replace("\\", "\\\\", StringComparison.Ordinal).Replace("=", "\\=", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal));
    }

    /// <summary>Line ends stay, as one line feed each; nothing else that steers does.</summary>
    private static string Lines(string value) =>
        string.Join('\n', value.ReplaceLineEndings("\n").Split('\n').Select(static line => PrintableText.Of(line, "\uFFFD")));

    private static string Header(string value) => PrintableText.Of(value).Replace('\\', '＼').Replace('|', '｜').Replace('=', '＝');
}
