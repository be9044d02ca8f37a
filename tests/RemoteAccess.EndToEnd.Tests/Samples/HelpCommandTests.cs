using System.Diagnostics;
using System.Globalization;
using System.Runtime.Versioning;
using System.Text.RegularExpressions;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

/// <summary>A customer calls for help from the command line, and a technician answers from theirs.</summary>
[SupportedOSPlatform("linux")]
[Collection(nameof(Office))]
[Trait("Group", "Office")]
[Trait("Category", "Slow")]
public sealed class HelpCommandTests(Office office)
{
    private string TenantKey => office.TenantMade.Lines[0]["tenant key ".Length..];

    [Fact]
    public async Task Help_TechnicianComesAndAsksForMore_ThePersonAgreesTwiceAndTheNewGrantWorks()
    {
        await using PersonAtScreen person = await PersonAtScreen.SitDownAsync();
        string state = office.NewPath("state"), call = office.NewPath("call.grant"), code = office.NewPath("code"), later = office.NewPath("later.grant");
        await using AgentRun help = await StartAsync(state, call, person.Screen.Display);
        await File.WriteAllTextAsync(code, help.Lines.First() + "\n", TestContext.Current.CancellationToken);
        uint[] before = await person.LookAsync();

        Task<Ran> asking = SampleProgram.RunAsync(SampleProgram.Viewer,
        [
            "request-access", "--grant", call, "--sign-with", office.Tenant, "--code-from", code, "--connect", help.EndPoint.ToString(), "--technician", "Alex Tester",
            "--nickname", "Contoso:Store:Till 2", "--hours", "Europe/Berlin mon-fri 00:00-24:00 sat,sun 00:00-24:00", "--why", "Updates at night", "--days", "7", "--reason-required", "--session-cap", "90", "--out", later,
        ]);
        await person.ReadQuestionAsync(before);
        await person.AllowAsync();
        await person.ReadQuestionAsync(await person.LookAsync());
        await person.ChangedAsync(await person.LookAsync());
        await person.AllowAsync();
        Ran asked = (await asking).Succeeded();

        Assert.Matches("^grant [0-9a-f]{32} for Contoso:Store:Till 2, until ", asked.Lines[0]);
        Assert.True(Grant.TryReadPem(await File.ReadAllTextAsync(later, TestContext.Current.CancellationToken), out Grant? agreed));
        Assert.Equal((true, TimeSpan.FromMinutes(90), "Europe/Berlin"), (agreed.Policy.ReasonRequired, agreed.Policy.SessionCap, agreed.Policy.Hours?.Zone));
        await help.Process.WaitForExitAsync(Helpdesk.Limit());
        Assert.Equal(0, help.Process.ExitCode);
        Assert.False(File.Exists(call));
        string history = (await Office.AskAsync("history", state)).Succeeded().Output;
        foreach (string words in (string[])[" called for help: one technician can connect until ", "Alex Tester connected from ", " agreed to unattended support of \"Contoso:Store:Till 2\""])
            Assert.Contains(words, history, StringComparison.Ordinal);
        Assert.Equal(3, history.Split(" was asked: allowed.").Length);
        Assert.DoesNotContain("NOT", (await Office.AskAsync("verify-ledger", state)).Succeeded().Output, StringComparison.Ordinal);
        await File.WriteAllTextAsync(code, asked.Lines[^1] + "\n", TestContext.Current.CancellationToken);
        await using AgentRun agent = await office.StartAgentAsync(person.Screen.Display, state);
        string[] info = ["info", "--grant", later, "--sign-with", office.Tenant, "--code-from", code, "--connect", agent.EndPoint.ToString()];
        (await SampleProgram.RunAsync(SampleProgram.Viewer, info)).Complained(3, "requires a reason");
        Ran informed = await SampleProgram.RunAsync(SampleProgram.Viewer, [.. info, "--reason", "Updates"]);
        Assert.Contains("permitted        ViewScreen", informed.Succeeded().Output, StringComparison.Ordinal);
        // The code is this computer's: for another it is refused, here it may be kept.
        string elsewhere = office.NewPath("elsewhere.grant");
        Ran refused = await SampleProgram.RunAsync(SampleProgram.Agent, office.GrantArguments(office.NewPath("elsewhere"), elsewhere, "--code-from", code));
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("Another computer has this access code.", refused.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(elsewhere));
        (await SampleProgram.RunAsync(SampleProgram.Agent, office.GrantArguments(state, office.NewPath("kept.grant"), "--code-from", code))).Succeeded();
    }

