using System.Diagnostics;
using System.Text.Json;

namespace RemoteAccess.Tests;

/// <summary>The technician's list of computers, without a broker.</summary>
[Collection(nameof(Office))]
[Trait("Group", "Office")]
[Trait("Category", "Slow")]
public sealed class ComputersCommandTests(Office office)
{
    [Fact]
    public async Task Computers_NamedAndConnected_AreListedSearchedAndAsked()
    {
        string folder = await FolderAsync();
        string grant = Path.Combine(folder, "front-desk.grant");
        (await RunAsync("name", grant, "--nickname", "Contoso:Empfang:Émile")).Succeeded();
        await using AgentRun agent = await office.StartAgentAsync(display: null);

        Ran before = (await RunAsync("computers", "--folder", folder)).Succeeded();
        Assert.Matches(@"^Contoso / Empfang\n  Émile  unknown           until 20[0-9 :-]+  view,control  last never\n1 computer\n$", before.Output);
        string[] connecting = [.. office.Connecting(agent.EndPoint).Select(argument => argument == office.GrantFile ? grant : argument)];
        (await RunAsync(["info", .. connecting])).Succeeded();

        Ran asked = (await RunAsync("computers", "--folder", folder, "emile", "CONTOSO", "--json", "--ask")).Succeeded();
        using (JsonDocument json = JsonDocument.Parse(Assert.Single(asked.Lines)))
        {
            Assert.Equal("Online", json.RootElement.GetProperty("status").GetString());
            Assert.Equal(agent.EndPoint.ToString(), json.RootElement.GetProperty("address").GetString());
            Assert.InRange(json.RootElement.GetProperty("lastConnected").GetDateTimeOffset(), TimeProvider.System.GetUtcNow().AddMinutes(-2), TimeProvider.System.GetUtcNow());
            Assert.Equal(grant, json.RootElement.GetProperty("grant").GetString());
        }
        Ran none = await RunAsync("computers", "--folder", folder, "emile", "zeta");
        Assert.Equal((2, "0 computers\n"), (none.ExitCode, none.Output));

        // Asked as often as one likes, no attempt is charged.
        for (int i = 0; i < 5; i++) (await RunAsync("computers", "--folder", folder, "--ask")).Succeeded();
        Assert.Contains("failed attempts  0 since", (await RunAsync(["info", .. connecting])).Succeeded().Output, StringComparison.Ordinal);
        await agent.KillAsync();
        Assert.Contains("offline", (await RunAsync("computers", "--folder", folder, "--ask")).Succeeded().Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Computers_WhatIsNoGrantOrNoFolder_IsSaid()
    {
        string folder = await FolderAsync();
        (await RunAsync("computers", "--folder", folder, "--pick")).Complained(1, "terminal");
        await File.WriteAllTextAsync(Path.Combine(folder, "bad\u001b[2J.grant"), "no grant");
        Ran ran = (await RunAsync("computers", "--folder", folder)).Succeeded();
        Assert.Contains("not a grant", ran.Error, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', ran.Error + ran.Output);
        Assert.Contains("(no company)\n  front-desk  ", ran.Output, StringComparison.Ordinal);
        (await RunAsync("computers", "--folder", folder + "-not")).Complained(1, "does not exist");
        (await RunAsync("name", Path.Combine(folder, "front-desk.grant"), "--nickname", "a\tb")).Complained(1, "no control characters");
        string notes = Path.Combine(folder, "computers.json");
        (await RunAsync("name", Path.Combine(folder, "front-desk.grant"), "--nickname", "Contoso:A:B")).Succeeded();
        await File.WriteAllTextAsync(notes, "{");
        (await RunAsync("computers", "--folder", folder)).Complained(1, notes);
    }

    [Fact]
    public async Task Pick_TypedAtATerminal_TakesTheFirstThatIsLeft()
    {
        Programs.Require("script");
        string folder = await FolderAsync();
        string other = Path.Combine(folder, "other.grant");
        (await SampleProgram.RunAsync(SampleProgram.Agent, office.GrantArguments(office.NewPath("state"), other))).Succeeded();
        (await RunAsync("name", Path.Combine(folder, "front-desk.grant"), "--nickname", "Contoso:Empfang:Ada")).Succeeded();
        (await RunAsync("name", other, "--nickname", "Zeta:Lager:Zoë", "--address", "192.0.2.7:7700")).Succeeded();
        using Process picking = SampleProgram.Start("script", ["-qec", $"'{SampleProgram.Viewer}' computers --pick --folder '{folder}' 2>/dev/null", "/dev/null"]);
        Task<string> error = picking.StandardError.ReadToEndAsync();

        await picking.StandardInput.WriteAsync("adx\u007f\u007f\u007fzoe lag\r");
        await picking.StandardInput.FlushAsync();
        Ran ran = (await SampleProgram.FinishAsync(picking, picking.StandardOutput.ReadToEndAsync(), error)).Succeeded();

        Assert.Contains($"{other}\r\n192.0.2.7:7700\r\n", ran.Output, StringComparison.Ordinal);
    }

    private static Task<Ran> RunAsync(params string[] arguments) => SampleProgram.RunAsync(SampleProgram.Viewer, arguments);

    private async Task<string> FolderAsync()
    {
        string folder = office.NewPath("grants");
        Directory.CreateDirectory(folder);
        await File.WriteAllTextAsync(Path.Combine(folder, "front-desk.grant"), await File.ReadAllTextAsync(office.GrantFile));
        return folder;
    }
}
