using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;
using RemoteAccess.Tests.Architecture;

namespace RemoteAccess.Tests;

/// <summary>The agent as it goes to a customer's computer: one native program without the framework, compiled ahead of time.</summary>
[Collection(nameof(Office))]
[Trait("Group", "Office")]
[Trait("Category", "Slow")]
public sealed class PublishedAgentTests(Office office)
{
    private static readonly TimeSpan TimeLimit = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task Agent_Published_GrantsServesAndKeepsTheRecord()
    {
        Programs.Require("gcc", "Xvfb", "xterm", "xwd");
        DirectoryInfo work = Directory.CreateTempSubdirectory("ra-published-");
        try
        {
            string program = SampleProgram.Published("HelpdeskAgent", "remoteaccess-agent") ?? await PublishAsync(work.FullName);
            Assert.Empty(Directory.GetFiles(Path.GetDirectoryName(program)!, "*.dll"));
            string state = Path.Combine(work.FullName, "state"), grant = Path.Combine(work.FullName, "grant"), code = Path.Combine(work.FullName, "code");
            Ran granted = (await SampleProgram.RunAsync(program, office.GrantArguments(state, grant))).Succeeded();
            await File.WriteAllTextAsync(code, granted.Lines[^1]);
            await using Desk desk = await Desk.OpenAsync();
            await desk.ShowTerminalAsync($"seq 1000; touch {desk.PathOf("shown")}; exec sleep 600", "shown");
            await using AgentRun agent = await AgentRun.StartAsync(state, ["run", "--state", state, "--listen", "127.0.0.1:0", "--surface", "none"], desk.Display, program);
            XwdPicture shown = await desk.StillPictureAsync();
            string file = Path.Combine(work.FullName, "desk.png");

            (await SampleProgram.RunAsync(
                SampleProgram.Viewer,
                ["screenshot", file, "--grant", grant, "--sign-with", office.Tenant, "--code-from", code, "--connect", agent.EndPoint.ToString()])).Succeeded();
            (await agent.TerminateAsync()).Succeeded();
            await ShowsWhoIsConnectedAsync(program, state, desk, endPoint => ["info", "--grant", grant, "--sign-with", office.Tenant, "--code-from", code, "--connect", endPoint]);

            (PixelSize size, byte[] rgb) = PngReader.Read(await File.ReadAllBytesAsync(file));
            Assert.Equal(shown.Size, size);
            Assert.Equal(shown.Pixels, Enumerable.Range(0, shown.Pixels.Length).Select(i => (uint)((rgb[i * 3] << 16) | (rgb[(i * 3) + 1] << 8) | rgb[(i * 3) + 2])));
            Ran status = (await SampleProgram.RunAsync(program, ["status", "--state", state, "--json"])).Succeeded();
            using (JsonDocument.Parse(status.Output)) Assert.Contains("Front desk", status.Output, StringComparison.Ordinal);
            Ran history = (await SampleProgram.RunAsync(program, ["history", "--state", state])).Succeeded();
            Assert.Contains("Ada Byron", history.Output, StringComparison.Ordinal);
            Assert.Contains("connected from tcp 127.0.0.1:", history.Output, StringComparison.Ordinal);
            (await SampleProgram.RunAsync(program, ["verify-ledger", "--state", state])).Succeeded();
        }
        finally
        {
            work.Delete(recursive: true);
        }
    }

    /// <summary>As a user starts it: the native program is its own surface too, and until that shows nobody gets in.</summary>
    private static async Task ShowsWhoIsConnectedAsync(string program, string state, Desk desk, Func<string, string[]> connecting)
    {
        await using AgentRun agent = await AgentRun.StartAsync(state, ["run", "--state", state, "--listen", "127.0.0.1:0"], desk.Display, program);
        CancellationToken limit = Helpdesk.Limit();
        while ((await SampleProgram.RunAsync(SampleProgram.Viewer, connecting(agent.EndPoint.ToString()))).ExitCode != 0) await Task.Delay(100, limit);
        Ran ended = await agent.TerminateAsync();
        Assert.Equal((0, ""), (ended.ExitCode, ended.Error));
    }

    private static async Task<string> PublishAsync(string work)
    {
        string platform = $"linux-{RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant()}";
        string sample = Path.Combine(RepositoryTree.Root, "samples", "HelpdeskAgent"), log = Path.Combine(work, "log");
        ProcessStartInfo start = new("bash",
            ["-c", "exec dotnet publish \"$1\" -c Release -r \"$2\" --artifacts-path \"$3\" -nodeReuse:false >\"$4\" 2>&1 </dev/null", "publish", sample, platform, work, log]);
        // The build before this has run them on the same sources.
        start.Environment["RunAnalyzers"] = "false";
        start.Environment["UseSharedCompilation"] = "true";
        using Process publish = Process.Start(start)!;
        using CancellationTokenSource limit = new(TimeLimit);
        try
        {
            await publish.WaitForExitAsync(limit.Token);
        }
        finally
        {
            if (!publish.HasExited) publish.Kill(entireProcessTree: true);
        }
        string said = await File.ReadAllTextAsync(log);
        if (said.Contains("error NU110", StringComparison.Ordinal) && said.Contains("ILCompiler", StringComparison.Ordinal)) Assert.Skip("The package feed has no Microsoft.DotNet.ILCompiler.");
        Assert.True(publish.ExitCode == 0, $"dotnet publish failed with exit code {publish.ExitCode}:\n{said}");
        return Path.Combine(work, "publish", "HelpdeskAgent", $"release_{platform}", "remoteaccess-agent");
    }
}
