using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

public sealed partial class CefExportTests
{
    [Fact]
    public async Task Cef_HostileTexts_ParseBackToTheEntries()
    {
        await using ExportFixture fixture = await ExportFixture.HostileAsync();
        string[] lines = fixture.ExportLines(LedgerExportFormat.Cef);
        Assert.Equal(fixture.Entries.Count, lines.Length);
        foreach ((LedgerEntry entry, string line) in fixture.Entries.Zip(lines))
        {
            (string[] header, Dictionary<string, string> extension) = Parse(line);
            // A reader that knows no escapes in the header finds the same fields.
            Assert.Equal(header, line.Split('|')[..7]);
            Assert.All(header, static field => Assert.DoesNotContain(field, static character => character is '=' or '\\'));
            Assert.Equal(["CEF:0", "RemoteAccess", "Ledger", "1", entry.Type], header[..5]);
            Assert.Equal("2", header[6]);
            Assert.Equal(entry.Time.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture), extension["rt"]);
            Assert.Equal(entry.Sequence.ToString(CultureInfo.InvariantCulture), extension["externalId"]);
            Assert.Equal(("192.0.2.7", "4711"), (extension["src"], extension["spt"]));
            Assert.Equal(("session", Convert.ToHexStringLower(entry.SessionId.Span)), (extension["cs1Label"], extension["cs1"]));
            Assert.Equal(Convert.ToHexStringLower(entry.LeafHash.Span), extension["cs5"]);
            string name = entry.Actor()["name"]!.GetValue<string>();
            if (name.Length > 0) Assert.Equal(Shown(name), extension["suser"]);
            if (extension["cs4"].EndsWith('…')) Assert.Equal(4000, extension["cs4"].Length);
            else Assert.True(JsonNode.DeepEquals(entry.Data(), JsonNode.Parse(extension["cs4"])));
        }

        Assert.Contains(lines, line => line.Contains("cs4", StringComparison.Ordinal) && line.Contains('…', StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("session.refused", "6", true)]
    [InlineData("grant.revoked", "4", false)]
    [InlineData("session.ended", "2", false)]
    public async Task Cef_KindsOfEntries_HaveTheirSeverity(string type, string severity, bool failed)
    {
        await using ExportFixture fixture = await ExportFixture.CreateAsync(ExportFixture.Other(type, new JsonObject { ["peer"] = "tcp [2001:db8::1]:9" }));
        (string[] header, Dictionary<string, string> extension) = Parse(Assert.Single(fixture.ExportLines(LedgerExportFormat.Cef)));

        Assert.Equal(severity, header[6]);
        Assert.Equal(failed, extension.ContainsKey("outcome"));
        Assert.Equal("2001:db8::1", extension["c6a2"]);
    }

    private static string Shown(string name) => string.Concat(name.ReplaceLineEndings("\n").EnumerateRunes().Select(rune => rune.Value != '\n'
        && Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format ? "\uFFFD" : rune.ToString()));

    /// <summary>Splits at bars that are not escaped; a key is what stands before an equals sign that is not escaped, behind a space.</summary>
    private static (string[] Header, Dictionary<string, string> Extension) Parse(string line)
    {
        Match match = Header().Match(line);
        Assert.True(match.Success, line);
        string[] header = [.. match.Groups["field"].Captures.Select(field => Regex.Replace(field.Value, @"\\([|\\])", "$1"))];
        string rest = line[match.Length..];
        List<Match> keys = [.. Key().Matches(rest).Cast<Match>()];
        Dictionary<string, string> extension = [];
        for (int i = 0; i < keys.Count; i++)
        {
            int start = keys[i].Index + keys[i].Length, end = i + 1 < keys.Count ? keys[i + 1].Index : rest.Length;
            string value = Regex.Replace(rest[start..end], @"\\(.)", escaped => escaped.Groups[1].Value switch { "n" => "\n", "\\" => "\\", "=" => "=", var other => throw new FormatException($"\\{other}") });
            extension.Add(keys[i].Groups["key"].Value, value);
        }

        return (header, extension);
    }

    [GeneratedRegex(@"^(?<field>(\\[|\\]|[^|\\])*)\|(?<field>(\\[|\\]|[^|\\])*)\|(?<field>(\\[|\\]|[^|\\])*)\|(?<field>(\\[|\\]|[^|\\])*)\|(?<field>(\\[|\\]|[^|\\])*)\|(?<field>(\\[|\\]|[^|\\])*)\|(?<field>(\\[|\\]|[^|\\])*)\|")]
    private static partial Regex Header();

    [GeneratedRegex(@"(^| )(?<key>[A-Za-z0-9]+)=")]
    private static partial Regex Key();
}
