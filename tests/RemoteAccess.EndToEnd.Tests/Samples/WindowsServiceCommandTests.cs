using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using RemoteAccess.Tests.Architecture;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

/// <summary>The sample as a Windows service, which is Wine's, and its commands beside it: they reach the service by its pipe, from the folder that it is installed in.</summary>
[SupportedOSPlatform("linux")]
[Collection(nameof(Office))]
[Trait("Group", "Office")]
[Trait("Category", "Slow")]
public sealed class WindowsServiceCommandTests(Office office)
{
    private const string State = @"--state C:\ProgramData\RemoteAccessHelpdesk", Password = "Suppe-4711";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Service_WithATechnicianConnected_IsToldBySampleCommands()
    {
        string folder = await WindowsBox.PublishedAsync(office.NewPath("windows"));
        (await SampleProgram.RunAsync("cp", ["-a", office.Tenant, Path.Combine(folder, "tenant")])).Succeeded();
        using (TcpListener free = new(IPAddress.Loopback, 0))
        {
            free.Start();
            await WriteAsync(folder, ((IPEndPoint)free.LocalEndpoint).Port);
        }
        await using XServer screen = await XServer.StartXvfbAsync(1280, 800);
        await using AgentRun agent = AgentRun.Begin(Path.Combine(folder, "state"), ["bash", Path.Combine(RepositoryTree.Root, "eng", "wine.sh"), "run", folder, "service.bat"], screen.Display, "env");

        // A service that has been installed takes a moment until its surface answers: the same command is given until then.
        await agent.SaidAsync("INSTALLED");
        await Eventually.Is(() => File.Exists(Path.Combine(folder, "status-1.out")) && Read("status-1").Contains("Nobody is connected.", StringComparison.Ordinal), "the service says who is connected");
        await File.WriteAllTextAsync(Path.Combine(folder, "up"), "", Cancel);
        await agent.SaidAsync("ASKED");
        await agent.ListensAsync();
        Assert.Contains("Contoso:Front desk:Ada: no password is kept.", Read("password-status"), StringComparison.Ordinal);
        // Wine does not say whose session it is, and then nobody is asked.
        Assert.Contains("Nobody is logged on at the computer's screen", Read("password-store"), StringComparison.Ordinal);
        Assert.Contains("Allowed: with the right access code a session may begin", Read("explain"), StringComparison.Ordinal);
        Assert.Contains("Nobody gets in until you unblock it.", Read("block"), StringComparison.Ordinal);
        Assert.Contains("is blocked until you unblock it.", Read("status-2"), StringComparison.Ordinal);
        Assert.Contains("Unblocked.", Read("unblock"), StringComparison.Ordinal);

        // Nobody gets in before the service's own surface shows.
        await using (RemoteSession session = await office.ConnectAsync(agent.EndPoint, Path.Combine(folder, "front.grant"), (await File.ReadAllTextAsync(Path.Combine(folder, "grant.out"), Cancel)).TrimEnd().Split('\n')[^1].Trim(), new ConnectOptions()))
        {
            await File.WriteAllTextAsync(Path.Combine(folder, "connected"), "", Cancel);
            Assert.Equal(RefusalReason.Stopped, (await session.Completion.WaitAsync(Helpdesk.Limit())).Reason);
        }
        await agent.SaidAsync("GONE");
        Assert.Matches(@"Alex Tester is connected\s+session   [0-9a-f]{32}", Read("status-3"));
        Assert.Contains("Alex Tester: taken away.", Read("withdraw"), StringComparison.Ordinal);
        Assert.Contains("could have typed this", Read("restore-1"), StringComparison.Ordinal);
        Assert.Contains("Alex Tester: given back.", Read("restore-2"), StringComparison.Ordinal);
        Assert.Matches(@"permitted ViewScreen\s+withdrawn ControlInput", Read("status-4"));
        Assert.Contains("Every session ends within a second.", Read("stop"), StringComparison.Ordinal);
        Assert.Contains("Alex Tester connected", Read("history"), StringComparison.Ordinal);
        Assert.Contains("\"session\"", Read("report"), StringComparison.Ordinal);
        Assert.Contains("The service RemoteAccessHelpdesk is gone.", Read("uninstall"), StringComparison.Ordinal);

        string Read(string name) => File.ReadAllText(Path.Combine(folder, name + ".out"));
    }

