using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace RemoteAccess.Trust;

/// <summary>OCSF 1.3 events, one a line. What has no place in the schema stands under <c>unmapped</c>, nothing is left out.</summary>
internal sealed class OcsfExport(Stream output) : LedgerExporter(output)
{
    private const string SchemaVersion = "1.3.0";

    private readonly Utf8JsonWriter json = new(output);

    public override void Write(in EntryFacts facts)
    {
        LedgerEntry entry = facts.Entry;
        OcsfClass kind = OcsfClass.Of(entry.Type);
        json.WriteStartObject();
        json.WriteNumber("category_uid", kind.Category);
        json.WriteNumber("class_uid", kind.Class);
        json.WriteString("class_name", kind.ClassName);
        json.WriteNumber("activity_id", kind.Activity);
        json.WriteString("activity_name", kind.ActivityName);
        json.WriteNumber("type_uid", kind.Type);
        // 1 informational, 2 low, 3 medium.
        json.WriteNumber("severity_id", facts.Weight switch { EntryWeight.Normal => 1, EntryWeight.Notable => 2, _ => 3 });
        json.WriteNumber("time", entry.Time.ToUnixTimeMilliseconds());
        json.WriteNumber("status_id", kind.Status);
        json.WriteString("status", kind.Status == OcsfClass.Success ? "Success" : "Failure");
        string detail = JsonMembers.Text(facts.Data, "refusal") is { Length: > 0 } refusal ? refusal : JsonMembers.Text(facts.Data, "reason");
        if (detail.Length > 0) json.WriteString("status_detail", detail);
        json.WriteString("message", HistoryLine.Words(entry));
        if (JsonMembers.Number(facts.Data, "seconds") is { } seconds) json.WriteNumber("duration", seconds * 1000);
        WriteMetadata(facts);
        WriteParties(facts, kind);
        WriteUnmapped(facts);
        json.WriteEndObject();
        json.Flush();
        json.Reset();
        Output.WriteByte((byte)'\n');
    }

    public override void Dispose()
    {
        json.Dispose();
        base.Dispose();
    }

    private void WriteMetadata(in EntryFacts facts)
    {
        json.WriteStartObject("metadata");
        json.WriteString("version", SchemaVersion);
        json.WriteStartObject("product");
        json.WriteString("name", "RemoteAccess Ledger");
        json.WriteString("vendor_name", "RemoteAccess");
        json.WriteEndObject();
        json.WriteString("log_name", "ledger");
        json.WriteString("event_code", facts.Entry.Type);
        json.WriteString("uid", facts.Leaf);
        json.WriteNumber("sequence", facts.Entry.Sequence);
        json.WriteString("original_time", facts.Entry.Time.UtcDateTime.ToString(LedgerEntry.TimeFormat, CultureInfo.InvariantCulture));
        json.WriteEndObject();
    }

    private void WriteParties(in EntryFacts facts, OcsfClass kind)
    {
        json.WriteStartObject("actor");
        WriteUser(facts.Actor, facts.ActorKind);
        json.WriteEndObject();
        if (kind.Class == OcsfClass.Authentication)
        {
            JsonObject technician = facts.SessionTechnician ?? facts.Actor;
            WriteUser(technician, JsonMembers.Text(technician, "kind"));
            json.WriteBoolean("is_remote", true);
        }

        if (facts.Session.Length > 0)
        {
            json.WriteStartObject("session");
            json.WriteString("uid", facts.Session);
            json.WriteEndObject();
        }

        if (facts.Peer is { } peer)
        {
            json.WriteStartObject("src_endpoint");
            json.WriteString("ip", peer.Address.ToString());
            json.WriteNumber("port", peer.Port);
            json.WriteEndObject();
        }

        json.WriteStartObject("dst_endpoint");
        json.WriteString("uid", facts.Host);
        json.WriteEndObject();
        if (kind.Class == OcsfClass.EntityManagement) WriteEntity(facts);
    }

    private void WriteUser(JsonObject actor, string kind)
    {
        json.WriteStartObject("user");
        json.WriteString("name", JsonMembers.Text(actor, "name") is { Length: > 0 } name ? name : kind);
        if (JsonMembers.Text(actor, "key") is { Length: > 0 } key) json.WriteString("uid", key);
        // 1 user, 3 system, 99 other.
        json.WriteNumber("type_id", kind switch { "technician" or "customer" => 1, "agent" => 3, _ => 99 });
        json.WriteString("type", kind);
        json.WriteEndObject();
    }

    private void WriteEntity(in EntryFacts facts)
    {
        json.WriteStartObject("entity");
        json.WriteString("type", facts.Grant.Length > 0 ? "grant" : "remote access");
        json.WriteString("name", JsonMembers.Text(facts.Data, "nickname") is { Length: > 0 } nickname ? nickname : facts.Entry.Type);
        json.WriteString("uid", facts.Grant.Length > 0 ? facts.Grant : facts.Host);
        json.WriteEndObject();
    }

    private void WriteUnmapped(in EntryFacts facts)
    {
        json.WriteStartObject("unmapped");
        json.WriteString("grant", facts.Grant);
        json.WriteString("boot", facts.Entry.BootId);
        json.WriteNumber("mono", (long)facts.Entry.Monotonic.TotalMilliseconds);
        json.WritePropertyName("data");
        json.WriteRawValue(facts.Entry.DataJson);
        json.WriteEndObject();
    }
}
