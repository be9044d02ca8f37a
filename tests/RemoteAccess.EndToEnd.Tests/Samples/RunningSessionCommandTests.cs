using System.Runtime.Versioning;
using System.Text.Json;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

/// <summary>The customer looks at a running session from a terminal, takes an operation away and gives it back.</summary>
[SupportedOSPlatform("linux")]
[Collection(nameof(Office))]
[Trait("Group", "Office")]
[Trait("Category", "Slow")]
public sealed class RunningSessionCommandTests(Office office)
{
    [Fact]
    public async Task WithdrawAndRestore_SessionRunning_StatusSaysSoAndTheTechnicianCannotRestore()
    {
        await using AgentRun agent = await office.StartAgentAsync(display: null, null, "--surface", "external");
        await using SurfaceConnection surface = await SurfaceConnection.OpenAsync(agent.State, TestContext.Current.CancellationToken);
        using var over = new CancellationTokenSource();
        Task showing = ShowAsync(surface, over.Token);
        Assert.Contains("\nNobody is connected.\n", (await Office.AskAsync("status", agent.State)).Succeeded().Output, StringComparison.Ordinal);
        (await Office.AskAsync("withdraw", agent.State, "control")).Complained(1, "Nobody is connected.");
        (await Office.AskAsync("withdraw", agent.State, "dance")).Complained(1, "'dance' is not an operation. Known here: view, control,");
        await using RemoteSession session = await office.ConnectAsync(agent);

        (await Office.AskAsync("withdraw", agent.State, "view")).Succeeded();
        await Eventually.Is(() => surface.Status.Sessions is [{ Withdrawn: Operations.ViewScreen }], "the agent says what is withdrawn");
        (await Office.AskAsync("restore", agent.State, "view")).Complained(1, "Alex Tester may use keyboard and mouse or run commands, and could have typed this.");
        Assert.Equal(Operations.ViewScreen, Assert.Single(surface.Status.Sessions).Withdrawn);
        (await Office.AskAsync("withdraw", agent.State, "control", "--session", surface.Status.Sessions[0].Id)).Succeeded();
        (await Office.AskAsync("restore", agent.State, "view")).Succeeded();

        await Eventually.Is(() => surface.Status.Sessions is [{ Withdrawn: Operations.ControlInput }], "the agent says what is withdrawn");
        Assert.Matches(@"\nAlex Tester is connected\n  session   [0-9a-f]{32}\n  since     20[^\n]* at the latest\n  under     Contoso:Front desk:Ada\n  permitted ViewScreen\n  withdrawn ControlInput\n  used      ",
            (await Office.AskAsync("status", agent.State)).Succeeded().Output);
        (await Office.AskAsync("restore", agent.State, "control")).Succeeded();
        using (JsonDocument json = JsonDocument.Parse((await Office.AskAsync("status", agent.State, "--json")).Succeeded().Output))
        {
            JsonElement one = Assert.Single(json.RootElement.GetProperty("sessions").EnumerateArray());
            Assert.Equal(("Alex Tester", "ViewScreen, ControlInput", "None"), (one.GetProperty("technician").GetString(), one.GetProperty("permitted").GetString(), one.GetProperty("withdrawn").GetString()));
        }
        Assert.False(session.Completion.IsCompleted);
        await over.CancelAsync();
        await showing;
    }

    [Fact]
    public async Task WithdrawAndRestore_GrantThatNobodyUses_StatusAndExplainSaySo()
    {
        string state = office.NewPath("state");
        (await SampleProgram.RunAsync(SampleProgram.Agent, office.GrantArguments(state, office.NewPath("unused.grant")))).Succeeded();
        const string Nickname = "Contoso:Front desk:Ada";

        Assert.Equal($"{Nickname}: taken away. To give it back: remoteaccess-agent restore\n", (await Office.AskAsync("withdraw", state, "view,control", "--grant", Nickname, "--by", "Ada")).Succeeded().Output);

        Assert.Contains("\n  withdrawn ViewScreen, ControlInput\n", (await Office.AskAsync("status", state)).Succeeded().Output, StringComparison.Ordinal);
        Assert.Contains("the customer took away for now all that was asked for", (await Office.AskAsync("explain", state, "--grant", Nickname)).Output, StringComparison.Ordinal);
        Assert.Contains("Ada no longer allows under the grant", (await Office.AskAsync("history", state)).Succeeded().Output, StringComparison.Ordinal);
        (await Office.AskAsync("withdraw", state, "view", "--grant", Nickname, "--session", "x")).Complained(1, "Name a session or a grant, not both.");
        (await Office.AskAsync("withdraw", state, "view", "--grant", "nobody")).Complained(1, "There is no grant 'nobody'.");
        (await Office.AskAsync("restore", state, "view,control", "--grant", Nickname)).Succeeded();
        Assert.DoesNotContain("\n  withdrawn ", (await Office.AskAsync("status", state)).Succeeded().Output, StringComparison.Ordinal);
        (await Office.AskAsync("explain", state, "--grant", Nickname)).Succeeded();
    }

    [Fact]
    public async Task Status_GrantWithRules_SaysThemAsTheyAreTyped()
    {
        string state = office.NewPath("state");
        (await SampleProgram.RunAsync(SampleProgram.Agent, office.GrantArguments(state, office.NewPath("rules.grant"),
            "--hours", "UTC mon-fri 18:00-22:00 sat,sun 08:00-24:00 wed 22:00-02:00", "--in-use", "ask", "--reason-required", "--session-cap", "90"))).Succeeded();

        string status = (await Office.AskAsync("status", state)).Succeeded().Output;

        Assert.Contains("\n  hours     UTC mon-fri 18:00-22:00 sat,sun 08:00-24:00 wed 22:00-02:00\n  in use    ask\n  sessions  90 minutes at most, with a reason\n", status, StringComparison.Ordinal);
        Assert.Contains("Who is connected now is not known here: no agent with a surface runs.\n", status, StringComparison.Ordinal);
    }

    internal static async Task ShowAsync(SurfaceConnection surface, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            surface.ReportShown(surface.Status);
            await Task.Delay(100, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
