using System.Globalization;
using System.Text.Json.Nodes;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

public sealed class HistoryLineTests : IDisposable
{
    private readonly LedgerFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Describe_SessionAccepted_SaysWhoWhatForAndWhy() => Assert.EndsWith(
        "Max connected from tcp 192.0.2.7:1, to see the screen, use keyboard and mouse. Reason: \"printer\" There were 2 failed attempts before, since 2026-01-02T03:04:05Z.",
        await DescribeAsync("session.accepted", new JsonObject
        {
            ["peer"] = "tcp 192.0.2.7:1",
            ["operations"] = new JsonArray("ViewScreen", "ControlInput"),
            ["reason"] = "printer",
            ["failedAttempts"] = 2,
            ["failedSince"] = "2026-01-02T03:04:05Z",
        }),
        StringComparison.Ordinal);

    [Fact]
    public async Task Describe_SessionEndedByARule_NamesTheRule() => Assert.EndsWith(
        "The session ended after 7 s: Revoked. Used: see the screen.",
        await DescribeAsync("session.ended", new JsonObject { ["seconds"] = 7, ["reason"] = "Revoked", ["text"] = "", ["used"] = new JsonArray("ViewScreen") }),
        StringComparison.Ordinal);

    [Fact]
    public async Task Describe_TextThatWouldSteerATerminal_IsBlanked()
    {
        string line = await DescribeAsync("session.refused", new JsonObject { ["refusal"] = "Expired", ["peer"] = "a\u001b[2Jb\u202Ec\nd" });

        Assert.Contains("a [2Jb c d", line, StringComparison.Ordinal);
        Assert.DoesNotContain(line, char.IsControl);
    }

    [Fact]
    public async Task Describe_UnknownType_IsShownByItsType() => Assert.EndsWith("  door.opened", await DescribeAsync("door.opened", []), StringComparison.Ordinal);

    public static TheoryData<string> Languages => [.. LanguageTexts.Languages];

    [Theory]
    [MemberData(nameof(Languages))]
    public void Texts_EachLanguage_HasEveryKeyWithTheSamePlaceholders(string language)
    {
        HistoryTexts english = HistoryTexts.For(CultureInfo.GetCultureInfo("en")), texts = HistoryTexts.For(CultureInfo.GetCultureInfo(language));

        Assert.Equal(language, texts.Language);
        Assert.Equal(english.All.Keys, texts.All.Keys);
        Assert.All(english.All, pair => Assert.Equal(Placeholders(pair.Value), Placeholders(texts[pair.Key])));
        if (language != "en") Assert.DoesNotContain(english.All, pair => pair.Value.Length > 12 && texts[pair.Key] == pair.Value);

        static IEnumerable<char> Placeholders(string text) => text.Zip(text.Skip(1)).Where(static pair => pair.First == '{').Select(static pair => pair.Second).Order();
    }

    /// <summary>Every type the product writes has its words: none is shown by its bare name.</summary>
    [Theory]
    [MemberData(nameof(Languages))]
    public async Task Describe_EveryTypeTheProductWrites_HasWordsInEachLanguage(string language)
    {
        string[] types = [.. HistoryTexts.For(CultureInfo.InvariantCulture).All.Keys.Where(key => key.Split('.')[0] is not ("agent" or "answer" or "refused" or "file"))
            .Except(["grant.words", "access.blocked.until", "session.reason", "session.failed", "session.ended.why", "credential.erased.all", "recording.stopped.unnamed", "command.ended.code", "folder.shared.read-only"])];
        Assert.Contains(LedgerPruning.EntryType, types);

        foreach (string type in types)
        {
            using var own = new LedgerFolder();
            await using Ledger ledger = own.Open();
            await ledger.AppendAsync(new LedgerEvent { Type = type, Actor = new JsonObject { ["kind"] = "agent" }, Data = [] }, TestContext.Current.CancellationToken);
            string line = new HistoryWords(CultureInfo.GetCultureInfo(language)).Say(Assert.Single(ledger.Read()));
            Assert.DoesNotContain(type, line, StringComparison.Ordinal);
            Assert.DoesNotContain('{', line);
        }
    }

    [Theory]
    [MemberData(nameof(Languages))]
    public async Task Describe_File_HasWordsForEachDirectionAndEnd(string language)
    {
        List<string> lines = [];
        foreach (string type in (string[])["file.begun", "file.ended"])
            foreach (string direction in (string[])["toTechnician", "toComputer", "sideways"])
                foreach (string refusal in type == "file.ended" ? (string[])["", "BrokenOff"] : [""])
                {
                    using var own = new LedgerFolder();
                    await using Ledger ledger = own.Open();
                    var data = new JsonObject { ["direction"] = direction, ["file"] = "Desk/plan.txt", ["size"] = 7, ["bytes"] = 3, ["sha256"] = "ab", ["refusal"] = refusal };
                    await ledger.AppendAsync(new LedgerEvent { Type = type, Actor = new JsonObject { ["kind"] = "agent" }, Data = data }, TestContext.Current.CancellationToken);
                    string line = new HistoryWords(CultureInfo.GetCultureInfo(language)).Say(Assert.Single(ledger.Read()));
                    Assert.DoesNotContain('{', line);
                    // A direction of a later version: the type alone, and no exception.
                    if (direction == "sideways" && refusal.Length == 0) Assert.Contains(type, line, StringComparison.Ordinal);
                    else Assert.Contains("Desk/plan.txt", line, StringComparison.Ordinal);
                    if (direction != "sideways" && refusal.Length == 0) lines.Add(line);
                }

        Assert.Equal(4, lines.Distinct().Count());
    }

    [Fact]
    public async Task Describe_InGerman_NamesActsAndRuleAndQuotes() => Assert.EndsWith(
        "Max hat sich von tcp 192.0.2.7:1 aus verbunden, für: den Bildschirm sehen. Grund: „printer“",
        await DescribeAsync("session.accepted", new JsonObject { ["peer"] = "tcp 192.0.2.7:1", ["operations"] = new JsonArray("ViewScreen"), ["reason"] = "printer" }, "de"),
        StringComparison.Ordinal);

    private async Task<string> DescribeAsync(string type, JsonObject data, string language = "")
    {
        await using Ledger ledger = folder.Open();
        await ledger.AppendAsync(new LedgerEvent { Type = type, Actor = new JsonObject { ["kind"] = "technician", ["name"] = "Max" }, Data = data }, TestContext.Current.CancellationToken);
        return language.Length == 0 ? HistoryLine.Describe(Assert.Single(ledger.Read())) : new HistoryWords(CultureInfo.GetCultureInfo(language)).Say(Assert.Single(ledger.Read()));
    }
}
