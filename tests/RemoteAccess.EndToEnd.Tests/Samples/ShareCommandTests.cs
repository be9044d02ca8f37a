using System.Runtime.Versioning;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

/// <summary>The customer shares folders by command, and a technician uses them, as both type it.</summary>
[SupportedOSPlatform("linux")]
[Collection(nameof(Office))]
[Trait("Group", "Office")]
[Trait("Category", "Slow")]
public sealed class ShareCommandTests(Office office)
{
    [Fact]
    public async Task Share_AddListRemove_TechnicianReachesThatAndNothingElse()
    {
        OtherGrant grant = await OtherGrant.MakeAsync(office, "view,files");
        string inbox = Directory.CreateDirectory(office.NewPath("inbox")).FullName, logs = Directory.CreateDirectory(office.NewPath("logs")).FullName;
        await File.WriteAllTextAsync(Path.Combine(logs, "setup.log"), "all is well", TestContext.Current.CancellationToken);
        Assert.Equal("No folder is shared.\n", (await ShareAsync(grant.State, "list")).Succeeded().Output);
        await using AgentRun agent = await office.StartAgentAsync(display: null, grant.State);
        (await grant.ViewAsync(agent, "files", "list")).Complained(3, "The computer shares no folder");

        Assert.Contains($"{logs} is shared as 'Logs', for reading only.", (await ShareAsync(grant.State, "add", logs, "--name", "Logs", "--read-only", "--by", "Ada Byron")).Succeeded().Output, StringComparison.Ordinal);
        (await ShareAsync(grant.State, "add", inbox, "--name", "Inbox")).Succeeded();
        Assert.Equal($"Logs  {logs}  (read only)\nInbox  {inbox}\n", (await ShareAsync(grant.State, "list")).Succeeded().Output);
        Assert.Contains($"\"path\":\"{logs}\",\"readOnly\":true", (await ShareAsync(grant.State, "list", "--json")).Succeeded().Output, StringComparison.Ordinal);

        string status = (await Office.AskAsync("status", grant.State)).Succeeded().Output;
        Assert.Contains($"Whoever may transfer files reaches\n  Logs  {logs}  (read only)\n  Inbox  {inbox}\n", status, StringComparison.Ordinal);
        Assert.Contains($$"""{"name":"Logs","path":"{{logs}}","readOnly":true,"byCustomer":true}""", (await Office.AskAsync("status", grant.State, "--json")).Succeeded().Output, StringComparison.Ordinal);

        Ran listed = (await grant.ViewAsync(agent, "files", "list")).Succeeded();
        Assert.Equal(["read-only Logs/", "folder Inbox/"], listed.Lines.Select(line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries))).Order(StringComparer.Ordinal).Reverse());
        string got = office.NewPath("got.log");
        (await grant.ViewAsync(agent, "files", "get", "Logs/setup.log", "--out", got)).Succeeded();
        Assert.Equal("all is well", await File.ReadAllTextAsync(got, TestContext.Current.CancellationToken));
        (await grant.ViewAsync(agent, "files", "put", got, "Inbox")).Succeeded();
        Assert.Equal("all is well", await File.ReadAllTextAsync(Path.Combine(inbox, Path.GetFileName(got)), TestContext.Current.CancellationToken));
        (await grant.ViewAsync(agent, "files", "put", got, "Logs")).Complained(3);

        Assert.Equal("Logs: not shared any more.\n", (await ShareAsync(grant.State, "remove", logs)).Succeeded().Output);
        (await grant.ViewAsync(agent, "files", "get", "Logs/setup.log", "--out", office.NewPath("again.log"))).Complained(1, "There is no Logs in what is shared.");
        (await ShareAsync(grant.State, "remove", "Logs")).Complained(1, "No folder is shared as 'Logs'.");
        string history = (await Office.AskAsync("history", grant.State)).Succeeded().Output;
        Assert.Contains($"Ada Byron shares the folder Logs ({logs})", history, StringComparison.Ordinal);
        Assert.Contains($"no longer shares the folder Logs ({logs}).", history, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Share_WhatCannotBe_IsRefusedInOneLine()
    {
        string state = await office.CopyStateAsync(), folder = Directory.CreateDirectory(office.NewPath("folder")).FullName;
        (await ShareAsync(state, "add", "/no/such/folder")).Complained(1, "There is no folder /no/such/folder.");
        (await ShareAsync(state, "add", state)).Complained(1, "cannot be shared: the keys and the record of this computer are there.");
        (await ShareAsync(state, "add", "/")).Complained(1, "cannot be the name of a shared folder");
        (await ShareAsync(state, "add", folder, "--name", "a/b")).Complained(1, "cannot be the name of a shared folder");
        (await ShareAsync(state, "add", folder, "--name", "One")).Succeeded();
        (await ShareAsync(state, "add", folder, "--name", "one")).Complained(1, "A folder is shared as 'one' already");
    }

    [Fact]
    public async Task Share_WhileATechnicianCouldHaveTypedIt_IsRefused()
    {
        await using AgentRun agent = await office.StartAgentAsync(display: null, null, "--surface", "external", "--share", $"Box={Directory.CreateDirectory(office.NewPath("box")).FullName}");
        await using SurfaceConnection surface = await SurfaceConnection.OpenAsync(agent.State, TestContext.Current.CancellationToken);
        using var over = new CancellationTokenSource();
        Task showing = RunningSessionCommandTests.ShowAsync(surface, over.Token);
        string folder = Directory.CreateDirectory(office.NewPath("folder")).FullName;
        await using (RemoteSession session = await office.ConnectAsync(agent))
        {
            (await ShareAsync(agent.State, "add", folder)).Complained(1, "Alex Tester may use keyboard and mouse or run commands, and could have typed this.");
            (await Office.AskAsync("withdraw", agent.State, "control")).Succeeded();
            (await ShareAsync(agent.State, "add", folder)).Succeeded();
            // The host application's as well: the agent that runs is asked.
            string shown = (await Office.AskAsync("status", agent.State)).Succeeded().Output;
            Assert.Equal(["Box", Path.GetFileName(folder)], shown.Split("reaches\n")[1].Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Trim().Split(' ')[0]));
            Assert.Equal(2, shown.Split("(by the host application)").Length);
            (await Office.AskAsync("restore", agent.State, "control")).Succeeded();
            (await ShareAsync(agent.State, "remove", folder)).Succeeded();
        }
        await over.CancelAsync();
        await showing;
    }

    private static Task<Ran> ShareAsync(string state, string act, params string[] more) => SampleProgram.RunAsync(SampleProgram.Agent, ["share", act, "--state", state, .. more]);
}
