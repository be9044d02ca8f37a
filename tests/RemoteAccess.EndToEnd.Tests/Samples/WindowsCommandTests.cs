using System.Runtime.Versioning;
using System.Text.RegularExpressions;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

/// <summary>The sample's commands on Windows, which is Wine: the same words and exit codes as on Linux, and the same effect on an agent that runs.</summary>
[SupportedOSPlatform("linux")]
[Collection(nameof(Office))]
[Trait("Group", "Office")]
[Trait("Category", "Slow")]
public sealed partial class WindowsCommandTests(Office office)
{
    private const string Nickname = "Contoso:Front desk:Ada";

    private static readonly string[] State = ["--state", "state"], By = ["--state", "state", "--by", "Ada Byron"];

    /// <summary>In this order on the same state.</summary>
    private static readonly string[][] Commands =
    [
        ["grant", "--help"], ["history", "--frobnicate"], ["status", "--state", "nowhere"], ["status", .. State], ["status", .. State, "--json"],
        ["grant", .. State, "--on-site", "--sign-with", "tenant", "--consented-by", "Ada Byron", "--statement", "You may help me until Friday.", "--nickname", "Contoso:Till 2:Bob", "--out", "till.grant", "--hours", "Europe/Berlin mon-fri 18:00-22:00", "--in-use", "ask-or-allow"],
        ["grant", .. State, "--on-site", "--sign-with", "tenant", "--consented-by", "Ada Byron", "--statement", "You may.", "--nickname", "Contoso:Till 3:Bob", "--out", "till.grant"],
        ["status", .. State],
        ["explain", .. State, "--grant", Nickname], ["explain", .. State, "--grant", Nickname, "--operations", "view", "--json"], ["explain", .. State, "--grant", Nickname, "--at", "2099-12-24T18:00"],
        ["explain", .. State, "--grant", "Contoso:Till 2:Bob", "--at", "2026-03-02T12:00"],
        ["stop", .. By], ["withdraw", "control", .. State], ["restore", "view", .. State],
        ["block", .. By], ["status", .. State], ["explain", .. State, "--grant", Nickname], ["unblock", .. By], ["unblock", .. By], ["block", .. By, "--until", "2099-12-24"], ["unblock", .. By],
        ["unlock", .. State], ["change-code", .. By, "--grant", "Contoso:Till 2:Bob", "--sign-with", "tenant", "--out", "till-2.grant"],
        ["revoke", .. By, "--grant", "Contoso:Till 2:Bob"], ["revoke", .. By, "--grant", "Contoso:Till 2:Bob", "--yes"], ["revoke", .. By, "--yes"], ["revoke", .. By, "--yes"],
        ["history", .. State], ["history", .. State, "--type", "grant.created", "--json"], ["history", .. State, "--format", "csv", "--out", "history.csv"], ["history", .. State, "--format", "csv", "--out", "history.csv"],
        ["report", .. State, "--format", "csv", "--zone", "Europe/Berlin", "--out", "report.csv"], ["report", .. State, "--zone", "Mars/Base"], ["report", .. State, "--format", "html", "--zone", "UTC", "--out", "report.html"],
        ["prune", .. State, "--before", "2026-01-01", "--by", "Ada Byron"], ["prune", .. State, "--before", "2026-01-01", "--by", "Ada Byron", "--yes"],
        ["verify-ledger", .. State], ["verify-ledger", .. State, "--json"],
        ["run", "--state", "nowhere", "--virtual", "640x480", "--listen", "127.0.0.1:0"], ["surface"], ["surface", "--state", "nowhere"], ["prompt", "--lang", "xx-not-a-language"],
    ];

    private static readonly string[] Files = ["history.csv", "report.csv", "report.html"];

    [Fact]
    public async Task Commands_OnTheSameState_SayTheSameAsOnLinux()
    {
        string windows = await WindowsBox.PublishedAsync(office.NewPath("windows")), linux = office.NewPath("linux");
        foreach (string folder in (string[])[linux, windows])
        {
            Directory.CreateDirectory(folder);
            (await SampleProgram.RunAsync("cp", ["-a", await office.CopyStateAsync(), Path.Combine(folder, "state")])).Succeeded();
            (await SampleProgram.RunAsync("cp", ["-a", office.Tenant, Path.Combine(folder, "tenant")])).Succeeded();
        }
        List<Ran> expected = [];
        foreach (string[] command in Commands) expected.Add(await SampleProgram.RunAsync(SampleProgram.Agent, command, directory: linux));

        await using WindowsBox box = await WindowsBox.StartAsync(windows);
        Ran[] ran = await box.AskAsync(Commands);

        string[] Told(IEnumerable<Ran> runs, string folder) =>
            [.. runs.Select((run, i) => $"{string.Join(' ', Commands[i])}\n{run.ExitCode}\n{Sorted(Commands[i], Plain(run.Output, folder))}\n{Plain(run.Error, folder)}"), .. Files.Select(file => Plain(File.ReadAllText(Path.Combine(folder, file)), folder))];
        Assert.All(Told(expected, linux).Zip(Told(ran, windows)), pair => Assert.Equal(pair.First, pair.Second));
        // It is no comparison of failures.
        Assert.True(ran.Count(run => run.ExitCode == 0) > Commands.Length / 2, string.Join("\n", ran.Select(run => run.Error)));
    }

