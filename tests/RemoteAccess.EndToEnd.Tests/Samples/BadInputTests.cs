using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;

namespace RemoteAccess.Tests;

/// <summary>What users get wrong: one line that says what, an exit code, nothing of the program's inside.</summary>
[SupportedOSPlatform("linux")]
[Collection(nameof(Office))]
[Trait("Group", "Office")]
[Trait("Category", "Slow")]
public sealed class BadInputTests(Office office)
{
    [Fact]
    public async Task Run_WithoutADisplay_SaysWhatToSet()
    {
        string state = await office.CopyStateAsync();

        (await RunAgentAsync("run", "--state", state, "--listen", "127.0.0.1:0")).Complained(1, "remoteaccess-agent: ", "DISPLAY");
        (await RunAgentAsync("run", "--state", state, "--listen", "127.0.0.1:0", "--display", ":9999")).Complained(1, ":9999", "X server");
    }

    [Fact]
    public async Task Run_PortInUse_NamesTheAddress()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();

        (await RunAgentAsync("run", "--state", await office.CopyStateAsync(), "--listen", $"{taken.LocalEndpoint}", "--virtual", "640x480")).Complained(1, $"{taken.LocalEndpoint}");
    }

    [Theory]
    [InlineData("--display", ":1", "--virtual", "640x480", "--listen", "127.0.0.1:0")]
    [InlineData("--virtual", "640x480", "--listen", "127.0.0.1")]
    [InlineData("--virtual", "640x480", "--listen", "somewhere:7700")]
    [InlineData("--virtual", "10x10", "--listen", "127.0.0.1:0")]
    [InlineData("--virtual", "640x480", "--listen", "127.0.0.1:0", "--surface", "own")]
    [InlineData("--virtual", "640x480", "--listen", "127.0.0.1:0", "--surface", "yes")]
    [InlineData("--listen", "127.0.0.1:0", "--surface", "yes")]
    [InlineData("--virtual", "640x480", "--listen", "127.0.0.1:0", "--surface")]
    [InlineData("--virtual", "640x480", "--listen", "127.0.0.1:0", "--no-such-option")]
    [InlineData("--virtual", "640x480")]
    public async Task Run_WithOptionsThatCannotBe_IsRefused(params string[] options)
    {
        Ran ran = await RunAgentAsync(["run", "--state", office.NewPath("none"), .. options]);

        ran.Complained(1);
        Assert.DoesNotContain("LISTENING", ran.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task State_ThatIsNotThere_IsNotMade()
    {
        string state = office.NewPath("none");

        foreach (string command in (string[])["status", "history", "stop", "block", "unblock", "unlock", "revoke", "verify-ledger"]) (await Office.AskAsync(command, state)).Complained(1, state);
        (await Office.AskAsync("explain", state, "--grant", "Contoso:Front desk:Ada")).Complained(1, state);
        (await Office.AskAsync("withdraw", state, "view")).Complained(1, state);
        (await RunAgentAsync("run", "--state", state, "--virtual", "640x480", "--listen", "127.0.0.1:0")).Complained(1, state);

        Assert.False(Path.Exists(state));
    }

    [Fact]
    public async Task State_InAnEmptyDirectory_IsNotMadeByLooking()
    {
        string state = office.NewPath("empty");
        Directory.CreateDirectory(state, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

        foreach (string command in (string[])["status", "history", "stop", "block", "unblock", "unlock", "revoke", "verify-ledger"]) (await Office.AskAsync(command, state)).Complained(1, state, "is empty");
        (await RunAgentAsync("run", "--state", state, "--virtual", "640x480", "--listen", "127.0.0.1:0")).Complained(1, state, "is empty");
        (await Office.AskAsync("status", office.GrantFile)).Complained(1, office.GrantFile, "is no directory");

        Assert.Empty(Directory.GetFileSystemEntries(state));
    }

    [Theory]
    [InlineData()]
    [InlineData("--on-site=false")]
    public async Task Grant_NotMadeOnSite_IsRefused(params string[] instead)
    {
        string state = await office.CopyStateAsync(), file = office.NewPath("new.grant");

        Ran ran = await RunAgentAsync([.. office.GrantArguments(state, file, instead).Where(argument => argument != "--on-site")]);

        ran.Complained(1, "--on-site");
        Assert.DoesNotContain("grant ", ran.Lines[0], StringComparison.Ordinal);
        Assert.False(File.Exists(file));
        Assert.Single((await Office.AskAsync("history", state)).Succeeded().Lines);
    }

    [Fact]
    public async Task State_OpenToOtherAccounts_IsRefused()
    {
        string state = await office.CopyStateAsync();
        File.SetUnixFileMode(state, (UnixFileMode)0b111_101_101);

        foreach (string command in (string[])["status", "history"]) (await Office.AskAsync(command, state)).Complained(1, state);
        (await RunAgentAsync("run", "--state", state, "--virtual", "640x480", "--listen", "127.0.0.1:0")).Complained(1, state);
    }

    [Theory]
    [InlineData("version", "remoteaccess-state 2\n", "newer version (2)", "Run that version again")]
    [InlineData("policy.json", "{\"version\":2}", "Repair it, or remove it")]
    public async Task State_NewerOrDamaged_SaysWhatToDoAndIsLeftAsItIs(string file, string content, params string[] words)
    {
        string state = await office.CopyStateAsync(), path = Path.Combine(state, file);
        await File.WriteAllTextAsync(path, content);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        string before = Contents(state);

        if (file == "version")
        {
            foreach (string command in (string[])["status", "history", "stop", "block"]) (await Office.AskAsync(command, state)).Complained(1, [state, .. words]);
            (await RunAgentAsync("run", "--state", state, "--virtual", "640x480", "--listen", "127.0.0.1:0")).Complained(1, [state, .. words]);
        }
        else
        {
            Ran ran = await Office.AskAsync("explain", state, "--grant", "Contoso:Front desk:Ada");
            Assert.NotEqual(0, ran.ExitCode);
            Assert.All(words, word => Assert.Contains(word, ran.Output + ran.Error, StringComparison.Ordinal));
        }

        Assert.Equal(before, Contents(state));
    }

    private static string Contents(string state) => string.Join('\n', Directory.EnumerateFiles(state, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
        .Select(path => $"{Path.GetRelativePath(state, path)} {Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(path)))}"));

    [Fact]
    public async Task Grant_ThatCannotBe_LeavesNothing()
    {
        string state = await office.CopyStateAsync(), file = office.NewPath("new.grant"), weak = office.NewPath("weak");
        await File.WriteAllTextAsync(weak, "password1234\n");

        (await RunAgentAsync(office.GrantArguments(state, file, "--days", "0"))).Complained(1, "--days must be 1 to 3650");
        (await RunAgentAsync(office.GrantArguments(state, office.GrantFile))).Complained(1, office.GrantFile, "exists already");
        (await RunAgentAsync(office.GrantArguments(state, file, "--code-from", weak))).Complained(1, "The access code is not acceptable. Estimated at ", "and 40 are needed: a password that many people use is in it");
        (await RunAgentAsync(office.GrantArguments(state, file, "--operations", "view,everything"))).Complained(1, "'everything' is not an operation");
        (await RunAgentAsync(office.GrantArguments(state, file, "--nickname", "two\nlines"))).Complained(1);
        (await RunAgentAsync(office.GrantArguments(state, Path.Combine(office.NewPath("no"), "folder", "grant")))).Complained(1);

        Assert.False(File.Exists(file));
        Assert.Single((await Office.AskAsync("history", state)).Succeeded().Lines);
    }

    [Fact]
    public async Task Tenant_InADirectoryWithFiles_IsRefusedAndUntouched()
    {
        string before = await File.ReadAllTextAsync(Directory.GetFiles(office.Tenant)[0]);

        (await SampleProgram.RunAsync(SampleProgram.Viewer, ["tenant", "init", "--out", office.Tenant])).Complained(1, office.Tenant, "not empty");

        Assert.Equal(before, await File.ReadAllTextAsync(Directory.GetFiles(office.Tenant)[0]));
    }

    [Fact]
    public async Task Viewer_WithTheWrongThings_SaysWhich()
    {
        await using AgentRun agent = await office.StartAgentAsync(display: null);
        string wrong = office.NewPath("code"), notAGrant = office.NewPath("grant");
        await File.WriteAllTextAsync(wrong, "0000 0000 0000 0000 0000\n");
        await File.WriteAllTextAsync(notAGrant, "-----BEGIN GRANT-----\nAAAA\n-----END GRANT-----\n");
        string to = agent.EndPoint.ToString();

        (await ViewAsync("info", office.GrantFile, wrong, to)).Complained(3, "The access code is wrong");
        (await ViewAsync("info", notAGrant, office.CodeFile, to)).Complained(1, notAGrant, "is not a grant");
        (await ViewAsync("info", office.NewPath("none"), office.CodeFile, to)).Complained(1, "none");
        (await ViewAsync("info", office.GrantFile, notAGrant, to)).Complained(1, "That cannot be the access code");
        (await ViewAsync("info", office.GrantFile, office.CodeFile, "127.0.0.1:1")).Complained(1, "127.0.0.1:1: Connection refused. Check the address");
        (await ViewAsync("info", office.GrantFile, office.CodeFile, "nowhere")).Complained(1, "'nowhere' is not IP:PORT");
        (await office.ViewAsync(agent, "key", "ctrl+nosuchkey")).Complained(1, "ctrl+nosuchkey");
        (await office.ViewAsync(agent, "key", "ctrl+")).Complained(1, "ctrl+");
        (await office.ViewAsync(agent, "info", "--technician", "")).Complained(1, "--technician must be a name");
        (await office.ViewAsync(agent, "type", "a\u0007b")).Complained(1, "U+0007");
        (await office.ViewAsync(agent, "screenshot", Path.Combine(office.NewPath("no"), "folder", "desk.png"))).Complained(1);
        (await office.ViewAsync(agent, "click", "ten", "20")).Complained(1, "ten");

        using System.Text.Json.JsonDocument status = System.Text.Json.JsonDocument.Parse((await Office.AskAsync("status", agent.State, "--json")).Succeeded().Output);
        Assert.Equal("Live", status.RootElement.GetProperty("grants")[0].GetProperty("state").GetString());
    }

    [Fact]
    public async Task Command_ThatThereIsNot_IsRefusedWithTheHelp()
    {
        foreach (string program in (string[])[SampleProgram.Agent, SampleProgram.Viewer])
        {
            Ran ran = await SampleProgram.RunAsync(program, ["dance"]);
            Assert.Equal(1, ran.ExitCode);
            Assert.Contains("'dance'", ran.Error, StringComparison.Ordinal);
            Assert.Contains("Usage:", ran.Output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Viewer_AskingForMoreThanTheGrant_IsRefused()
    {
        string state = await office.CopyStateAsync(), file = office.NewPath("view.grant"), code = office.NewPath("code");
        Ran made = (await RunAgentAsync(office.GrantArguments(state, file, "--operations", "view"))).Succeeded();
        await File.WriteAllTextAsync(code, made.Lines[^1]);
        await using AgentRun agent = await office.StartAgentAsync(display: null, state);

        (await ViewAsync("info", file, code, agent.EndPoint.ToString())).Succeeded();
        Ran refused = await SampleProgram.RunAsync(SampleProgram.Viewer, ["type", "x", "--grant", file, "--sign-with", office.Tenant, "--code-from", code, "--connect", agent.EndPoint.ToString()]);
        refused.Complained(3, "More was asked for than the grant");
        (await Office.AskAsync("revoke", state)).Complained(1, "more than one such grant");
    }

    private Task<Ran> ViewAsync(string command, string grant, string code, string to) =>
        SampleProgram.RunAsync(SampleProgram.Viewer, [command, "--grant", grant, "--sign-with", office.Tenant, "--code-from", code, "--connect", to]);

    private static Task<Ran> RunAgentAsync(params string[] arguments) => SampleProgram.RunAsync(SampleProgram.Agent, arguments);
}
