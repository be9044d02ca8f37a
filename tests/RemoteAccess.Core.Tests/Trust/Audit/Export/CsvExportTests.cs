using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

public sealed class CsvExportTests
{
    [Fact]
    public async Task Csv_HostileTexts_ParseBackToTheEntries()
    {
        await using ExportFixture fixture = await ExportFixture.HostileAsync();
        List<string[]> records = Parse(fixture.ExportText(LedgerExportFormat.Csv));

        Assert.Equal(["seq", "time", "type", "what", "actor_kind", "actor_name", "session", "grant", "actor", "data", "boot", "mono_ms", "host", "leaf"], records[0]);
        Assert.Equal(fixture.Entries.Count + 1, records.Count);
        foreach ((LedgerEntry entry, string[] record) in fixture.Entries.Zip(records.Skip(1)))
        {
            Assert.Equal(entry.Sequence.ToString(CultureInfo.InvariantCulture), record[0]);
            Assert.Equal(entry.Time, DateTimeOffset.Parse(record[1], CultureInfo.InvariantCulture));
            Assert.Equal(entry.Type, record[2]);
            Assert.True(JsonNode.DeepEquals(entry.Actor(), JsonNode.Parse(record[8])));
            Assert.True(JsonNode.DeepEquals(entry.Data(), JsonNode.Parse(record[9])));
            Assert.Equal(Convert.ToHexStringLower(entry.LeafHash.Span), record[13]);
            string name = entry.Actor()["name"]!.GetValue<string>();
            if (name.All(character => character is >= ' ' and <= '~' and not ';')) Assert.Equal(name, record[5].StartsWith('\'') ? record[5][1..] : record[5]);
        }
    }

    [Fact]
    public async Task Csv_HostileTexts_NoCellIsAFormulaWhateverTheSpreadsheetSplitsAt()
    {
        await using ExportFixture fixture = await ExportFixture.HostileAsync();
        string text = fixture.ExportText(LedgerExportFormat.Csv);

        foreach (string cell in Parse(text).SelectMany(record => record)) Assert.False(IsFormula(cell), cell);
        Assert.DoesNotContain(";", text, StringComparison.Ordinal);
        Assert.DoesNotContain("\t", text, StringComparison.Ordinal);
        Assert.Equal(fixture.Entries.Count + 1, text.Count(character => character == '\n'));
    }

    private static bool IsFormula(string cell) => cell.TrimStart() is [var first, ..] && "=+-@＝＋－＠\t".Contains(first, StringComparison.Ordinal) && !long.TryParse(cell, out _);

    /// <summary>RFC 4180 §2 to the letter: CRLF behind each record, quotes only around whole fields.</summary>
    private static List<string[]> Parse(string text)
    {
        List<string[]> records = [];
        List<string> record = [];
        for (int at = 0; at < text.Length;)
        {
            var field = new StringBuilder();
            if (text[at] == '"')
            {
                for (at++; ; at++)
                {
                    if (text[at] != '"') field.Append(text[at]);
                    else if (text[at + 1] == '"') field.Append(text[at++]);
                    else break;
                }

                at++;
            }
            else
            {
                for (; text[at] is not (',' or '\r'); at++) field.Append(Assert.IsType<char>(text[at] == '"' ? null : text[at]));
            }

            record.Add(field.ToString());
            if (text[at] == ',')
            {
                at++;
                continue;
            }

            Assert.Equal("\r\n", text.Substring(at, 2));
            at += 2;
            records.Add([.. record]);
            record.Clear();
        }

        Assert.All(records, each => Assert.Equal(records[0].Length, each.Length));
        return records;
    }
}