    [Fact]
    public async Task Commands_BesideAnAgentThatRuns_DoWhatTheySay()
    {
        string folder = await WindowsBox.PublishedAsync(office.NewPath("windows"));
        (await SampleProgram.RunAsync("cp", ["-a", await office.CopyStateAsync(), Path.Combine(folder, "state")])).Succeeded();
        await using WindowsBox box = await WindowsBox.StartAsync(folder);
        // The agent's surface is a program of its own on the person's screen: nobody gets in before it shows.
        (_, System.Net.IPEndPoint endPoint) = await box.ServeAsync();
        await using RemoteSession session = await ShownAsync(endPoint);

        Ran[] first = await box.AskAsync(["status", .. State], ["withdraw", "view", .. State], ["restore", "view", .. State], ["withdraw", "control", .. State], ["restore", "view", .. State], ["status", .. State]);
        Assert.Matches(@"\nAlex Tester is connected\n  session   [0-9a-f]{32}\n", first[0].Succeeded().Output);
        first[1].Succeeded();
        first[2].Complained(1, "Alex Tester may use keyboard and mouse or run commands, and could have typed this.");
        first[3].Succeeded();
        first[4].Succeeded();
        Assert.Contains("\n  permitted ViewScreen\n  withdrawn ControlInput\n", first[5].Succeeded().Output, StringComparison.Ordinal);
        Assert.False(session.Completion.IsCompleted);

        Ran stopped = (await box.AskAsync(["stop", .. By]))[0].Succeeded();
        Assert.Equal(new SessionEnd(SessionEndKind.EndedByComputer, RefusalReason.Stopped, "ended by the customer's rule"), await session.Completion.WaitAsync(Helpdesk.Limit()));
        Assert.Contains("Every session ends within a second.", stopped.Output, StringComparison.Ordinal);
        (await box.AskAsync(["block", .. By]))[0].Succeeded();
        Assert.Equal(RefusalReason.Blocked, (await Assert.ThrowsAsync<AccessRefusedException>(() => office.ConnectAsync(endPoint, office.GrantFile, office.Code, new ConnectOptions()))).Reason);
        (await box.AskAsync(["unblock", .. By]))[0].Succeeded();
        await using (RemoteSession again = await ShownAsync(endPoint))
        {
            (await box.AskAsync(["revoke", .. By, "--yes"]))[0].Succeeded();
            Assert.Equal(RefusalReason.Revoked, (await again.Completion.WaitAsync(Helpdesk.Limit())).Reason);
        }
    }

    [Fact]
    public async Task Help_TechnicianComesAndAsksForMore_ThePersonAgreesTwice()
    {
        string folder = await WindowsBox.PublishedAsync(office.NewPath("windows")), code = Path.Combine(folder, "code"), later = office.NewPath("later.grant");
        await using WindowsBox box = await WindowsBox.StartAsync(folder);
        await box.Screen.RunAsync("xdotool", "mousemove", "900", "700");
        (int help, System.Net.IPEndPoint endPoint) = await box.CallAsync("--call", office.TenantMade.Lines[0]["tenant key ".Length..], "--out", "call.grant", "--surface", "none");
        await File.WriteAllTextAsync(code, box.Output(help).Split('\n')[0] + "\n", TestContext.Current.CancellationToken);
        XwdPicture quiet = await box.Screen.DumpAsync();

        Task<Ran> asking = SampleProgram.RunAsync(SampleProgram.Viewer,
        [
            "request-access", "--grant", box.PathOf("call.grant"), "--sign-with", office.Tenant, "--code-from", code, "--connect", endPoint.ToString(), "--technician", "Alex Tester",
            "--nickname", "Contoso:Store:Till 2", "--why", "Updates at night", "--days", "7", "--out", later,
        ]);
        await WindowsBox.AllowAsync(box.Screen, await WindowsBox.AskedAsync(box.Screen, quiet, asking), () => box.Output(help).Contains("begins: Alex Tester", StringComparison.Ordinal));
        await Eventually.Is(() => box.Output(help).Contains("begins: Alex Tester", StringComparison.Ordinal), "the session begins");
        await WindowsBox.AllowAsync(box.Screen, await WindowsBox.AskedAsync(box.Screen, quiet, asking), () => asking.IsCompleted);
        Assert.Matches("^grant [0-9a-f]{32} for Contoso:Store:Till 2, until ", (await asking).Succeeded().Lines[0]);

        await Eventually.Is(() => box.HasEnded(help), "the call is over");
        Assert.Contains("The session is over, and so is the call.", box.Output(help), StringComparison.Ordinal);
        Assert.False(File.Exists(box.PathOf("call.grant")));
        Ran[] after = await box.AskAsync(["status", .. State], ["history", .. State], ["verify-ledger", .. State]);
        Assert.Contains("Contoso:Store:Till 2\n", after[0].Succeeded().Output, StringComparison.Ordinal);
        Assert.Equal(3, after[1].Succeeded().Output.Split(" was asked: allowed.").Length);
        after[2].Succeeded();
    }

