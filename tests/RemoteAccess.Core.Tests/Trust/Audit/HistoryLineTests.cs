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

    private async Task<string> DescribeAsync(string type, JsonObject data)
    {
        await using Ledger ledger = folder.Open();
        await ledger.AppendAsync(new LedgerEvent { Type = type, Actor = new JsonObject { ["kind"] = "technician", ["name"] = "Max" }, Data = data }, TestContext.Current.CancellationToken);
        return HistoryLine.Describe(Assert.Single(ledger.Read()));
    }
}
