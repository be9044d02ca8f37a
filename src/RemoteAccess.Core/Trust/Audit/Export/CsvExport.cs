using System.Globalization;
using System.Text;

namespace RemoteAccess.Trust;

/// <summary>RFC 4180: a header, a record per entry, CRLF behind each. Actor and data are their JSON; the cells beside them are for people.</summary>
internal sealed class CsvExport(Stream output) : LedgerExporter(output)
{
    public override void Begin() => Text.Write("seq,time,type,what,actor_kind,actor_name,session,grant,actor,data,boot,mono_ms,host,leaf\r\n");

    public override void Write(in EntryFacts facts)
    {
        LedgerEntry entry = facts.Entry;
        CsvCell.Write(Text, entry.Sequence);
        foreach (string text in (string[])[entry.Time.UtcDateTime.ToString(LedgerEntry.TimeFormat, CultureInfo.InvariantCulture), entry.Type, HistoryLine.Words(entry), facts.ActorKind, facts.ActorName, facts.Session, facts.Grant])
        {
            Text.Write(',');
            CsvCell.Write(Text, text);
        }

        Text.Write(',');
        CsvCell.WriteJson(Text, Encoding.UTF8.GetString(entry.ActorJson));
        Text.Write(',');
        CsvCell.WriteJson(Text, Encoding.UTF8.GetString(entry.DataJson));
        Text.Write(',');
        CsvCell.Write(Text, entry.BootId);
        Text.Write(',');
        CsvCell.Write(Text, (long)entry.Monotonic.TotalMilliseconds);
        Text.Write(',');
        CsvCell.Write(Text, facts.Host);
        Text.Write(',');
        CsvCell.Write(Text, facts.Leaf);
        Text.Write("\r\n");
    }
}