    [Fact]
    public async Task Help_WithItsOwnSurface_ThePersonSeesWhoIsConnectedAndTheSurfaceEndsWithTheCall()
    {
        Programs.Require("xwininfo");
        await using PersonAtScreen person = await PersonAtScreen.SitDownAsync();
        string state = office.NewPath("state"), call = office.NewPath("call.grant"), code = office.NewPath("code");
        await using AgentRun help = await AgentRun.StartAsync(state, ["help", "--state", state, "--call", TenantKey, "--listen", "127.0.0.1:0", "--out", call], person.Screen.Display);
        await File.WriteAllTextAsync(code, help.Lines.First() + "\n", TestContext.Current.CancellationToken);
        string[] probe = ["info", "--grant", call, "--sign-with", office.Tenant, "--code-from", code, "--technician", "Alex Tester", "--connect", help.EndPoint.ToString()];

        // Whoever comes before the surface shows is refused before the code is charged.
        Task<Ran> asking = ConnectAsync(probe);
        // The surface's own windows come at about the same time.
        CancellationToken limit = Helpdesk.Limit();
        while (!(await person.Screen.RunTextAsync("xwininfo", "-root", "-tree")).Contains(ConsentTexts.For(CultureInfo.InvariantCulture)["title.session"], StringComparison.Ordinal)) await Task.Delay(50, limit);
        await person.ReadQuestionAsync(await person.LookAsync());
        await person.AllowAsync();
        (await asking).Succeeded();

        await help.Process.WaitForExitAsync(Helpdesk.Limit());
        Assert.Equal(0, help.Process.ExitCode);
        Assert.DoesNotContain(help.Lines, line => line.StartsWith("SURFACE none", StringComparison.Ordinal));
        Assert.DoesNotContain("remoteaccess-surface", await person.Screen.RunTextAsync("xwininfo", "-root", "-tree"), StringComparison.Ordinal);
        Assert.Contains("Alex Tester connected from ", (await Office.AskAsync("history", state)).Succeeded().Output, StringComparison.Ordinal);
    }

    private static async Task<Ran> ConnectAsync(string[] arguments)
    {
        CancellationToken limit = Helpdesk.Limit();
        while (true)
        {
            Ran ran = await SampleProgram.RunAsync(SampleProgram.Viewer, arguments);
            if (ran.ExitCode == 0 || !ran.Error.Contains("Nothing at the computer shows", StringComparison.Ordinal)) return ran;
            await Task.Delay(100, limit);
        }
    }

