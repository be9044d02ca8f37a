using System.Runtime.Versioning;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

/// <summary>The customer takes back what was agreed to, from another process than the agent's: stop, block, unblock, revoke; and lets codes be tried again: unlock.</summary>
[SupportedOSPlatform("linux")]
[Collection(nameof(Office))]
[Trait("Group", "Office")]
[Trait("Category", "Slow")]
public sealed class TakeBackCommandTests(Office office)
{
    [Fact]
    public async Task Stop_SessionRunning_EndsItAndForbidsNothing()
    {
        await using AgentRun agent = await office.StartAgentAsync(display: null);
        await using RemoteSession session = await office.ConnectAsync(agent);

        Ran stopped = (await Office.AskAsync("stop", agent.State, "--by", "Ada Byron")).Succeeded();

        SessionEnd end = await session.Completion.WaitAsync(Helpdesk.Limit());
        Assert.Equal((SessionEndKind.EndedByComputer, RefusalReason.Stopped), (end.Kind, end.Reason));
        Assert.Contains("Every session ends within a second.", stopped.Output, StringComparison.Ordinal);
        (await office.ViewAsync(agent, "info")).Succeeded();
        Assert.Contains("Ada Byron stopped all sessions.", (await Office.AskAsync("history", agent.State)).Succeeded().Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Block_UntilUnblock_EndsTheSessionAndKeepsEverybodyOut()
    {
        await using AgentRun agent = await office.StartAgentAsync(display: null);
        await using RemoteSession session = await office.ConnectAsync(agent);

        Ran blocked = (await Office.AskAsync("block", agent.State, "--by", "Ada Byron")).Succeeded();

        Assert.Equal(RefusalReason.Blocked, (await session.Completion.WaitAsync(Helpdesk.Limit())).Reason);
        Assert.Equal("Nobody gets in until you unblock it. To end it: remoteaccess-agent unblock\n", blocked.Output);
        Assert.Contains("is blocked until you unblock it.\n", (await Office.AskAsync("status", agent.State)).Succeeded().Output, StringComparison.Ordinal);
        AccessRefusedException refused = await Assert.ThrowsAsync<AccessRefusedException>(() => office.ConnectAsync(agent));
        Assert.Equal(RefusalReason.Blocked, refused.Reason);

        Assert.StartsWith("Unblocked.", (await Office.AskAsync("unblock", agent.State)).Succeeded().Output, StringComparison.Ordinal);
        (await office.ViewAsync(agent, "info")).Succeeded();
        Assert.Equal("Remote access was not blocked.\n", (await Office.AskAsync("unblock", agent.State)).Succeeded().Output);
        string history = (await Office.AskAsync("history", agent.State)).Succeeded().Output;
        Assert.Contains("Ada Byron blocked remote access.\n", history, StringComparison.Ordinal);
        Assert.Single(history.Split('\n'), line => line.Contains("unblocked", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Unlock_TooManyWrongCodes_TakesCodesAgainAndIsRecorded()
    {
        string state = await office.CopyStateAsync();
        string guesses = Assert.Single(Directory.GetFiles(Path.Combine(state, "grants"), "guesses", SearchOption.AllDirectories)), grant = Path.GetFileName(Path.GetDirectoryName(guesses)!);
        var counter = new GuessCounter(guesses, grant, TimeProvider.System, Guid.Parse(BootIdentity.Read(TimeProvider.System)));
        for (int i = 0; i < LockoutLadder.LockingRun; i++) counter.Charge();
        await using AgentRun agent = await office.StartAgentAsync(display: null, state);
        Assert.Equal(RefusalReason.LockedOut, (await Assert.ThrowsAsync<AccessRefusedException>(() => office.ConnectAsync(agent))).Reason);

        Ran unlocked = (await Office.AskAsync("unlock", state, "--by", "Ada Byron")).Succeeded();

        Assert.StartsWith("Contoso:Front desk:Ada: unlocked after 10 wrong access codes.", unlocked.Output, StringComparison.Ordinal);
        await using (RemoteSession session = await office.ConnectAsync(agent)) Assert.False(session.Completion.IsCompleted);
        Assert.Equal("No grant was locked.\n", (await Office.AskAsync("unlock", state)).Succeeded().Output);
        Assert.Equal("Contoso:Front desk:Ada: was not locked. It is Live.\n", (await Office.AskAsync("unlock", state, "--grant", grant)).Succeeded().Output);
        Assert.Single((await Office.AskAsync("history", state)).Succeeded().Lines, line => line.Contains("Ada Byron allowed access codes again.", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("23:59")]
    [InlineData("2099-12-24")]
    [InlineData("2099-12-24T18:00")]
    [InlineData("2099-12-24T18:00+01:00")]
    public async Task Block_UntilAMoment_SaysWhen(string until)
    {
        string state = await office.CopyStateAsync();

        Assert.Matches(@"^Nobody gets in until 20\d\d-\d\d-\d\d \d\d:\d\d [+-]\d\d:\d\d\. ", (await Office.AskAsync("block", state, "--until", until)).Succeeded().Output);

        await using TrustFlow trust = TrustFlow.Open(new TrustOptions { StateDirectory = state });
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        if (until == "23:59") Assert.InRange(trust.BlockedUntil, now, now.AddDays(1).AddMinutes(1));
        else if (until.EndsWith("+01:00", StringComparison.Ordinal)) Assert.Equal(new DateTimeOffset(2099, 12, 24, 18, 0, 0, TimeSpan.FromHours(1)), trust.BlockedUntil);
        else Assert.Equal(new DateTime(2099, 12, 24, until.Length > 10 ? 18 : 0, 0, 0), trust.BlockedUntil.LocalDateTime);
    }

    [Theory]
    [InlineData("yesterday", "is not a moment")]
    [InlineData("2020-01-01", "is past")]
    [InlineData("2099-02-30", "is not a moment")]
    [InlineData("25:00", "is not a moment")]
    public async Task Block_UntilWhatCannotBe_ChangesNothing(string until, string complaint)
    {
        string state = await office.CopyStateAsync();

        (await Office.AskAsync("block", state, "--until", until)).Complained(1, complaint);

        Assert.Contains("is not blocked.", (await Office.AskAsync("status", state)).Succeeded().Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Revoke_NobodyToConfirm_ChangesNothing()
    {
        string state = await office.CopyStateAsync();

        (await Office.AskAsync("revoke", state)).Complained(1, "--yes", "Contoso:Front desk:Ada");

        Assert.Contains("state     Live", (await Office.AskAsync("status", state)).Succeeded().Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("revoke", 0, "Contoso:Front desk:Ada: revoked.", "Revoked")]
    [InlineData("yes", 1, "Not revoked.", "Live")]
    public async Task Revoke_AtATerminal_AsksForTheWord(string typed, int exitCode, string answer, string left)
    {
        Programs.Require("script");
        string state = await office.CopyStateAsync();
        using System.Diagnostics.Process revoke = SampleProgram.Start("script", ["-qec", $"'{SampleProgram.Agent}' revoke --state '{state}' --by Ada", "/dev/null"]);
        Task<string> error = revoke.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);

        string asked = await ReadUntilAsync(revoke, "Type 'revoke' to go on: ");
        Assert.Contains("Nobody gets in to Contoso:Front desk:Ada any more under this grant, and it cannot be brought back", asked, StringComparison.Ordinal);
        Assert.Contains("state     Live", (await Office.AskAsync("status", state)).Succeeded().Output, StringComparison.Ordinal);
        await revoke.StandardInput.WriteAsync(typed + "\r");
        await revoke.StandardInput.FlushAsync(TestContext.Current.CancellationToken);
        Ran ran = await SampleProgram.FinishAsync(revoke, revoke.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken), error);

        Assert.Equal(exitCode, ran.ExitCode);
        Assert.Contains(answer, ran.Output, StringComparison.Ordinal);
        Assert.Contains("state     " + left, (await Office.AskAsync("status", state)).Succeeded().Output, StringComparison.Ordinal);
    }

    private static async Task<string> ReadUntilAsync(System.Diagnostics.Process process, string end)
    {
        var text = new System.Text.StringBuilder();
        char[] one = new char[1];
        CancellationToken limit = Helpdesk.Limit();
        while (!text.ToString().EndsWith(end, StringComparison.Ordinal))
        {
            Assert.True(await process.StandardOutput.ReadAsync(one, limit) == 1, $"It ended: {text}");
            text.Append(one);
        }
        return text.ToString();
    }
}
