using System.Diagnostics;
using System.Text.Json;

namespace RemoteAccess.Tests;

/// <summary><c>remoteaccess-viewer run</c> and <c>system-info</c>, as a technician types them.</summary>
[Collection(nameof(Office))]
[Trait("Group", "Office")]
[Trait("Category", "Slow")]
public sealed class CommandsSampleTests(Office office)
{
    [Fact]
    public async Task Run_OnAnAgentThatAllowsIt_IsAsIfItRanHere()
    {
        (string state, string[] connecting) = await GrantAsync();
        await using AgentRun agent = await office.StartAgentAsync(display: null, state, "--allow-commands");
        string input = office.NewPath("input");
        await File.WriteAllTextAsync(input, "one\ntwo\n", TestContext.Current.CancellationToken);

        Ran listed = await ViewAsync(agent, connecting, [], "ls", "/usr/..", "/no/such/folder");
        Assert.Equal(2, listed.ExitCode);
        Assert.Contains("usr", listed.Lines);
        Assert.Contains("/no/such/folder", listed.Error, StringComparison.Ordinal);
        Assert.Equal("2\n", (await ViewAsync(agent, connecting, ["--input", input, "--directory", "/"], "wc", "-l")).Succeeded().Output.Trim() + "\n");
        Ran late = await ViewAsync(agent, connecting, ["--timeout", "1"], "sleep", "4715");
        late.Complained(124, "Its time was over");
        (await ViewAsync(agent, connecting, [], "no-such-program")).Complained(3);
        (await ViewAsync(agent, connecting, ["--timeout", "0"], "true")).Complained(1, "--timeout must be 1 to 86400 seconds.");
        (await ViewAsync(agent, connecting, [], "echo", new string('x', 5000))).Complained(1, "longer than 4096 bytes");
        Ran history = (await Office.AskAsync("history", state)).Succeeded();
        Assert.Contains("ran on this computer: ", history.Output, StringComparison.Ordinal);
        Assert.Contains("ls /usr/.. /no/such/folder", history.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_CtrlC_EndsItOnTheComputer()
    {
        (string state, string[] connecting) = await GrantAsync();
        await using AgentRun agent = await office.StartAgentAsync(display: null, state, "--allow-commands");
        using Process viewer = SampleProgram.Start(SampleProgram.Viewer, ["run", .. connecting, "--connect", agent.EndPoint.ToString(), "--", "sleep", "4716"]);
        await Eventually.Is(() => Sleeps() == 1, "it runs");

        using (Process signal = Process.Start("kill", ["-INT", $"{viewer.Id}"])) await signal.WaitForExitAsync(Helpdesk.Limit());
        await viewer.WaitForExitAsync(Helpdesk.Limit());

        await Eventually.Is(() => Sleeps() == 0, "it does not run any more");
        Assert.Equal(130, viewer.ExitCode);

        static int Sleeps() => Process.GetProcessesByName("sleep").Count(process =>
        {
            using (process) return File.Exists($"/proc/{process.Id}/cmdline") && File.ReadAllText($"/proc/{process.Id}/cmdline").EndsWith("sleep\0" + "4716\0", StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task Run_OnAnAgentThatDoesNotAllowIt_IsRefusedAndFactsAreNot()
    {
        (string state, string[] connecting) = await GrantAsync();
        await using AgentRun agent = await office.StartAgentAsync(display: null, state);

        (await ViewAsync(agent, connecting, [], "true")).Complained(3);
        string[] to = ["--connect", agent.EndPoint.ToString()];
        Ran said = (await SampleProgram.RunAsync(SampleProgram.Viewer, ["system-info", .. connecting, .. to])).Succeeded();
        Assert.Equal(Environment.MachineName, said.Lines.Single(line => line.StartsWith("computer ", StringComparison.Ordinal))[13..]);
        Assert.Contains(said.Lines, line => line.StartsWith("disk         / (", StringComparison.Ordinal));
        using JsonDocument json = JsonDocument.Parse((await SampleProgram.RunAsync(SampleProgram.Viewer, ["system-info", "--json", .. connecting, .. to])).Succeeded().Output);
        Assert.Equal(Environment.ProcessorCount, json.RootElement.GetProperty("processors").GetInt32());
        Assert.True(json.RootElement.GetProperty("memoryBytes").GetInt64() > 0);
    }

    private static Task<Ran> ViewAsync(AgentRun agent, string[] connecting, string[] options, params string[] words) =>
        SampleProgram.RunAsync(SampleProgram.Viewer, ["run", .. options, .. connecting, "--connect", agent.EndPoint.ToString(), "--", .. words]);

    private async Task<(string State, string[] Connecting)> GrantAsync()
    {
        string state = await office.CopyStateAsync(), file = office.NewPath("commands.grant"), code = office.NewPath("code");
        Ran made = (await SampleProgram.RunAsync(SampleProgram.Agent, office.GrantArguments(state, file, "--operations", "commands,info"))).Succeeded();
        await File.WriteAllTextAsync(code, made.Lines[^1], TestContext.Current.CancellationToken);
        return (state, ["--grant", file, "--sign-with", office.Tenant, "--code-from", code]);
    }
}
