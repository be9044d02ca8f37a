using System.Runtime.Versioning;
using System.Text.Json;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

/// <summary><c>explain</c> as customers and technicians ask it, beside an agent that decides the same.</summary>
[SupportedOSPlatform("linux")]
[Collection(nameof(Office))]
[Trait("Group", "Office")]
[Trait("Category", "Slow")]
public sealed class ExplainCommandTests(Office office)
{
    private const string Nickname = "Contoso:Front desk:Ada";

    [Fact]
    public async Task Explain_Granted_SaysUntilWhenASessionCouldLast()
    {
        string state = await office.CopyStateAsync();

        Ran ran = (await Office.AskAsync("explain", state, "--grant", Nickname)).Succeeded();

        Assert.Matches(@"^Allowed: with the right access code a session may begin, and would end at 20\d\d-\d\d-\d\d \d\d:\d\d:\d\d [+-]\d\d:\d\d at the latest\.\n$", ran.Output);
        using JsonDocument json = JsonDocument.Parse((await Office.AskAsync("explain", state, "--grant", Nickname, "--operations", "view", "--json")).Succeeded().Output);
        Assert.True(json.RootElement.GetProperty("allowed").GetBoolean());
        Assert.Equal(JsonValueKind.Null, json.RootElement.GetProperty("refusal").ValueKind);
        Assert.Equal(32, json.RootElement.GetProperty("grant").GetString()?.Length);
        // Nothing was recorded.
        Assert.Single((await Office.AskAsync("history", state)).Succeeded().Lines);
    }

    [Fact]
    public async Task Explain_LaterThanTheGrant_SaysWhenItEnds()
    {
        Ran ran = await Office.AskAsync("explain", await office.CopyStateAsync(), "--grant", Nickname, "--at", "2099-12-24T18:00");

        Assert.Equal(2, ran.ExitCode);
        Assert.StartsWith("Refused: the time agreed to ended at 20", ran.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Explain_ComputerPolicyWhileTheAgentRuns_IsWhatTheAgentDoes()
    {
        await using AgentRun agent = await office.StartAgentAsync(display: null);
        await using RemoteSession session = await office.ConnectAsync(agent);
        string file = Path.Combine(agent.State, "policy.json"), part = file + ".part";
        await File.WriteAllTextAsync(part, "{\"version\":1,\"operations\":[\"ControlInput\"]}");
        File.SetUnixFileMode(part, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.Move(part, file);

        Assert.Equal(RefusalReason.OperationNotGranted, (await session.Completion.WaitAsync(Helpdesk.Limit())).Reason);
        Ran ran = await Office.AskAsync("explain", agent.State, "--grant", Nickname, "--operations", "view,control");
        Assert.Equal((2, "Refused by the computer's own policy (policy.json): it was not agreed to see the screen.\n"), (ran.ExitCode, ran.Output));
        using JsonDocument json = JsonDocument.Parse((await Office.AskAsync("explain", agent.State, "--grant", Nickname, "--json")).Output);
        Assert.Equal(("OperationNotGranted", "ViewScreen", true),
            (json.RootElement.GetProperty("refusal").GetString(), json.RootElement.GetProperty("excess").GetString(), json.RootElement.GetProperty("byComputerPolicy").GetBoolean()));
        Assert.Equal(RefusalReason.OperationNotGranted, (await Assert.ThrowsAsync<AccessRefusedException>(() => office.ConnectAsync(agent))).Reason);
    }

    [Theory]
    [InlineData("There is no grant '00000000000000000000000000000000'", "--grant", "00000000000000000000000000000000")]
    [InlineData("is not a moment", "--grant", Nickname, "--at", "yesterday")]
    [InlineData("'everything' is not an operation", "--grant", Nickname, "--operations", "everything")]
    [InlineData("--grant")]
    public async Task Explain_WhatCannotBe_Complains(string complaint, params string[] options) =>
        (await Office.AskAsync("explain", await office.CopyStateAsync(), options)).Complained(1, complaint);
}
