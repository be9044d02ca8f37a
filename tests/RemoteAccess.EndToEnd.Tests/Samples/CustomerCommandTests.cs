using System.Runtime.Versioning;
using System.Text;
using System.Text.Json;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

/// <summary>What the customer is shown: grants, status, history and the check of the record.</summary>
[SupportedOSPlatform("linux")]
[Collection(nameof(Office))]
[Trait("Group", "Office")]
[Trait("Category", "Slow")]
public sealed class CustomerCommandTests(Office office)
{
    [Fact]
    public void Grant_Made_ShowsTheCodeOnceAndKeepsItNowhere()
    {
        Assert.Matches("^tenant key 04[0-9a-f]{128}\n", office.TenantMade.Output);
        Assert.Matches("^grant [0-9a-f]{32} for Contoso:Front desk:Ada, until ", office.GrantMade.Lines[0]);
        Assert.Equal($"written to {office.GrantFile}", office.GrantMade.Lines[1]);
        Assert.Matches(Office.CodeDisplay(), office.Code);
        Assert.StartsWith("The access code, shown this once", office.GrantMade.Error, StringComparison.Ordinal);
        string bare = office.Code.Replace(" ", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal);
        string state = Path.Combine(Path.GetDirectoryName(office.GrantFile)!, "state");
        string[] files = [office.GrantFile, .. Directory.GetFiles(state, "*", SearchOption.AllDirectories), .. Directory.GetFiles(office.Tenant)];
        Assert.True(files.Length > 8);
        foreach (string file in files)
        {
            string text = Encoding.Latin1.GetString(File.ReadAllBytes(file));
            Assert.DoesNotContain(office.Code, text, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain(bare, text, StringComparison.OrdinalIgnoreCase);
        }

        Assert.All(Directory.GetFiles(office.Tenant), file => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file)));
    }

    [Fact]
    public async Task Grant_CodeOfAnotherComputer_IsRefusedAndNothingIsMade()
    {
        string chosen = office.NewPath("chosen"), first = office.NewPath("first"), second = office.NewPath("second"), file = office.NewPath("second.grant");
        await File.WriteAllTextAsync(chosen, "Kranich-77-Laterne-!?-Moor\n");

        Ran made = (await SampleProgram.RunAsync(SampleProgram.Agent, office.GrantArguments(first, office.NewPath("first.grant"), "--code-from", chosen))).Succeeded();
        Ran again = await SampleProgram.RunAsync(SampleProgram.Agent, office.GrantArguments(second, file, "--code-from", chosen));
        Ran shown = await SampleProgram.RunAsync(SampleProgram.Agent, office.GrantArguments(second, file, "--code-from", office.CodeFile));
        Ran renewed = await SampleProgram.RunAsync(SampleProgram.Agent, office.GrantArguments(first, office.NewPath("renewed.grant"), "--code-from", chosen));

        Assert.Matches(@"^The access code: Estimated at \d\d bits, enough: its letters are guessed like words\.\n$", made.Error);
        foreach (Ran refused in (Ran[])[again, shown])
        {
            Assert.Equal(1, refused.ExitCode);
            Assert.EndsWith("remoteaccess-agent: Another computer has this access code. Choose one for each computer, or leave out --code-from to have one generated.\n", refused.Error, StringComparison.Ordinal);
        }
        Assert.False(File.Exists(file));
        renewed.Succeeded();
    }

    [Fact]
    public async Task Grant_WithRules_SignsThem()
    {
        string file = office.NewPath("rules.grant");

        (await SampleProgram.RunAsync(SampleProgram.Agent, office.GrantArguments(office.NewPath("rules"), file,
            "--hours", "Europe/Berlin mon-fri 18:00-22:00 sat,sun 08:00-12:00", "--in-use", "ask-or-allow", "--reason-required", "--session-cap", "90"))).Succeeded();

        Assert.True(Grant.TryReadPem(await File.ReadAllTextAsync(file), out Grant? grant));
        Assert.Equal((InUseRule.AskThenAllow, true, TimeSpan.FromMinutes(90), false), (grant.Policy.InUse, grant.Policy.ReasonRequired, grant.Policy.SessionCap, grant.Policy.CredentialsRequired));
        Assert.NotNull(grant.Policy.Hours);
        Assert.Equal(("Europe/Berlin", 2), (grant.Policy.Hours.Zone, grant.Policy.Hours.Windows.Count));
        Assert.True(grant.Policy.Hours.Contains(new DateTimeOffset(2026, 3, 2, 17, 30, 0, TimeSpan.Zero)));
        Assert.False(grant.Policy.Hours.Contains(new DateTimeOffset(2026, 3, 2, 16, 30, 0, TimeSpan.Zero)));
    }

    [Theory]
    [InlineData("--hours", "Europe/Berlin mon-fri", "'Europe/Berlin mon-fri' are no hours, as in \"Europe/Berlin mon-fri 18:00-22:00")]
    [InlineData("--session-cap", "0", "'0' is not a length of sessions: whole minutes from 1 to 720, as in --session-cap 60.")]
    [InlineData("--session-cap", "721", "'721' is not a length of sessions")]
    [InlineData("--session-cap", "1h", "'1h' is not a length of sessions")]
    [InlineData("--in-use", "maybe", "'maybe' is not a rule. Known: allow, ask, ask-or-allow, refuse.")]
    public async Task Grant_RulesThatCannotBe_SaysHowTheyAreTypedAndMakesNothing(string option, string value, string words)
    {
        string state = office.NewPath("none"), file = office.NewPath("none.grant");

        (await SampleProgram.RunAsync(SampleProgram.Agent, office.GrantArguments(state, file, option, value))).Complained(1, words);

        Assert.False(Path.Exists(state) || Path.Exists(file));
    }

    [Fact]
    public async Task Grant_Help_NamesTheOperationsAsTheyAreTyped()
    {
        Ran help = (await SampleProgram.RunAsync(SampleProgram.Agent, ["grant", "--help"])).Succeeded();

        Assert.Contains("Default: view,control.", help.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("ViewScreen", help.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StatusHistoryAndVerification_AfterASession_SayWhatHappened()
    {
        string state;
        await using (AgentRun agent = await office.StartAgentAsync(display: null))
        {
            state = agent.State;
            (await office.ViewAsync(agent, "info", "--technician", "Alex Tester", "--reason", "Ticket 4711")).Succeeded();
            (await office.ViewAsync(agent, "type", "secret text 4711", "--technician", "Alex Tester")).Succeeded();
            // Customers look while the agent runs.
            (await Office.AskAsync("status", state)).Succeeded();
            (await agent.TerminateAsync()).Succeeded();
        }

        Ran status = (await Office.AskAsync("status", state)).Succeeded();
        Assert.Contains("is not blocked.\n", status.Output, StringComparison.Ordinal);
        Assert.Matches(@"Contoso:Front desk:Ada\n  grant     [0-9a-f]{32}\n  state     Live\n  allows    ViewScreen, ControlInput\n  until     20", status.Output);
        using (JsonDocument json = JsonDocument.Parse((await Office.AskAsync("status", state, "--json")).Succeeded().Output))
        {
            JsonElement grant = Assert.Single(json.RootElement.GetProperty("grants").EnumerateArray());
            Assert.Equal(("Contoso:Front desk:Ada", "Live", "Ada Byron", 0),
                (grant.GetProperty("nickname").GetString(), grant.GetProperty("state").GetString(), grant.GetProperty("consentedBy").GetString(), grant.GetProperty("failedAttempts").GetInt32()));
        }

        Ran history = (await Office.AskAsync("history", state)).Succeeded();
        string[] expected =
        [
            "Ada Byron agreed to unattended support of \"Contoso:Front desk:Ada\"", "In these words: \"You may help me with this computer until Friday.\"",
            "Alex Tester connected from tcp 127.0.0.1:", ", to see the screen. Reason: \"Ticket 4711\"", "Alex Tester began to use keyboard and mouse.", "finished by the technician. Used: use keyboard and mouse.",
        ];
        Assert.All(expected, words => Assert.Contains(words, history.Output, StringComparison.Ordinal));
        Ran entries = (await Office.AskAsync("history", state, "--json")).Succeeded();
        Assert.Equal(history.Lines.Length, entries.Lines.Length);
        string[] types = [.. entries.Lines.Select(line => { using JsonDocument entry = JsonDocument.Parse(line); return entry.RootElement.GetProperty("type").GetString() ?? ""; })];
        Assert.Equal(["grant.created", "session.accepted", "session.ended", "session.accepted", "operation.used", "session.ended"], types);
        Assert.DoesNotContain("secret text", entries.Output, StringComparison.Ordinal);

        Ran verified = (await Office.AskAsync("verify-ledger", state)).Succeeded();
        Assert.Single(verified.Lines);
        using JsonDocument proof = JsonDocument.Parse((await Office.AskAsync("verify-ledger", state, "--json")).Succeeded().Output);
        Assert.True(proof.RootElement.GetProperty("ok").GetBoolean());
        Assert.Equal(types.Length, proof.RootElement.GetProperty("entries").GetInt64());
        Assert.Equal(types.Length, proof.RootElement.GetProperty("signedEntries").GetInt64());
        Assert.Equal(JsonValueKind.Null, proof.RootElement.GetProperty("problem").ValueKind);
    }

    [Fact]
    public async Task VerifyLedger_OneByteAltered_ExitCodeTwoAndThePlace()
    {
        string state = await office.CopyStateAsync();
        string ledger = Directory.GetFiles(Path.Combine(state, "ledger")).Where(file => new FileInfo(file).Length > 0).MaxBy(file => Text(file).Contains("grant.created", StringComparison.Ordinal))!;
        byte[] bytes = await File.ReadAllBytesAsync(ledger);
        int at = Encoding.Latin1.GetString(bytes).IndexOf("Ada Byron", StringComparison.Ordinal);
        Assert.True(at > 0);
        bytes[at] = (byte)'O';
        await File.WriteAllBytesAsync(ledger, bytes);

        Ran text = await Office.AskAsync("verify-ledger", state), json = await Office.AskAsync("verify-ledger", state, "--json");

        Assert.Equal((2, 2), (text.ExitCode, json.ExitCode));
        Assert.Contains(Path.GetFileName(ledger), text.Output, StringComparison.Ordinal);
        using JsonDocument proof = JsonDocument.Parse(json.Output);
        Assert.False(proof.RootElement.GetProperty("ok").GetBoolean());
        JsonElement problem = proof.RootElement.GetProperty("problem");
        Assert.Equal(Path.GetFileName(ledger), Path.GetFileName(problem.GetProperty("file").GetString()));
        Assert.InRange(problem.GetProperty("offset").GetInt64(), 0, at);
        Assert.Equal(0, problem.GetProperty("sequence").GetInt64());
        Assert.DoesNotContain("   at ", text.Error + json.Error, StringComparison.Ordinal);
    }

    private static string Text(string file) => Encoding.Latin1.GetString(File.ReadAllBytes(file));
}
