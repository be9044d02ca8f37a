using System.Diagnostics;
using System.Globalization;
using System.Runtime.Versioning;
using System.Text.Json;

namespace RemoteAccess.Tests;

/// <summary>The surface that <c>run</c> starts by itself, and one that somebody else starts: real processes on a real display.</summary>
[SupportedOSPlatform("linux")]
[Collection(nameof(Office))]
[Trait("Group", "Office")]
[Trait("Category", "Slow")]
public sealed class OwnSurfaceTests(Office office)
{
    [Fact]
    public async Task Run_OnAScreen_ShowsWhoIsConnectedAndEndsTheSurfaceWithItself()
    {
        Programs.Require("xwininfo");
        await using Desk desk = await Desk.OpenAsync(1000, 800);
        await using AgentRun agent = await StartAsync(desk);
        await using RemoteSession session = await ConnectAsync(agent);

        string strip = await StripAsync(desk);
        int surface = Assert.Single(Children(agent));
        Assert.Contains("Alex Tester is connected", strip, StringComparison.Ordinal);
        Ran ended = await agent.TerminateAsync();

        Assert.Equal((0, ""), (ended.ExitCode, ended.Error));
        Assert.False(Directory.Exists($"/proc/{surface}"), "the surface ended with the agent");
        Assert.Equal("", await WindowsAsync(desk));
    }

    [Fact]
    public async Task Run_SurfaceKilled_StartsItAgainAndLetsNobodyInMeanwhile()
    {
        Programs.Require("xwininfo");
        await using Desk desk = await Desk.OpenAsync(1000, 800);
        await using AgentRun agent = await StartAsync(desk);
        await using (await ConnectAsync(agent)) await StripAsync(desk);
        int first = Assert.Single(Children(agent));

        using (Process surface = Process.GetProcessById(first)) surface.Kill();
        await Eventually.Is(() => !Directory.Exists($"/proc/{first}") && Children(agent) is [var next] && next != first, "the surface is started again");

        await using RemoteSession session = await ConnectAsync(agent);
        await StripAsync(desk);
        Assert.NotEqual(first, Assert.Single(Children(agent)));
        (await agent.TerminateAsync()).Succeeded();
        (await Office.AskAsync("verify-ledger", agent.State)).Succeeded();
    }

    /// <summary>Longer than the agent waits for it: it is cut off, and comes back by itself as soon as it can.</summary>
    [Fact]
    public async Task Run_SurfaceFrozenFor11Seconds_ShowsAgainAtOnceInTheSameProcess()
    {
        Programs.Require("xwininfo");
        await using Desk desk = await Desk.OpenAsync(1000, 800);
        await using AgentRun agent = await StartAsync(desk);
        await using (await ConnectAsync(agent)) await StripAsync(desk);
        int child = Assert.Single(Children(agent));

        await SignalAsync(child, "-STOP");
        await Task.Delay(TimeSpan.FromSeconds(11), Helpdesk.Limit());
        Assert.Equal(RefusalReason.SurfaceLost, (await Assert.ThrowsAsync<AccessRefusedException>(() => office.ConnectAsync(agent))).Reason);
        await SignalAsync(child, "-CONT");
        long began = Stopwatch.GetTimestamp();

        await using RemoteSession session = await ConnectAsync(agent);
        Assert.Contains("Alex Tester is connected", await StripAsync(desk), StringComparison.Ordinal);
        Assert.InRange(Stopwatch.GetElapsedTime(began), TimeSpan.Zero, TimeSpan.FromSeconds(20));
        Assert.Equal(child, Assert.Single(Children(agent)));
        (await agent.TerminateAsync()).Succeeded();

        static async Task SignalAsync(int process, string signal)
        {
            using Process kill = Process.Start("kill", [signal, process.ToString(CultureInfo.InvariantCulture)]);
            await kill.WaitForExitAsync();
            Assert.Equal(0, kill.ExitCode);
        }
    }

    /// <summary>The agent is killed: its child says so, does not go over to the next agent, which has its own, and ends.</summary>
    [Fact]
    public async Task Agent_Killed_ItsChildLeavesTheNextAgentToTheNextChild()
    {
        Programs.Require("xwininfo");
        await using Desk desk = await Desk.OpenAsync(1000, 800);
        AgentRun agent = await StartAsync(desk);
        await using (await ConnectAsync(agent)) await StripAsync(desk);
        int child = Assert.Single(Children(agent));
        await agent.KillAsync();

        await using AgentRun next = await AgentRun.StartAsync(agent.State, ["run", "--state", agent.State, "--listen", "127.0.0.1:0"], desk.Display);
        await using (await ConnectAsync(next)) await StripAsync(desk);

        CancellationToken limit = Helpdesk.Limit();
        while (Directory.Exists($"/proc/{child}") && File.ReadAllText($"/proc/{child}/stat").Split(' ')[2] != "Z") await Task.Delay(200, limit);
        (await next.TerminateAsync()).Succeeded();
        await agent.DisposeAsync();
    }

    [Fact]
    public async Task Run_SurfaceThatCannotShow_LetsNobodyIn()
    {
        await using Desk desk = await Desk.OpenAsync();
        string state = await office.CopyStateAsync();
        await using AgentRun agent = await AgentRun.StartAsync(state, ["run", "--state", state, "--listen", "127.0.0.1:0", "--surface", "external"], desk.Display);

        AccessRefusedException refused = await Assert.ThrowsAsync<AccessRefusedException>(() => office.ConnectAsync(agent));

        Assert.Equal(RefusalReason.SurfaceLost, refused.Reason);
        Assert.Empty(Children(agent));
    }

