using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

/// <summary>The three forms that are JSON: the entries themselves, OCSF, OpenTelemetry.</summary>
public sealed class JsonExportTests
{
    [Fact]
    public async Task JsonLines_HostileTexts_AreTheExactBytes()
    {
        await using ExportFixture fixture = await ExportFixture.HostileAsync();
        byte[] expected = [.. fixture.Entries.SelectMany(entry => (byte[])[.. entry.Raw.Span, (byte)'\n'])];

        Assert.Equal(expected, fixture.Export(LedgerExportFormat.JsonLines));
    }

    [Fact]
    public async Task Ocsf_HostileTexts_ParseBackToTheEntries()
    {
        await using ExportFixture fixture = await ExportFixture.HostileAsync();
        foreach ((LedgerEntry entry, string line) in fixture.Entries.Zip(fixture.ExportLines(LedgerExportFormat.Ocsf)))
        {
            JsonNode json = JsonNode.Parse(line)!;
            Assert.Equal(("3", "3002", "300201"), (json["category_uid"]!.ToString(), json["class_uid"]!.ToString(), json["type_uid"]!.ToString()));
            Assert.Equal(entry.Time.ToUnixTimeMilliseconds(), json["time"]!.GetValue<long>());
            Assert.Equal("1.3.0", json["metadata"]!["version"]!.GetValue<string>());
            Assert.Equal(Convert.ToHexStringLower(entry.LeafHash.Span), json["metadata"]!["uid"]!.GetValue<string>());
            Assert.Equal(entry.Sequence, json["metadata"]!["sequence"]!.GetValue<long>());
            string name = entry.Actor()["name"]!.GetValue<string>();
            Assert.Equal(name.Length > 0 ? name : "technician", json["user"]!["name"]!.GetValue<string>());
            Assert.Equal(("192.0.2.7", 4711), (json["src_endpoint"]!["ip"]!.GetValue<string>(), json["src_endpoint"]!["port"]!.GetValue<int>()));
            Assert.True(JsonNode.DeepEquals(entry.Data(), json["unmapped"]!["data"]));
        }
    }

    [Theory]
    [InlineData("session.accepted", 3002, 1, 1)]
    [InlineData("session.refused", 3002, 1, 2)]
    [InlineData("session.abandoned", 3002, 1, 2)]
    [InlineData("session.ended", 3002, 2, 1)]
    [InlineData("session.lost", 3002, 2, 2)]
    [InlineData("grant.created", 3004, 1, 1)]
    [InlineData("grant.revoked", 3004, 4, 1)]
    [InlineData("access.blocked", 3004, 3, 1)]
    [InlineData("sessions.stopped", 3004, 3, 1)]
    [InlineData("operation.used", 0, 99, 1)]
    [InlineData("operation.refused", 0, 99, 2)]
    [InlineData("something.new", 0, 99, 1)]
    public async Task Ocsf_KindsOfEntries_HaveTheirClassAndWhatItRequires(string type, int kind, int activity, int status)
    {
        await using ExportFixture fixture = await ExportFixture.CreateAsync(ExportFixture.Other(type, new JsonObject { ["refusal"] = "Blocked" }));
        JsonNode json = JsonNode.Parse(Assert.Single(fixture.ExportLines(LedgerExportFormat.Ocsf)))!;

        Assert.Equal((kind, activity, status, kind * 100 + activity), (json["class_uid"]!.GetValue<int>(), json["activity_id"]!.GetValue<int>(), json["status_id"]!.GetValue<int>(), json["type_uid"]!.GetValue<int>()));
        Assert.Equal(kind / 1000, json["category_uid"]!.GetValue<int>());
        Assert.Equal("Blocked", json["status_detail"]!.GetValue<string>());
        Assert.InRange(json["severity_id"]!.GetValue<int>(), 1, 3);
        Assert.Equal(kind == 3002, json["user"] is not null);
        Assert.Equal(kind == 3004, json["entity"] is not null);
        string host = Convert.ToHexStringLower(fixture.Entries[0].HostId.Span), session = Convert.ToHexStringLower(ExportFixture.Id(1));
        JsonNode actor = (kind == 0 ? json["unmapped"] : json)!["actor"]!;
        Assert.Equal("Erika", actor["user"]!["name"]!.GetValue<string>());
        Assert.Equal(session, (kind == 3002 ? json["session"] : actor["session"])!["uid"]!.GetValue<string>());
        Assert.Equal(host, (kind switch { 3002 => json["dst_endpoint"]!["uid"], 3004 => json["device"]!["uid"], _ => json["unmapped"]!["host"] })!.GetValue<string>());
    }

