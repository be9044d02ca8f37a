using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

/// <summary>Credentials of the computer, and another access code, by command line.</summary>
[Collection(nameof(Office))]
[Trait("Group", "Office")]
[Trait("Category", "Slow")]
public sealed class CredentialsAndCodeTests(Office office)
{
    [Fact]
    public async Task Credentials_GrantThatWantsThem_LetsInWithTheRightPasswordOnly()
    {
        await using ThrowAwayAccount account = await ThrowAwayAccount.CreateAsync();
        string state = office.NewPath("state"), grant = office.NewPath("grant"), code = office.NewPath("code"), right = office.NewPath("right"), wrong = office.NewPath("wrong");
        Ran made = (await SampleProgram.RunAsync(SampleProgram.Agent, office.GrantArguments(state, grant, "--credentials"))).Succeeded();
        await File.WriteAllTextAsync(code, made.Lines[^1] + "\n", Helpdesk.Limit());
        await File.WriteAllTextAsync(right, account.Password + "\n", Helpdesk.Limit());
        await File.WriteAllTextAsync(wrong, account.Password + "x\n", Helpdesk.Limit());
        Assert.Contains("give credentials of the computer", (await Office.AskAsync("explain", state, "--grant", "Contoso:Front desk:Ada")).Succeeded().Output, StringComparison.Ordinal);
        await using AgentRun agent = await office.StartAgentAsync(display: null, state);
        string[] connecting = ["info", "--grant", grant, "--sign-with", office.Tenant, "--code-from", code, "--connect", agent.EndPoint.ToString()];

        (await SampleProgram.RunAsync(SampleProgram.Viewer, connecting)).Complained(1, "--credentials-user");
        (await SampleProgram.RunAsync(SampleProgram.Viewer, [.. connecting, "--credentials-user", account.Name, "--credentials-from", wrong])).Complained(3, "credentials");
        Ran ran = (await SampleProgram.RunAsync(SampleProgram.Viewer, [.. connecting, "--credentials-user", account.Name, "--credentials-from", right])).Succeeded();
        Ran typed = (await SampleProgram.RunAsync(SampleProgram.Viewer, [.. connecting, "--credentials-user", account.Name], input: account.Password + "\n")).Succeeded();

        Assert.Contains("permitted        ViewScreen", ran.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(account.Password, ran.Output + ran.Error + typed.Output + typed.Error, StringComparison.Ordinal);
        Ran history = (await Office.AskAsync("history", state)).Succeeded();
        Assert.Contains($"gave credentials of this computer, of the account \"{account.Name}\"", history.Output, StringComparison.Ordinal);
        Assert.Contains("gave credentials that were not accepted (WrongCredentials)", history.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(account.Password, history.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ChangeCode_LiveGrant_OldCodeAndGrantAreWorthNothingAndTheNewOnesConnect()
    {
        string state = await office.CopyStateAsync(), grant = office.NewPath("grant"), code = office.NewPath("code");
        await using AgentRun agent = await office.StartAgentAsync(display: null, state);
        (await office.ViewAsync(agent, "info")).Succeeded();

        Ran changed = (await Office.AskAsync("change-code", state, "--grant", "Contoso:Front desk:Ada", "--sign-with", office.Tenant, "--out", grant, "--by", "Ada Byron")).Succeeded();

        Assert.Matches(Office.CodeDisplay(), changed.Lines[^1]);
        Assert.NotEqual(office.Code, changed.Lines[^1]);
        (await office.ViewAsync(agent, "info")).Complained(3, "revoked");
        await File.WriteAllTextAsync(code, changed.Lines[^1] + "\n", Helpdesk.Limit());
        string[] connecting = ["info", "--grant", grant, "--sign-with", office.Tenant, "--connect", agent.EndPoint.ToString(), "--code-from"];
        (await SampleProgram.RunAsync(SampleProgram.Viewer, [.. connecting, office.CodeFile])).Complained(3, "access code");
        (await SampleProgram.RunAsync(SampleProgram.Viewer, [.. connecting, code])).Succeeded();
        Assert.Contains("Ada Byron changed the access code of \"Contoso:Front desk:Ada\"", (await Office.AskAsync("history", state)).Succeeded().Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ChangeCode_CodeOfAnotherComputerOrRevokedGrant_IsRefusedAndNothingChanges()
    {
        string state = await office.CopyStateAsync(), other = office.NewPath("state"), code = office.NewPath("code"), grant = office.NewPath("grant");
        await File.WriteAllTextAsync(code, "mein hund frisst keine blauen kacheln\n", Helpdesk.Limit());
        (await SampleProgram.RunAsync(SampleProgram.Agent, office.GrantArguments(other, office.NewPath("grant"), "--code-from", code))).Succeeded();
        string[] changing = ["--grant", "Contoso:Front desk:Ada", "--sign-with", office.Tenant, "--out", grant];

        Assert.Contains("Another computer has this access code", (await Office.AskAsync("change-code", state, [.. changing, "--code-from", code])).Error, StringComparison.Ordinal);
        Assert.False(File.Exists(grant));
        (await Office.AskAsync("revoke", state, "--yes")).Succeeded();
        (await Office.AskAsync("change-code", state, changing)).Complained(1, "revoked");

        Assert.False(File.Exists(grant));
        Assert.False(File.Exists(grant + ".part"));
        Assert.DoesNotContain("changed the access code", (await Office.AskAsync("history", state)).Succeeded().Output, StringComparison.Ordinal);
    }
}
