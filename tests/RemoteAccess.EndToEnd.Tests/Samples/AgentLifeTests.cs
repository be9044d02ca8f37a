using System.Diagnostics;
using System.Text.Json;
using RemoteAccess.Sessions;

namespace RemoteAccess.Tests;

/// <summary>How sessions and agents end, seen from outside the process.</summary>
[Collection(nameof(Office))]
[Trait("Group", "Office")]
[Trait("Category", "Slow")]
public sealed class AgentLifeTests(Office office)
{
    [Fact]
    public async Task Kill9_InASession_IsACutForTheViewersAndPutRightByTheNextAgent()
    {
        await using Desk desk = await Desk.OpenAsync();
        await using AgentRun agent = await office.StartAgentAsync(desk.Display);
        string csv = office.NewPath("probe.csv");
        using Process probe = SampleProgram.Start(SampleProgram.Viewer, ["probe", "--csv", csv, .. office.Connecting(agent.EndPoint)]);
        Task<string> error = probe.StandardError.ReadToEndAsync();
        Assert.StartsWith("READY ", await probe.StandardOutput.ReadLineAsync().WaitAsync(Eventually.Limit), StringComparison.Ordinal);
        await using RemoteSession session = await office.ConnectAsync(agent);
        await session.Input.KeyAsync(Keysym.Shift, true);
        await session.Input.KeyAsync('a', true);
        await session.Input.ButtonAsync(MouseButton.Left, true);
        await session.PingAsync(Helpdesk.Limit());
        Assert.True(desk.Client.IsAnyKeyDown);

        await agent.KillAsync();
        Ran probed = await SampleProgram.FinishAsync(probe, probe.StandardOutput.ReadToEndAsync(), error);
        SessionEnd end = await session.Completion.WaitAsync(Helpdesk.Limit());

        Assert.Equal(SessionEndKind.Truncated, end.Kind);
        probed.Complained(4, "remoteaccess-viewer: ");
        using (JsonDocument json = JsonDocument.Parse(probed.Lines[^1])) Assert.Equal(1, json.RootElement.GetProperty("dead").GetInt32());
        Assert.True(File.Exists(csv));
        await using AgentRun next = await office.StartAgentAsync(desk.Display, agent.State);
        Assert.False(desk.Client.IsAnyKeyDown);
        Assert.Equal(0u, desk.Client.QueryPointer().Mask & 0x1f00);
        (await office.ViewAsync(next, "info")).Succeeded();
        (await Office.AskAsync("verify-ledger", next.State)).Succeeded();
        Ran history = (await Office.AskAsync("history", next.State, "--type", "session.lost")).Succeeded();
        Assert.Equal(2, history.Lines.Count(line => line.Contains("broke off without an end being recorded", StringComparison.Ordinal)));
        Assert.Equal(2, Directory.GetFiles(Path.Combine(next.State, "notices"), "session-*").Count(path => File.ReadAllText(path).Contains("\"lost\":1", StringComparison.Ordinal)));
        Assert.Equal(0, next.SharedSegments);
    }

    [Fact]
    public Task Revoke_WhileASessionRuns_EndsItWithinASecond() => Promptly.Within(TimeSpan.FromSeconds(1), RevokeASessionAsync);

    private async Task<TimeSpan> RevokeASessionAsync()
    {
        await using AgentRun agent = await office.StartAgentAsync(display: null);
        await using RemoteSession session = await office.ConnectAsync(agent);
        await session.Input.KeyAsync(Keysym.Control, true);
        await session.PingAsync(Helpdesk.Limit());

        Ran revoked = (await Office.AskAsync("revoke", agent.State, "--yes", "--by", "Ada Byron")).Succeeded();
        long start = Stopwatch.GetTimestamp();
        SessionEnd end = await session.Completion.WaitAsync(Helpdesk.Limit());
        TimeSpan took = Stopwatch.GetElapsedTime(start);

        Assert.Equal("Contoso:Front desk:Ada: revoked. Nobody gets in under it any more.\n", revoked.Output);
        Assert.Equal((SessionEndKind.EndedByComputer, RefusalReason.Revoked), (end.Kind, end.Reason));
        await Eventually.Is(() => agent.Lines.Any(line => line.EndsWith("is over", StringComparison.Ordinal)), "the agent says so");
        (await office.ViewAsync(agent, "info")).Complained(3, "remoteaccess-viewer: ");
        (await Office.AskAsync("revoke", agent.State)).Complained(1, "There is no grant to revoke");
        Ran history = (await Office.AskAsync("history", agent.State)).Succeeded();
        Assert.Contains("Ada Byron revoked the grant.", history.Output, StringComparison.Ordinal);
        return took;
    }