    [Fact]
    public async Task PromptAndSurface_AsDemonstrations_AreOnTheScreenAndThePersonAnswers()
    {
        string folder = await WindowsBox.PublishedAsync(office.NewPath("windows"));
        await using WindowsBox box = await WindowsBox.StartAsync(folder);
        XwdPicture quiet = await box.Screen.DumpAsync();

        int prompt = box.Start("prompt", "--demo", "--lang", "de");
        await WindowsBox.AllowAsync(box.Screen, await WindowsBox.AskedAsync(box.Screen, quiet, box.EndAsync(prompt)), () => box.HasEnded(prompt));
        await Eventually.Is(() => box.HasEnded(prompt), "the prompt is answered");
        Assert.Contains("Allow, Pressed (a demonstration: nothing was granted)", box.Output(prompt), StringComparison.Ordinal);

        int surface = box.Start("surface", "--demo", "--lang", "ja");
        await WindowsBox.AskedAsync(box.Screen, quiet, box.EndAsync(surface));
        Assert.False(box.HasEnded(surface));
    }

    private async Task<RemoteSession> ShownAsync(System.Net.IPEndPoint endPoint)
    {
        CancellationToken limit = Helpdesk.Limit();
        while (true)
        {
            try
            {
                return await office.ConnectAsync(endPoint, office.GrantFile, office.Code, new ConnectOptions());
            }
            catch (AccessRefusedException refused) when (refused.Reason == RefusalReason.SurfaceLost)
            {
                limit.ThrowIfCancellationRequested();
                await Task.Delay(200, limit);
            }
        }
    }

    /// <summary>Grants come in the order of their ids, which are drawn by chance.</summary>
    private static string Sorted(string[] command, string text) => command[0] == "status" ? string.Join('\n', text.Split('\n').Order(StringComparer.Ordinal)) : text;

    /// <summary>Without what differs between two runs on one system too: folders, times, what is drawn by chance. And Windows writes the computer's name in capitals, and keeps the state elsewhere.</summary>
    private static string Plain(string text, string folder)
    {
        text = text.Replace(@"Z:\run\work\", "", StringComparison.Ordinal).Replace("Z:" + folder.Replace('/', '\\') + "\\", "", StringComparison.Ordinal).Replace(folder + "/", "", StringComparison.Ordinal).Replace("\r", "", StringComparison.Ordinal);
        text = Number().Replace(Drawn().Replace(Moment().Replace(Code().Replace(OwnState().Replace(text, "STATE"), "CODE"), "TIME"), "ID"), "NUMBER");
        // Last: a short name is in some of what is drawn by chance, too.
        return text.Replace(Environment.MachineName, "COMPUTER", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Where the state is when nothing is said, in the words of --help and as a folder (StateOption).</summary>
    [GeneratedRegex(@"/var/lib/remoteaccess for root, else remoteaccess/state in \$XDG_STATE_HOME \(~/\.local/state\)\.|the service's for administrators \(%ProgramData%\), else RemoteAccess\\State in %LocalAppData%\.|/var/lib/remoteaccess|[A-Z]:\\users\\[^\\]+\\AppData\\Local\\RemoteAccess\\State|[A-Z]:\\ProgramData\\RemoteAccessHelpdesk")]
    private static partial Regex OwnState();

    [GeneratedRegex(@"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?( ?[+-]\d\d:\d\d|Z)?)?|\d\d:\d\d:\d\d")]
    private static partial Regex Moment();

    [GeneratedRegex("(?<=\"mono\":)\\d+|(?<=\"ID\",)\\d{5,}(?=,\"ID\")")]
    private static partial Regex Number();

    [GeneratedRegex("([A-Za-z0-9+/]|&#x2B;){40,}=*|[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")]
    private static partial Regex Drawn();

    [GeneratedRegex("[0-9A-HJKMNP-TV-Z]{5}(-[0-9A-HJKMNP-TV-Z]{5}){3}")]
    private static partial Regex Code();
}
