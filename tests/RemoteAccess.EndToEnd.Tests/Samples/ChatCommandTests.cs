using System.Diagnostics;
using System.Runtime.Versioning;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

/// <summary>The chat by commands on both sides.</summary>
[SupportedOSPlatform("linux")]
[Collection(nameof(Office))]
[Trait("Group", "Office")]
[Trait("Category", "Slow")]
public sealed class ChatCommandTests(Office office)
{
    [Fact]
    public async Task Chat_LinesFromAPipe_AreAnsweredByTheScript()
    {
        (string state, string file, string code) = await GrantAsync();
        await using AgentRun agent = await office.StartAgentAsync(display: null, state, "--chat-answer", "Yes, please.", "--chat-answer", "Thank you.");

        Ran talk = await SampleProgram.RunAsync(SampleProgram.Viewer, Chatting(agent, file), $"{code}\nMay I restart?\n\nDone.\n");

        Assert.Equal(["customer: Yes, please.", "customer: Thank you."], talk.Succeeded().Lines);
        Assert.Contains("wrote to each other", (await Office.AskAsync("history", state)).Succeeded().Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Chat_CustomerInATerminal_ReadsAndAnswers()
    {
        (string state, string file, string code) = await GrantAsync();
        await using AgentRun agent = await office.StartAgentAsync(display: null, state, "--surface", "external");
        await using SurfaceConnection surface = await SurfaceConnection.OpenAsync(agent.State, Helpdesk.Limit());
        using var over = new CancellationTokenSource();
        Task showing = ShowAsync(surface, over.Token);
        (await Office.AskAsync("chat", agent.State)).Complained(1, "Nobody is connected.");
        using Process technician = SampleProgram.Start(SampleProgram.Viewer, Chatting(agent, file));
        await technician.StandardInput.WriteAsync($"{code}\nHello?\n");
        await technician.StandardInput.FlushAsync();
        await Eventually.Is(() => surface.Status.Sessions is [{ Chat.Count: 1 }], "the text is with the customer");

        using Process customer = SampleProgram.Start(SampleProgram.Agent, ["chat", "--state", agent.State]);
        Assert.EndsWith(": Hello?", await customer.StandardOutput.ReadLineAsync(Helpdesk.Limit()), StringComparison.Ordinal);
        await customer.StandardInput.WriteAsync("Grüß Gott\n");
        await customer.StandardInput.FlushAsync();
        Assert.Equal("customer: Grüß Gott", await technician.StandardOutput.ReadLineAsync(Helpdesk.Limit()));
        technician.StandardInput.Close();

        Assert.Equal("The session is over.", await customer.StandardOutput.ReadLineAsync(Helpdesk.Limit()));
        await customer.WaitForExitAsync(Helpdesk.Limit());
        await technician.WaitForExitAsync(Helpdesk.Limit());
        Assert.Equal((0, 0), (customer.ExitCode, technician.ExitCode));
        await over.CancelAsync();
        await showing;
    }

    private async Task<(string State, string File, string Code)> GrantAsync()
    {
        (string state, string file) = (office.NewPath("state"), office.NewPath("chat.grant"));
        Ran made = await SampleProgram.RunAsync(SampleProgram.Agent, office.GrantArguments(state, file, "--operations", "view,chat"));
        return (state, file, made.Succeeded().Lines[^1]);
    }

    private string[] Chatting(AgentRun agent, string file) => ["chat", "--grant", file, "--sign-with", office.Tenant, "--code-from", "-", "--connect", agent.EndPoint.ToString(), "--wait", "2"];

    private static async Task ShowAsync(SurfaceConnection surface, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            surface.ReportShown(surface.Status);
            await Task.Delay(100, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
