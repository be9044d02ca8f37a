using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

public sealed partial class SyslogExportTests
{
    [Fact]
    public async Task Syslog_HostileTexts_ParseBackToTheEntries()
    {
        await using ExportFixture fixture = await ExportFixture.HostileAsync();
        string[] lines = fixture.ExportLines(LedgerExportFormat.Syslog);
        Assert.Equal(fixture.Entries.Count, lines.Length);
        foreach ((LedgerEntry entry, string line) in fixture.Entries.Zip(lines))
        {
            Match message = Message().Match(line);
            Assert.True(message.Success, line);
            Assert.Equal("110", message.Groups["pri"].Value);
            Assert.Equal(entry.Time, DateTimeOffset.Parse(message.Groups["time"].Value, CultureInfo.InvariantCulture));
            Assert.Equal(Convert.ToHexStringLower(entry.HostId.Span), message.Groups["host"].Value);
            Assert.Equal(entry.Type, message.Groups["id"].Value);
            Dictionary<string, string> parameters = message.Groups["name"].Captures.Zip(message.Groups["value"].Captures)
                .ToDictionary(pair => pair.First.Value, pair => Regex.Replace(pair.Second.Value, @"\\([""\\\]])", "$1"));
            Assert.Equal(entry.Sequence.ToString(CultureInfo.InvariantCulture), parameters["seq"]);
            Assert.Equal(Convert.ToHexStringLower(entry.GrantId.Span), parameters["grant"]);
            Assert.Equal(ExportFixture.Key, parameters["actorKey"]);
            Assert.True(JsonNode.DeepEquals(entry.Data(), JsonNode.Parse(parameters["data"])));
            string name = entry.Actor()["name"]!.GetValue<string>();
            if (name.Length > 0 && name.All(character => character is >= ' ' and <= '~')) Assert.Equal(name, parameters["actorName"]);
            Assert.EndsWith(message.Groups["text"].Value, HistoryLine.Describe(entry), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Syslog_LongTypeAndRefusal_KeepTheLimitsOfTheHeader()
    {
        string type = new('t', 64);
        await using ExportFixture fixture = await ExportFixture.CreateAsync(ExportFixture.Other(type), ExportFixture.Other("session.refused"), ExportFixture.Other("grant.created"));
        string[] lines = fixture.ExportLines(LedgerExportFormat.Syslog);

        Assert.Contains($" - {type[..32]} [", lines[0], StringComparison.Ordinal);
        Assert.Contains($"type=\"{type}\"", lines[0], StringComparison.Ordinal);
        Assert.StartsWith("<108>1 ", lines[1], StringComparison.Ordinal);
        Assert.StartsWith("<109>1 ", lines[2], StringComparison.Ordinal);
    }

    // RFC 5424 §6: the header's fields and one element of structured data, whose values hold no quote, backslash or bracket that is not escaped.
    [GeneratedRegex("^<(?<pri>\\d{1,3})>1 (?<time>[0-9T:.-]+Z) (?<host>[!-~]{1,255}) [!-~]{1,48} - (?<id>[!-~]{1,32}) \\[ledger@32473( (?<name>[!-~]{1,32})=\"(?<value>(\\\\[\"\\\\\\]]|[^\"\\\\\\]])*)\")+\\] \uFEFF(?<text>.*)$")]
    private static partial Regex Message();
}