    /// <summary>The names of OCSF 1.3.0 (ocsf-schema, tag 1.3.0) that these classes know, as far as we could use them: another one is no event of the schema.</summary>
    [Theory]
    [InlineData("session.accepted", " actor dst_endpoint is_remote session src_endpoint user")]
    [InlineData("session.ended", " actor dst_endpoint is_remote session src_endpoint user")]
    [InlineData("grant.created", " actor device entity src_endpoint")]
    [InlineData("operation.used", "")]
    public async Task Ocsf_EachClass_HasOnlyWhatTheSchemaKnows(string type, string own)
    {
        const string All = "activity_id activity_name category_uid class_name class_uid duration message metadata severity_id status status_detail status_id time type_uid unmapped";
        await using ExportFixture fixture = await ExportFixture.CreateAsync(ExportFixture.Other(type, new JsonObject { ["peer"] = "tcp 192.0.2.7:4711", ["reason"] = "x", ["seconds"] = 7 }));
        JsonObject json = JsonNode.Parse(Assert.Single(fixture.ExportLines(LedgerExportFormat.Ocsf)))!.AsObject();

        Assert.Equal($"{All}{own}".Split(' ').Order(StringComparer.Ordinal), json.Select(static member => member.Key).Order(StringComparer.Ordinal));
        // Actor and computer are of this profile in the one class that has them from it.
        Assert.Equal(type == "grant.created" ? "[\"host\"]" : null, json["metadata"]!["profiles"]?.ToJsonString());
        JsonNode user = (own.Length == 0 ? json["unmapped"] : json)!["actor"]!["user"]!;
        Assert.Equal(type == "grant.created" ? (1, "User") : (3, "System"), (user["type_id"]!.GetValue<int>(), user["type"]!.GetValue<string>()));
        Assert.Equal(type == "grant.created" ? "customer" : "agent", json["unmapped"]!["actor_kind"]!.GetValue<string>());
    }

    [Fact]
    public async Task Ocsf_EndOfASession_NamesTheTechnicianWhoseItWas()
    {
        await using ExportFixture fixture = await ExportFixture.CreateAsync(ExportFixture.Accepted("Max", "x"), ExportFixture.Other("session.ended", new JsonObject { ["seconds"] = 7 }));
        JsonNode ended = JsonNode.Parse(fixture.ExportLines(LedgerExportFormat.Ocsf)[1])!;

        Assert.Equal(("Max", "Erika", 7000), (ended["user"]!["name"]!.GetValue<string>(), ended["actor"]!["user"]!["name"]!.GetValue<string>(), ended["duration"]!.GetValue<int>()));
    }

