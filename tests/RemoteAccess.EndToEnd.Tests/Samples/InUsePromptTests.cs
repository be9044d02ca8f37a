using System.Runtime.Versioning;

namespace RemoteAccess.Tests;

/// <summary>
/// A person works at the computer when a technician connects: the agent's window asks. What the outer X server sends to the inner one is the
/// person's; what is injected into the inner one is a program's.
/// </summary>
[SupportedOSPlatform("linux")]
[Collection(nameof(Office))]
[Trait("Category", "Slow")]
public sealed class InUsePromptTests(Office office)
{
    [Fact]
    public async Task Connect_ComputerInUse_OnlyThePersonThereCanAllowIt()
    {
        Programs.Require("Xvfb", "Xephyr", "xdotool", "xwd");
        await using XServer outer = await XServer.StartXvfbAsync(1100, 850);
        await using XServer inner = await XServer.StartAsync("Xephyr", outer.Display, ["-screen", "1100x850", "-nolisten", "tcp", "-noreset"]);
        string state = office.NewPath("state"), grant = office.NewPath("asks.grant"), code = office.NewPath("code");
        Ran made = (await SampleProgram.RunAsync(SampleProgram.Agent, office.GrantArguments(state, grant, "--in-use", "ask"))).Succeeded();
        await File.WriteAllTextAsync(code, made.Lines[^1] + "\n", TestContext.Current.CancellationToken);
        await using AgentRun agent = await office.StartAgentAsync(inner.Display, state);
        await outer.RunAsync("xdotool", "mousemove", "30", "40", "mousemove", "60", "70");
        uint[] before = (await XwdPicture.TakeAsync(inner)).Pixels;

        Task<Ran> connecting = SampleProgram.RunAsync(SampleProgram.Viewer,
            ["info", "--grant", grant, "--sign-with", office.Tenant, "--code-from", code, "--connect", agent.EndPoint.ToString(), "--technician", "Alex Tester"]);
        uint[] asked = await ChangedAsync(inner, before);
        // The second left changes: since it was shown, more time has passed than a click meant for something else would take.
        await ChangedAsync(inner, asked);
        for (int i = 0; i < 5; i++) await inner.RunAsync("xdotool", "key", "Tab", "Return", "space");
        await ChangedAsync(inner, (await XwdPicture.TakeAsync(inner)).Pixels);
        Assert.False(connecting.IsCompleted);
        Assert.DoesNotContain("was asked", (await Office.AskAsync("history", state)).Succeeded().Output, StringComparison.Ordinal);

        await outer.RunAsync("xdotool", "key", "Tab");
        await outer.RunAsync("xdotool", "key", "Return");

        Assert.Contains("permitted        ViewScreen", (await connecting).Succeeded().Output, StringComparison.Ordinal);
        string history = (await Office.AskAsync("history", state)).Succeeded().Output;
        Assert.Contains(" was asked: allowed.", history, StringComparison.Ordinal);
        Assert.True(history.IndexOf("was asked", StringComparison.Ordinal) < history.IndexOf("Alex Tester connected", StringComparison.Ordinal));
    }

    private static async Task<uint[]> ChangedAsync(XServer server, uint[] before)
    {
        CancellationToken limit = Helpdesk.Limit();
        while (true)
        {
            uint[] now = (await XwdPicture.TakeAsync(server)).Pixels;
            if (!now.AsSpan().SequenceEqual(before)) return now;
            limit.ThrowIfCancellationRequested();
        }
    }
}