    [Fact]
    public async Task Help_DrawnDesktop_ThePersonAtTheTerminalIsAskedAndTheWordLetsTheTechnicianIn()
    {
        Programs.Require("script");
        string state = office.NewPath("state"), call = office.NewPath("call.grant"), code = office.NewPath("code");
        string command = $"'{SampleProgram.Agent}' help --state '{state}' --call {TenantKey} --listen 127.0.0.1:0 --out '{call}' --virtual 320x240 --ask terminal --organisation 'Contoso IT'";
        using Process help = SampleProgram.Start("script", ["-qec", command, "/dev/null"]);
        Task<string> error = help.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string said = await ReadUntilAsync(help, text => text.Contains("LISTENING ", StringComparison.Ordinal) && text.EndsWith('\n'));
        await File.WriteAllTextAsync(code, Regex.Match(said, @"^[\d-]{12,}(?=\r?$)", RegexOptions.Multiline).Value + "\n", TestContext.Current.CancellationToken);

        Task<Ran> connecting = SampleProgram.RunAsync(SampleProgram.Viewer, ["info", "--grant", call, "--sign-with", office.Tenant, "--code-from", code, "--technician", "Alex Tester",
            "--connect", Regex.Match(said, @"LISTENING (\S+)").Groups[1].Value]);
        string asked = await ReadUntilAsync(help, text => text.Contains(" left > ", StringComparison.Ordinal));
        Assert.False(connecting.IsCompleted);
        await help.StandardInput.WriteAsync("allow\r");
        await help.StandardInput.FlushAsync(TestContext.Current.CancellationToken);

        Assert.Contains("Alex Tester", asked, StringComparison.Ordinal);
        Assert.Contains("Contoso IT", asked, StringComparison.Ordinal);
        Assert.Contains("permitted        ViewScreen", (await connecting).Succeeded().Output, StringComparison.Ordinal);
        Assert.Contains("The session is over, and so is the call.", (await SampleProgram.FinishAsync(help, help.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken), error)).Succeeded().Output, StringComparison.Ordinal);
        Assert.Contains(" was asked: allowed.", (await Office.AskAsync("history", state)).Succeeded().Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Say --ask terminal", "--virtual", "320x240")]
    [InlineData("needs a terminal", "--virtual", "320x240", "--ask", "terminal")]
    [InlineData("with --virtual", "--display", ":1", "--ask", "terminal")]
    [InlineData("'phone' is not where to ask", "--virtual", "320x240", "--ask", "phone")]
    public async Task Help_NowhereToAsk_SaysSoAndMakesNoCall(string words, params string[] options)
    {
        string state = office.NewPath("state"), call = office.NewPath("call.grant");

        (await SampleProgram.RunAsync(SampleProgram.Agent, ["help", "--state", state, "--call", TenantKey, "--listen", "127.0.0.1:0", "--out", call, .. options])).Complained(1, words);

        Assert.False(Path.Exists(state) || Path.Exists(call));
    }

    [Fact]
    public async Task Help_WrongDigits_TheCallIsOver()
    {
        await using XServer screen = await XServer.StartXvfbAsync(800, 600);
        string state = office.NewPath("state"), call = office.NewPath("call.grant");
        await using AgentRun help = await StartAsync(state, call, screen.Display);
        string digits = help.Lines.First();
        string wrong = (digits[0] == '1' ? '2' : '1') + digits[1..];

        Ran info = await SampleProgram.RunAsync(SampleProgram.Viewer, ["info", "--grant", call, "--sign-with", office.Tenant, "--code-from", "-", "--connect", help.EndPoint.ToString()], wrong + "\n");

        info.Complained(3, "access code");
        await help.SaidAsync("Nobody came with the right code");
        await help.Process.WaitForExitAsync(Helpdesk.Limit());
        Assert.Equal(2, help.Process.ExitCode);
    }

    [Fact]
    public async Task Help_TakenBack_NothingIsLeftThatWorks()
    {
        await using XServer screen = await XServer.StartXvfbAsync(800, 600);
        string state = office.NewPath("state"), call = office.NewPath("call.grant");
        await using AgentRun help = await StartAsync(state, call, screen.Display);

        await help.TerminateAsync();

        Assert.False(File.Exists(call));
        Assert.Contains("state     Revoked", (await Office.AskAsync("status", state)).Succeeded().Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--call", "04abcd", "'04abcd' is not a provider's key")]
    [InlineData("--minutes", "0", "SessionCap must be whole minutes")]
    [InlineData("--listen", "nowhere", "'nowhere' is not IP:PORT")]
    [InlineData("--display", ":4711", ":4711")]
    public async Task Help_BadInput_SaysWhatIsWrongAndMakesNoCall(string option, string value, string words)
    {
        string state = office.NewPath("state"), call = office.NewPath("call.grant");
        await using XServer screen = await XServer.StartXvfbAsync(320, 240);
        var arguments = new Dictionary<string, string> { ["--state"] = state, ["--call"] = TenantKey, ["--listen"] = "127.0.0.1:0", ["--out"] = call, ["--display"] = screen.Display, [option] = value };

        Ran ran = await SampleProgram.RunAsync(SampleProgram.Agent, ["help", .. arguments.SelectMany(pair => new[] { pair.Key, pair.Value })]);

        Assert.NotEqual(0, ran.ExitCode);
        Assert.Contains(words, ran.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", ran.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(call));
    }

    [Theory]
    [InlineData("Europe/Berlin")]
    [InlineData("Nowhere/Land mon 08:00-09:00")]
    [InlineData("UTC mon 8-9")]
    [InlineData("UTC moon 08:00-09:00")]
    [InlineData("UTC mon-tue-wed 08:00-09:00")]
    [InlineData("UTC mon 08:00-08:00")]
    public async Task RequestAccess_BadHours_SaysSo(string hours)
    {
        Ran ran = await SampleProgram.RunAsync(SampleProgram.Viewer,
        [
            "request-access", "--grant", office.GrantFile, "--sign-with", office.Tenant, "--code-from", office.CodeFile, "--connect", "127.0.0.1:9", "--nickname", "N", "--out", office.NewPath("g"), "--hours", hours,
        ]);

        Assert.NotEqual(0, ran.ExitCode);
        Assert.Contains($"'{hours}' are no hours", ran.Error, StringComparison.Ordinal);
    }

    private static async Task<string> ReadUntilAsync(Process program, Func<string, bool> isThere)
    {
        string text = "";
        char[] some = new char[1];
        while (!isThere(text))
        {
            Assert.Equal(1, await program.StandardOutput.ReadAsync(some.AsMemory(), Helpdesk.Limit()));
            text += some[0];
        }
        return text;
    }

    private Task<AgentRun> StartAsync(string state, string call, string display) =>
        AgentRun.StartAsync(state, ["help", "--state", state, "--call", TenantKey, "--listen", "127.0.0.1:0", "--out", call, "--surface", "none"], display);
}
