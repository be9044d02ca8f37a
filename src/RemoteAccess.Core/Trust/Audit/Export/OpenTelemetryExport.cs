using System.Buffers;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace RemoteAccess.Trust;

/// <summary>
/// OTLP's <c>LogsData</c> in its JSON encoding, one a line as the OTLP file format has it: 64-bit integers are strings, times are nanoseconds since
/// 1970. A line holds up to 256 records of one computer, so that any number of entries can be streamed.
/// </summary>
internal sealed class OpenTelemetryExport : LedgerExporter
{
    private const int RecordsPerLine = 256, BytesPerLine = 1024 * 1024;

    private readonly ArrayBufferWriter<byte> line = new();
    private readonly Utf8JsonWriter json;
    private string host = "";
    private int records;

    public OpenTelemetryExport(Stream output) : base(output) => json = new Utf8JsonWriter(line);

    public override void Write(in EntryFacts facts)
    {
        if (records == RecordsPerLine || line.WrittenCount > BytesPerLine || (records > 0 && host != facts.Host)) EndLine();
        if (records == 0) BeginLine(facts.Host);
        records++;
        WriteRecord(facts);
    }

    public override void End()
    {
        if (records > 0) EndLine();
    }

    public override void Dispose()
    {
        json.Dispose();
        base.Dispose();
    }

    private void BeginLine(string computer)
    {
        host = computer;
        json.WriteStartObject();
        json.WriteStartArray("resourceLogs");
        json.WriteStartObject();
        json.WriteStartObject("resource");
        json.WriteStartArray("attributes");
        Attribute("service.name", "remoteaccess-agent");
        Attribute("host.id", host);
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteStartArray("scopeLogs");
        json.WriteStartObject();
        json.WriteStartObject("scope");
        json.WriteString("name", "RemoteAccess.Ledger");
        json.WriteString("version", LedgerEntryFields.Version.ToString(CultureInfo.InvariantCulture));
        json.WriteEndObject();
        json.WriteStartArray("logRecords");
    }

    private void EndLine()
    {
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
        json.Flush();
        json.Reset();
        Output.Write(line.WrittenSpan);
        Output.WriteByte((byte)'\n');
        line.ResetWrittenCount();
        records = 0;
    }

    private void WriteRecord(in EntryFacts facts)
    {
        LedgerEntry entry = facts.Entry;
        string nanoseconds = ((Int128)entry.Time.ToUnixTimeMilliseconds() * 1_000_000).ToString(CultureInfo.InvariantCulture);
        json.WriteStartObject();
        // An unsigned 64-bit number: a clock set to before 1970 or after 2554 has no such time, and 0 says that there is none.
        json.WriteString("timeUnixNano", ulong.TryParse(nanoseconds, out _) ? nanoseconds : "0");
        (int number, string severity) = facts.Weight switch { EntryWeight.Normal => (9, "INFO"), EntryWeight.Notable => (10, "INFO2"), _ => (13, "WARN") };
        json.WriteNumber("severityNumber", number);
        json.WriteString("severityText", severity);
        json.WriteString("eventName", entry.Type);
        json.WriteStartObject("body");
        json.WriteString("stringValue", HistoryLine.Words(entry));
        json.WriteEndObject();
        json.WriteStartArray("attributes");
        Attribute("event.name", entry.Type);
        Attribute("ledger.seq", entry.Sequence);
        Attribute("ledger.leaf", facts.Leaf);
        Attribute("ledger.boot", entry.BootId);
        Attribute("ledger.mono", (long)entry.Monotonic.TotalMilliseconds);
        Attribute("ledger.grant", facts.Grant);
        Attribute("session.id", facts.Session);
        Attribute("ledger.actor", facts.Actor);
        Attribute("ledger.data", facts.Data);
        json.WriteEndArray();
        json.WriteEndObject();
        json.Flush();
    }

    private void Attribute(string key, JsonNode value)
    {
        json.WriteStartObject();
        json.WriteString("key", key);
        json.WritePropertyName("value");
        WriteAny(value);
        json.WriteEndObject();
    }

    /// <summary>An AnyValue. An entry nests at most 16 deep.</summary>
    private void WriteAny(JsonNode? node)
    {
        json.WriteStartObject();
        switch (node)
        {
            case JsonObject members:
                json.WriteStartObject("kvlistValue");
                json.WriteStartArray("values");
                foreach ((string key, JsonNode? value) in members) Attribute(key, value ?? "");
                json.WriteEndArray();
                json.WriteEndObject();
                break;
            case JsonArray items:
                json.WriteStartObject("arrayValue");
                json.WriteStartArray("values");
                foreach (JsonNode? item in items) WriteAny(item);
                json.WriteEndArray();
                json.WriteEndObject();
                break;
            case JsonValue value when value.TryGetValue(out bool truth):
                json.WriteBoolean("boolValue", truth);
                break;
            case JsonValue value when value.TryGetValue(out long number):
                json.WriteString("intValue", number.ToString(CultureInfo.InvariantCulture));
                break;
            default:
                json.WriteString("stringValue", node?.GetValue<string>() ?? "");
                break;
        }

        json.WriteEndObject();
    }
}
