using System.Runtime.Versioning;

namespace RemoteAccess.Tests;

/// <summary>A person works at the computer when a technician connects: the agent's window asks.</summary>
[SupportedOSPlatform("linux")]
[Collection(nameof(Office))]
[Trait("Group", "Office")]
[Trait("Category", "Slow")]
public sealed class InUsePromptTests(Office office)
{
    [Fact]
    public async Task Connect_ComputerInUse_OnlyThePersonThereCanAllowIt()
    {
        await using PersonAtScreen person = await PersonAtScreen.SitDownAsync();
        string state = office.NewPath("state"), grant = office.NewPath("asks.grant"), code = office.NewPath("code");
        Ran made = (await SampleProgram.RunAsync(SampleProgram.Agent, office.GrantArguments(state, grant, "--in-use", "ask"))).Succeeded();
        await File.WriteAllTextAsync(code, made.Lines[^1] + "\n", TestContext.Current.CancellationToken);
        await using AgentRun agent = await office.StartAgentAsync(person.Screen.Display, state);
        await person.MoveMouseAsync();
        uint[] before = await person.LookAsync();

        Task<Ran> connecting = SampleProgram.RunAsync(SampleProgram.Viewer,
            ["info", "--grant", grant, "--sign-with", office.Tenant, "--code-from", code, "--connect", agent.EndPoint.ToString(), "--technician", "Alex Tester"]);
        await person.ReadQuestionAsync(before);
        for (int i = 0; i < 5; i++) await person.Screen.RunAsync("xdotool", "key", "Tab", "Return", "space");
        await person.ChangedAsync(await person.LookAsync());
        Assert.False(connecting.IsCompleted);
        Assert.DoesNotContain("was asked", (await Office.AskAsync("history", state)).Succeeded().Output, StringComparison.Ordinal);

        await person.AllowAsync();

        Assert.Contains("permitted        ViewScreen", (await connecting).Succeeded().Output, StringComparison.Ordinal);
        string history = (await Office.AskAsync("history", state)).Succeeded().Output;
        Assert.Contains(" was asked: allowed.", history, StringComparison.Ordinal);
        Assert.True(history.IndexOf("was asked", StringComparison.Ordinal) < history.IndexOf("Alex Tester connected", StringComparison.Ordinal));
    }
}
