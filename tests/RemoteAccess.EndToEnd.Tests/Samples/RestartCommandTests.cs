using System.Diagnostics;
using System.Runtime.Versioning;

namespace RemoteAccess.Tests;

/// <summary>A technician restarts a Linux computer from the command line and comes back; logind is one that restarts nothing, on a bus of the test's own.</summary>
[Collection(nameof(Office))]
[Trait("Group", "Office")]
[Trait("Category", "Slow")]
[SupportedOSPlatform("linux")]
public sealed class RestartCommandTests(Office office)
{
    [Fact]
    public async Task Restart_OnX11_IsAskedOfLogindAndTheTokenBringsTheTechnicianBack()
    {
        await using SessionBus bus = await SessionBus.StartAsync();
        using FakeLogind logind = await FakeLogind.OpenAsync(bus.Address);
        await using Desk desk = await Desk.OpenAsync();
        OtherGrant grant = await OtherGrant.MakeAsync(office, "view,restart");
        await using AgentRun agent = await Office.StartAgentOnBusAsync(desk.Display, grant.State, bus.Address);
        string token = office.NewPath("token");

        (await grant.ViewAsync(agent, "restart", "--safe-mode")).Complained(3, "not");
        Assert.Empty(logind.Scheduled);
        Ran ran = (await grant.ViewAsync(agent, "restart", "--token-out", token)).Succeeded();

        Assert.Equal($"restarting {Environment.MachineName} in 60 s\n", ran.Output);
        Assert.Single(logind.Scheduled);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(token));
        // As the computer would.
        await agent.KillAsync();
        await using AgentRun after = await Office.StartAgentOnBusAsync(desk.Display, grant.State, bus.Address);
        (await grant.ViewAsync(after, "info", "--resume", token)).Succeeded();
        string history = (await Office.AskAsync("history", after.State, "--json")).Succeeded().Output;
        Assert.Contains("computer.restart", history, StringComparison.Ordinal);
        Assert.Contains("\"resumed\":true", history, StringComparison.Ordinal);
        (await grant.ViewAsync(after, "info", "--resume", office.NewPath("none"))).Complained(1, "none");
    }

    [Fact]
    public async Task Restart_LogindSaysNo_IsRefused()
    {
        await using SessionBus bus = await SessionBus.StartAsync();
        using FakeLogind logind = await FakeLogind.OpenAsync(bus.Address, LogindManners.Challenges);
        await using Desk desk = await Desk.OpenAsync();
        OtherGrant grant = await OtherGrant.MakeAsync(office, "view,restart");
        await using AgentRun agent = await Office.StartAgentOnBusAsync(desk.Display, grant.State, bus.Address);

        (await grant.ViewAsync(agent, "restart")).Complained(3);

        Assert.Empty(logind.Scheduled);
        Ran ended = await agent.TerminateAsync();
        Assert.Contains("administrator's password", ended.Error, StringComparison.Ordinal);
    }

    /// <summary>In the minute before it happens.</summary>
    [Fact]
    public async Task Restart_CustomerStopsTheSession_IsTakenBack()
    {
        await using SessionBus bus = await SessionBus.StartAsync();
        using FakeLogind logind = await FakeLogind.OpenAsync(bus.Address);
        await using Desk desk = await Desk.OpenAsync();
        OtherGrant grant = await OtherGrant.MakeAsync(office, "view,restart");
        await using AgentRun agent = await Office.StartAgentOnBusAsync(desk.Display, grant.State, bus.Address);
        using Process waiting = grant.Start(agent, "restart", "--wait", "2");
        Assert.Equal($"restarting {Environment.MachineName} in 60 s", await waiting.StandardOutput.ReadLineAsync(Helpdesk.Limit()));

        (await Office.AskAsync("block", agent.State)).Succeeded();

        await Eventually.Is(() => logind.Calls.Last() == "CancelScheduledShutdown", "it is taken back");
        Ran ran = await SampleProgram.FinishAsync(waiting, waiting.StandardOutput.ReadToEndAsync(), waiting.StandardError.ReadToEndAsync());
        ran.Complained(3, "blocked");
    }

    [Fact]
    public async Task Restart_WithWait_ComesBackByItself()
    {
        await using SessionBus bus = await SessionBus.StartAsync();
        using FakeLogind logind = await FakeLogind.OpenAsync(bus.Address);
        await using Desk desk = await Desk.OpenAsync();
        OtherGrant grant = await OtherGrant.MakeAsync(office, "view,restart");
        await using AgentRun agent = await Office.StartAgentOnBusAsync(desk.Display, grant.State, bus.Address);
        using Process waiting = grant.Start(agent, "restart", "--wait", "2");
        Assert.Equal($"restarting {Environment.MachineName} in 60 s", await waiting.StandardOutput.ReadLineAsync(Helpdesk.Limit()));
        int port = agent.EndPoint.Port;
        await agent.KillAsync();

        await using AgentRun after = await Office.StartAgentOnBusAsync(desk.Display, grant.State, bus.Address, port);

        Ran ran = await SampleProgram.FinishAsync(waiting, waiting.StandardOutput.ReadToEndAsync(), waiting.StandardError.ReadToEndAsync());
        Assert.StartsWith($"back: {Environment.MachineName}", ran.Succeeded().Output, StringComparison.Ordinal);
    }
}