    [Fact]
    public async Task Password_TypedIntoTheAgentsWindow_IsStoredShownAndForgotten()
    {
        string folder = await WindowsBox.PublishedAsync(office.NewPath("windows"));
        (await SampleProgram.RunAsync(SampleProgram.Agent, office.GrantArguments(Path.Combine(folder, "state"), Path.Combine(folder, "fill.grant"), "--operations", "view,fill"))).Succeeded();
        await using WindowsBox box = await WindowsBox.StartAsync(folder);
        await box.ServeAsync("--surface", "external");
        string[] state = ["--state", "state"];
        Assert.Contains("no password is kept", (await box.AskAsync(["password", "status", .. state]))[0].Succeeded().Output, StringComparison.Ordinal);
        XwdPicture quiet = await box.Screen.DumpAsync();

        Task<Ran[]> storing = box.AskAsync(["password", "store", .. state]);
        WindowsQuestion question = await WindowsBox.AskedAsync(box.Screen, quiet, storing);
        await box.Screen.RunAsync("xdotool", "mousemove", $"{question.X}", $"{question.Y}");
        await WindowsBox.EnterWhenTakenAsync(box.Screen, Password);

        Assert.Contains("Contoso:Front desk:Ada: stored.", (await storing)[0].Succeeded().Output, StringComparison.Ordinal);
        Ran[] after = await box.AskAsync(["password", "status", .. state], ["history", .. state], ["password", "forget", .. state], ["password", "status", .. state], ["password", "forget", .. state], ["password", "store"], ["password", "status", .. state, "--service"]);
        Assert.Contains(" is stored", after[0].Succeeded().Output, StringComparison.Ordinal);
        Assert.Contains("password", after[1].Succeeded().Output, StringComparison.Ordinal);
        Assert.Contains("Contoso:Front desk:Ada: deleted.", after[2].Succeeded().Output, StringComparison.Ordinal);
        Assert.Contains("no password is kept", after[3].Succeeded().Output, StringComparison.Ordinal);
        Assert.Contains("no password was kept", after[4].Succeeded().Output, StringComparison.Ordinal);
        Assert.Contains("Name --state", after[5].Error, StringComparison.Ordinal);
        Assert.Contains("Name --state", after[6].Error, StringComparison.Ordinal);
        foreach (string file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Where(static file => Path.GetExtension(file) is not (".exe" or ".dll")))
            Assert.DoesNotContain(Password, await File.ReadAllTextAsync(file, System.Text.Encoding.Latin1, Cancel), StringComparison.Ordinal);
    }

    /// <summary>A program that others could replace is no service, and Wine shows a folder of Linux as everybody's; so it goes where programs go.</summary>
    private static Task WriteAsync(string folder, int port)
    {
        string[] lines =
        [
            "@echo off", "mkdir \"C:\\Program Files\\Agent\"", "copy *.exe \"C:\\Program Files\\Agent\\\" >nul", "copy *.dll \"C:\\Program Files\\Agent\\\" >nul", "set A=\"C:\\Program Files\\Agent\\remoteaccess-agent.exe\"",
            Command("grant", $"grant {State} --on-site --sign-with tenant --consented-by \"Ada Byron\" --statement \"You may.\" --nickname \"Contoso:Front desk:Ada\" --operations view,control,fill --out front.grant"),
            Command("install", $"service install --listen 127.0.0.1:{port}"), 
            "echo INSTALLED", ":up", Command("status-1", $"status {State}"), "if not exist up goto up",
            Command("password-status", "password status --service"), Command("password-store", "password store --service"),
            "echo ASKED",
            Command("explain", $"explain {State} --grant \"Contoso:Front desk:Ada\""), Command("block", $"block {State} --by Ada"), Command("status-2", $"status {State}"), Command("unblock", $"unblock {State} --by Ada"),
            $"echo LISTENING 127.0.0.1:{port}", ":wait", "%A% --version >nul 2>&1", "if not exist connected goto wait",
            Command("status-3", $"status {State}"), Command("withdraw", $"withdraw view {State}"), Command("restore-1", $"restore view {State}"), Command("withdraw-2", $"withdraw control {State}"), Command("restore-2", $"restore view {State}"),
            Command("status-4", $"status {State}"), Command("stop", $"stop {State} --by Ada"), Command("history", $"history {State}"), Command("report", $"report {State} --format csv"), Command("uninstall", "service uninstall"), "echo GONE",
        ];
        return File.WriteAllTextAsync(Path.Combine(folder, "service.bat"), string.Join("\r\n", lines) + "\r\n", Cancel);
    }

    private static string Command(string name, string line) => $"%A% {line} > {name}.out 2>&1";
}