    [Fact]
    public async Task Run_SurfaceNone_IsSaidEachTime()
    {
        await using Desk desk = await Desk.OpenAsync();
        await using AgentRun agent = await office.StartAgentAsync(desk.Display);

        await using RemoteSession session = await office.ConnectAsync(agent);

        Assert.Contains(agent.Lines, line => line.StartsWith("SURFACE none", StringComparison.Ordinal));
        Assert.Empty(Children(agent));
    }

    /// <summary>The agent is killed in the middle of a session, and starts again: what surface, technician and ledger make of it.</summary>
    [Fact]
    public async Task Agent_KilledInASession_SurfaceAndTechnicianComeBackAndTheLedgerTells()
    {
        Programs.Require("xwininfo");
        await using Desk desk = await Desk.OpenAsync(1000, 800);
        string state = await office.CopyStateAsync();
        using Process surface = SampleProgram.Start(SampleProgram.Agent, ["surface", "--state", state, "--stay"], desk.Display, stateHome: state + "-home");
        try
        {
            await using AgentRun agent = await office.StartAgentAsync(desk.Display, state, "--surface", "external");
            await using RemoteSession session = await ConnectAsync(agent);
            Assert.Contains("Alex Tester is connected", await StripAsync(desk), StringComparison.Ordinal);
            await agent.KillAsync();
            Assert.Equal(SessionEndKind.Truncated, (await session.Completion.WaitAsync(Helpdesk.Limit())).Kind);
            CancellationToken limit = Helpdesk.Limit();
            while ((await WindowsAsync(desk)).Contains("is connected", StringComparison.Ordinal)) await Task.Delay(20, limit);

            await using AgentRun next = await office.StartAgentAsync(desk.Display, state, "--surface", "external");
            await using RemoteSession again = await ConnectAsync(next);
            Assert.Contains("Alex Tester is connected", await StripAsync(desk), StringComparison.Ordinal);
            Assert.False(surface.HasExited);
            (await next.TerminateAsync()).Succeeded();

            (await Office.AskAsync("verify-ledger", state)).Succeeded();
            JsonDocument[] entries = [.. (await Office.AskAsync("history", state, "--json")).Succeeded().Lines.Select(static line => JsonDocument.Parse(line))];
            string[] accepted = Sessions(entries, "session.accepted"), ended = Sessions(entries, "session.ended");
            Assert.Equal(2, accepted.Length);
            Assert.Equal(accepted[1], Assert.Single(ended));
            Assert.Equal(accepted[0], Assert.Single(Sessions(entries, "session.lost")));
            string report = (await Office.AskAsync("report", state, "--session", accepted[0], "--format", "html")).Succeeded().Output;
            Assert.Contains("no end is recorded: the computer lost power or the agent was ended; last heard of", report, StringComparison.Ordinal);
        }
        finally
        {
            surface.Kill();
            await surface.WaitForExitAsync();
        }
    }

    private static string[] Sessions(JsonDocument[] entries, string type) =>
        [.. entries.Select(static entry => entry.RootElement).Where(entry => entry.GetProperty("type").GetString() == type).Select(static entry => entry.GetProperty("sid").GetString()!)];

    /// <summary>As a user starts it: nothing is said about a surface.</summary>
    private async Task<AgentRun> StartAsync(Desk desk)
    {
        string state = await office.CopyStateAsync();
        return await AgentRun.StartAsync(state, ["run", "--state", state, "--listen", "127.0.0.1:0"], desk.Display);
    }

    /// <summary>Until a surface shows, nobody gets in; that costs nothing.</summary>
    private async Task<RemoteSession> ConnectAsync(AgentRun agent)
    {
        CancellationToken limit = Helpdesk.Limit();
        while (true)
        {
            try
            {
                return await office.ConnectAsync(agent);
            }
            catch (AccessRefusedException refused) when (refused.Reason == RefusalReason.SurfaceLost)
            {
                await Task.Delay(100, limit);
            }
        }
    }

    /// <summary>What the strip says, once it is there.</summary>
    private static async Task<string> StripAsync(Desk desk)
    {
        CancellationToken limit = Helpdesk.Limit();
        while (true)
        {
            string windows = await WindowsAsync(desk);
            if (windows.Contains("is connected", StringComparison.Ordinal)) return windows;
            await Task.Delay(50, limit);
        }
    }

    /// <summary>The names of the windows that surfaces show.</summary>
    private static async Task<string> WindowsAsync(Desk desk)
    {
        string tree = await desk.Server.RunTextAsync("xwininfo", "-root", "-tree");
        return string.Join('\n', tree.Split('\n').Where(static line => line.Contains("(\"remoteaccess-surface\"", StringComparison.Ordinal)));
    }

    private static int[] Children(AgentRun agent) =>
        [.. Directory.GetDirectories($"/proc/{agent.Process.Id}/task").SelectMany(Started).Select(static id => int.Parse(id, CultureInfo.InvariantCulture))];

    /// <summary>By one thread; none by one that has ended since it was listed.</summary>
    private static string[] Started(string task)
    {
        try
        {
            return File.ReadAllText(Path.Combine(task, "children")).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        }
        catch (IOException)
        {
            return [];
        }
    }
}