    [Fact]
    public async Task Sigterm_InASession_EndsItWithAWordAndExitsCleanly()
    {
        await using Desk desk = await Desk.OpenAsync();
        await using AgentRun agent = await office.StartAgentAsync(desk.Display);
        await using RemoteSession session = await office.ConnectAsync(agent);
        await using var sight = new Sight(session, Helpdesk.Limit());
        await sight.NextAsync();
        await session.Input.KeyAsync(Keysym.Alt, true);
        await session.PingAsync(Helpdesk.Limit());

        Ran ended = await agent.TerminateAsync();
        SessionEnd end = await session.Completion.WaitAsync(Helpdesk.Limit());

        Assert.Equal((0, ""), (ended.ExitCode, ended.Error));
        Assert.Equal("STOPPED", ended.Lines[^1]);
        Assert.Equal((SessionEndKind.EndedByComputer, "the agent is stopping"), (end.Kind, end.Text));
        Assert.False(desk.Client.IsAnyKeyDown);
        Assert.Equal(0, agent.SharedSegments);
        Ran history = (await Office.AskAsync("history", agent.State, "--json")).Succeeded();
        using JsonDocument last = JsonDocument.Parse(history.Lines[^1]);
        Assert.Equal("session.ended", last.RootElement.GetProperty("type").GetString());
        (await Office.AskAsync("verify-ledger", agent.State)).Succeeded();
    }

    [Fact]
    public async Task FiftySessions_OneAfterAnother_LeaveNothingBehind()
    {
        await using Desk desk = await Desk.OpenAsync();
        await using AgentRun agent = await office.StartAgentAsync(desk.Display);
        for (int warmUp = 0; warmUp < 5; warmUp++) await VisitAsync(agent);
        await QuietAsync(agent, 5);
        int handles = agent.Handles;

        for (int visit = 0; visit < 50; visit++) await VisitAsync(agent);
        await QuietAsync(agent, 55);

        await Eventually.Is(() => agent.Handles <= handles, $"handles go back to {handles}");
        Assert.Equal(0, agent.SharedSegments);
        Assert.False(desk.Client.IsAnyKeyDown);
        Assert.Equal(0u, desk.Client.QueryPointer().Mask & 0x1f00);
        Assert.Equal(110, agent.Lines.Count(line => line.StartsWith("SESSION ", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Viewer_Killed_IsACutForTheAgentWhichReleasesKeys()
    {
        await using Desk desk = await Desk.OpenAsync();
        await using AgentRun agent = await office.StartAgentAsync(desk.Display);
        using (Process probe = SampleProgram.Start(SampleProgram.Viewer, ["probe", "--csv", office.NewPath("csv"), .. office.Connecting(agent.EndPoint)]))
        {
            Assert.StartsWith("READY ", await probe.StandardOutput.ReadLineAsync().WaitAsync(Eventually.Limit), StringComparison.Ordinal);
            Assert.True(agent.SharedSegments <= 2);
            probe.Kill();
            await probe.WaitForExitAsync();
        }

        await Eventually.Is(() => agent.Lines.Any(line => line.EndsWith("is over", StringComparison.Ordinal)), "the agent ends the session");
        await Eventually.Is(() => agent.SharedSegments == 0, "the picture's memory is gone");
        Ran history = (await Office.AskAsync("history", agent.State)).Succeeded();
        Assert.Contains("the connection was cut", history.Lines[^1], StringComparison.Ordinal);
    }

    private async Task VisitAsync(AgentRun agent)
    {
        await using RemoteSession session = await office.ConnectAsync(agent);
        await using var sight = new Sight(session, Helpdesk.Limit());
        await sight.NextAsync();
        await session.Input.KeyAsync(Keysym.Shift, true);
        await session.Input.ButtonAsync(MouseButton.Right, true);
        await session.PingAsync(Helpdesk.Limit());
    }

    private static Task QuietAsync(AgentRun agent, int visits) => Eventually.Is(
        () => agent.Lines.Count(line => line.EndsWith("is over", StringComparison.Ordinal)) == visits && agent.SharedSegments == 0, "every session is over");
}
