using System.Diagnostics;
using System.Text;

namespace RemoteAccess.Tests;

/// <summary>Texts between a technician's command line and programs on a real X server, through an agent that shares it.</summary>
[Collection(nameof(Office))]
[Trait("Group", "Office")]
[Trait("Category", "Slow")]
public sealed class ClipboardCommandTests(Office office)
{
    [Fact]
    public async Task PutGetAndWatch_OnX11_ExchangeTextsAndTheHistoryHasOnlyTheirLength()
    {
        Programs.Require("xclip", "xsel");
        await using Desk desk = await Desk.OpenAsync();
        OtherGrant grant = await OtherGrant.MakeAsync(office, "view,clipboard");
        await using AgentRun agent = await office.StartAgentAsync(desk.Display, grant.State);

        (await grant.ViewAsync(agent, "clipboard", "put", "Geheimnis: Grüße 🙂")).Succeeded();
        Assert.Equal("Geheimnis: Grüße 🙂", await desk.Server.RunTextAsync("xclip", "-selection", "clipboard", "-out"));

        string file = office.NewPath("long.txt"), text = string.Concat(Enumerable.Range(0, 20_000).Select(i => $"Zeile {i:00000} ü\n"));
        await File.WriteAllTextAsync(file, text);
        (await grant.ViewAsync(agent, "clipboard", "put", "--from", file)).Succeeded();
        Assert.Equal(text, await desk.Server.RunTextAsync("xsel", "--clipboard", "--output"));

        using (Process getting = grant.Start(agent, "clipboard", "get"))
        {
            Assert.Equal("LISTENING", await getting.StandardError.ReadLineAsync(Helpdesk.Limit()));
            Task<string> output = getting.StandardOutput.ReadToEndAsync();
            await CopyUntilAsync(desk, text, output);
            Ran got = await SampleProgram.FinishAsync(getting, output, getting.StandardError.ReadToEndAsync());
            Assert.Equal(text, got.Succeeded().Output);
        }

        using Process watching = grant.Start(agent, "clipboard", "watch");
        Assert.Equal("LISTENING", await watching.StandardError.ReadLineAsync(Helpdesk.Limit()));
        foreach (string copied in (string[])["first", "zweiter"])
        {
            Task<string?> line = watching.StandardOutput.ReadLineAsync(Helpdesk.Limit()).AsTask();
            await CopyUntilAsync(desk, copied, line);
            Assert.Matches($"^-- [0-9:]{{8}}, {copied.Length} characters$", await line);
            Assert.Equal(copied, await watching.StandardOutput.ReadLineAsync(Helpdesk.Limit()));
        }
        (await Office.AskAsync("stop", agent.State, "--by", "Ada")).Succeeded();
        Ran ended = await SampleProgram.FinishAsync(watching, watching.StandardOutput.ReadToEndAsync(), watching.StandardError.ReadToEndAsync());
        Assert.Equal(3, ended.ExitCode);

        string history = (await Office.AskAsync("history", agent.State, "--json")).Succeeded().Output;
        Assert.Contains("clipboard.exchanged", history, StringComparison.Ordinal);
        Assert.DoesNotContain("Geheimnis", history, StringComparison.Ordinal);
        Assert.DoesNotContain("zweiter", history, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Put_WithoutTheOperationOrWithNonsense_IsRefused()
    {
        await using AgentRun agent = await office.StartAgentAsync(display: null);
        (await office.ViewAsync(agent, "clipboard", "put", "x")).Complained(3, "More was asked for than the grant");
        (await office.ViewAsync(agent, "clipboard", "put", "")).Complained(1, "1 to 1048576 bytes");
        (await office.ViewAsync(agent, "clipboard", "put", "--from", office.NewPath("nothing"))).Complained(1, "nothing");
    }

    /// <summary>The computer may begin to listen a moment after it was asked to; the same text twice comes once.</summary>
    private static async Task CopyUntilAsync(Desk desk, string text, Task arrived)
    {
        do await CopyAsync(desk, text);
        while (await Task.WhenAny(arrived, Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, Helpdesk.Limit())) != arrived);
    }

    private static async Task CopyAsync(Desk desk, string text)
    {
        Process copying = desk.Server.Start("xsel", "--clipboard", "--input", "--nodetach");
        await copying.StandardInput.BaseStream.WriteAsync(Encoding.UTF8.GetBytes(text));
        copying.StandardInput.Close();
    }
}