    [Fact]
    public async Task OpenTelemetry_HostileTexts_ParseBackToTheEntries()
    {
        await using ExportFixture fixture = await ExportFixture.HostileAsync();
        List<JsonNode> records = Records(fixture.ExportLines(LedgerExportFormat.OpenTelemetry));
        Assert.Equal(fixture.Entries.Count, records.Count);
        foreach ((LedgerEntry entry, JsonNode record) in fixture.Entries.Zip(records))
        {
            Assert.Equal($"{entry.Time.ToUnixTimeMilliseconds()}000000", record["timeUnixNano"]!.GetValue<string>());
            Assert.Equal(9, record["severityNumber"]!.GetValue<int>());
            Dictionary<string, JsonNode?> attributes = Values(record["attributes"]!);
            Assert.Equal(entry.Type, attributes["event.name"]!.GetValue<string>());
            Assert.Equal(entry.Sequence, attributes["ledger.seq"]!.GetValue<long>());
            Assert.True(JsonNode.DeepEquals(entry.Actor(), attributes["ledger.actor"]));
            Assert.True(JsonNode.DeepEquals(entry.Data(), attributes["ledger.data"]));
            Assert.EndsWith(record["body"]!["stringValue"]!.GetValue<string>(), HistoryLine.Describe(entry), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task OpenTelemetry_ManyEntries_AreSplitIntoLinesThatStandAlone()
    {
        await using ExportFixture fixture = await ExportFixture.CreateAsync([.. Enumerable.Range(0, 300).Select(_ => ExportFixture.Other("operation.used"))]);
        string[] lines = fixture.ExportLines(LedgerExportFormat.OpenTelemetry);

        Assert.Equal(2, lines.Length);
        Assert.Equal(300, Records(lines).Count);
    }

    [Theory]
    [InlineData(LedgerExportFormat.JsonLines)]
    [InlineData(LedgerExportFormat.Csv)]
    [InlineData(LedgerExportFormat.Cef)]
    [InlineData(LedgerExportFormat.Syslog)]
    [InlineData(LedgerExportFormat.Ocsf)]
    [InlineData(LedgerExportFormat.OpenTelemetry)]
    public async Task Export_ReaderFailsHalfWay_LeavesWholeLinesAndTheError(LedgerExportFormat format)
    {
        await using ExportFixture fixture = await ExportFixture.HostileAsync();
        using var output = new MemoryStream();

        Assert.Throws<StateException>(() => LedgerExport.Write(FailAfter(fixture.Entries, 5), format, output, TestContext.Current.CancellationToken));

        string text = Encoding.UTF8.GetString(output.ToArray());
        Assert.EndsWith("\n", text, StringComparison.Ordinal);
        if (format == LedgerExportFormat.OpenTelemetry) Assert.Equal(5, Records(text[..^1].Split('\n')).Count);
        else Assert.Equal(format == LedgerExportFormat.Csv ? 6 : 5, text.Count(character => character == '\n'));
    }

    private static IEnumerable<LedgerEntry> FailAfter(IEnumerable<LedgerEntry> entries, int count)
    {
        foreach (LedgerEntry entry in entries.Take(count)) yield return entry;
        throw new StateException(StateError.Corrupted, "x", "damaged");
    }

    private static List<JsonNode> Records(IEnumerable<string> lines) =>
        [.. lines.SelectMany(line => JsonNode.Parse(line)!["resourceLogs"]!.AsArray().SelectMany(resource => resource!["scopeLogs"]!.AsArray().SelectMany(scope => scope!["logRecords"]!.AsArray().Select(record => record!))))];

    private static Dictionary<string, JsonNode?> Values(JsonNode attributes) => attributes.AsArray().ToDictionary(each => each!["key"]!.GetValue<string>(), each => Value(each!["value"]!));

    /// <summary>OTLP's AnyValue: exactly one member, whose name says the kind.</summary>
    private static JsonNode? Value(JsonNode any)
    {
        (string kind, JsonNode? value) = Assert.Single(any.AsObject());
        return kind switch
        {
            "stringValue" or "boolValue" => value!.DeepClone(),
            "intValue" => long.Parse(value!.GetValue<string>(), CultureInfo.InvariantCulture),
            "arrayValue" => new JsonArray([.. value!["values"]!.AsArray().Select(item => Value(item!))]),
            "kvlistValue" => new JsonObject(Values(value!["values"]!)),
            _ => throw new FormatException(kind),
        };
    }
}
