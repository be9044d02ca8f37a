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
        WriteMetadata(facts, kind);
        switch (kind.Class)
        {
            case OcsfClass.Authentication:
                WriteAuthentication(facts);
                break;
            case OcsfClass.EntityManagement:
                WriteEntityManagement(facts);
                break;
        }

        WriteUnmapped(facts, kind);
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

    private void WriteMetadata(in EntryFacts facts, OcsfClass kind)
    {
        json.WriteStartObject("metadata");
        json.WriteString("version", SchemaVersion);
        // Without it this class has no actor and no computer.
        if (kind.Class == OcsfClass.EntityManagement)
        {
            json.WriteStartArray("profiles");
            json.WriteStringValue("host");
            json.WriteEndArray();
        }

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

    private void WriteAuthentication(in EntryFacts facts)
    {
        WriteActor(facts, withSession: false);
        JsonObject technician = facts.SessionTechnician ?? facts.Actor;
        WriteUser(technician, JsonMembers.Text(technician, "kind"));
        json.WriteBoolean("is_remote", true);
        WriteSession(facts);
        WritePeer(facts);
        json.WriteStartObject("dst_endpoint");
        json.WriteString("uid", facts.Host);
        json.WriteEndObject();
    }

    /// <summary>The class knows no session: it stands under the actor.</summary>
    private void WriteEntityManagement(in EntryFacts facts)
    {
        WriteActor(facts, withSession: true);
        WritePeer(facts);
        json.WriteStartObject("device");
        json.WriteString("uid", facts.Host);
        // 0 unknown.
        json.WriteNumber("type_id", 0);
        json.WriteEndObject();
        WriteEntity(facts);
    }

    private void WriteActor(in EntryFacts facts, bool withSession)
    {
        json.WriteStartObject("actor");
        WriteUser(facts.Actor, facts.ActorKind);
        if (withSession) WriteSession(facts);
        json.WriteEndObject();
    }

    private void WriteSession(in EntryFacts facts)
    {
        if (facts.Session.Length == 0) return;
        json.WriteStartObject("session");
        json.WriteString("uid", facts.Session);
        json.WriteEndObject();
    }

    private void WritePeer(in EntryFacts facts)
    {
        if (facts.Peer is not { } peer) return;
        json.WriteStartObject("src_endpoint");
        json.WriteString("ip", peer.Address.ToString());
        json.WriteNumber("port", peer.Port);
        json.WriteEndObject();
    }

    private void WriteUser(JsonObject actor, string kind)
    {
        json.WriteStartObject("user");
        json.WriteString("name", JsonMembers.Text(actor, "name") is { Length: > 0 } name ? name : kind);
        if (JsonMembers.Text(actor, "key") is { Length: > 0 } key) json.WriteString("uid", key);
        // The schema's word where it has one, ours beside "other" only; the entry's own stands under unmapped.
        (int type, string word) = kind switch { "technician" or "customer" => (1, "User"), "agent" => (3, "System"), _ => (99, kind) };
        json.WriteNumber("type_id", type);
        json.WriteString("type", word);
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

    private void WriteUnmapped(in EntryFacts facts, OcsfClass kind)
    {
        json.WriteStartObject("unmapped");
        json.WriteString("actor_kind", facts.ActorKind);
        if (kind.Class == OcsfClass.BaseEvent)
        {
            // The base event has nobody in it.
            WriteActor(facts, withSession: true);
            WritePeer(facts);
            json.WriteString("host", facts.Host);
        }

        json.WriteString("grant", facts.Grant);
        json.WriteString("boot", facts.Entry.BootId);
        json.WriteNumber("mono", (long)facts.Entry.Monotonic.TotalMilliseconds);
        json.WritePropertyName("data");
        json.WriteRawValue(facts.Entry.DataJson);
        json.WriteEndObject();
    }
}
