using System.Net;
using System.Runtime.Versioning;
using System.Text;
using RemoteAccess.Tests.Architecture;

namespace RemoteAccess.Tests;

/// <summary>
/// The agent for Windows, published as it goes to a customer's computer and run by Wine, with the technician on Linux: a whole session over TCP. xdotool is the person at the
/// computer, whose input Wine takes for a device's.
/// </summary>
[SupportedOSPlatform("linux")]
[Collection(nameof(Office))]
[Trait("Group", "Office")]
[Trait("Category", "Slow")]
public sealed class WindowsAgentTests(Office office)
{
    private static readonly UTF8Encoding WithMark = new(encoderShouldEmitUTF8Identifier: true);

    [Fact]
    public async Task Session_OfAWindowsAgent_IsAskedForShownAndRecorded()
    {
        string folder = await WindowsBox.PublishedAsync(office.NewPath("windows"));
        string state = Path.Combine(folder, "state");
        await File.WriteAllTextAsync(Path.Combine(folder, "notes.txt"), "", WithMark, Cancel);
        // Made on Linux: the state is the same everywhere, and each start of Wine takes its time.
        await GrantAsync(folder, "asking", "--in-use", "ask");
        await GrantAsync(folder, "open", "--in-use", "allow", "--operations", "view,control");

        await using XServer screen = await XServer.StartXvfbAsync(1280, 800);
        await using AgentRun agent = await AgentRun.StartAsync(
            state, ["WINE_BESIDE=notepad.exe notes.txt", "bash", .. Wine(folder, ["run", "--state", "state", "--listen", "127.0.0.1:0", "--surface", "none"])], screen.Display, "env");
        try
        {
            await SessionAsync(agent, folder, screen);
        }
        finally
        {
            // It ends Wine, and Wine the agent, as a power cut does.
            await agent.TerminateAsync();
        }

        // What it leaves is whole, and readable elsewhere. Wine knows no access lists in a folder of Linux.
        (await SampleProgram.RunAsync("chmod", ["-R", "go-rwx", state])).Succeeded();
        string history = (await Office.AskAsync("history", state)).Succeeded().Output;
        Assert.Contains(" was asked: allowed.", history, StringComparison.Ordinal);
        Assert.Contains("Alex Tester connected", history, StringComparison.Ordinal);
        (await Office.AskAsync("verify-ledger", state)).Succeeded();
    }

    private async Task SessionAsync(AgentRun agent, string folder, XServer screen)
    {
        const string Text = "Grüße, 漢字 and 😀 from the technician";
        string notes = Path.Combine(folder, "notes.txt");
        await NotepadAsync(screen);

        // What the technician sees is what is on the screen, pixel for pixel.
        string file = office.NewPath("windows.png");
        (await ViewAsync(agent, folder, "open", "screenshot", file)).Succeeded();
        (PixelSize size, byte[] rgb) = PngReader.Read(await File.ReadAllBytesAsync(file, Cancel));
        XwdPicture seen = await screen.DumpAsync();
        Assert.Equal(seen.Size, size);
        Assert.True(seen.Pixels.Distinct().Count() > 1, "Nothing was on the screen.");
        // Notepad's caret blinks: it looks so again.
        for (CancellationToken limit = Helpdesk.Limit(); seen.Pixels.Index().Any(pixel => pixel.Item != (uint)((rgb[pixel.Index * 3] << 16) | (rgb[(pixel.Index * 3) + 1] << 8) | rgb[(pixel.Index * 3) + 2])); seen = await screen.DumpAsync())
            Assert.False(limit.IsCancellationRequested, "What the technician saw was never on the screen.");

        // What the technician types arrives.
        (await ViewAsync(agent, folder, "open", "click", "300", "250")).Succeeded();
        (await ViewAsync(agent, folder, "open", "type", Text)).Succeeded();
        (await ViewAsync(agent, folder, "open", "key", "ctrl+s")).Succeeded();
        await Eventually.Is(() => File.ReadAllText(notes) == Text, "the text is in Notepad's file");

        // The person is asked, and nobody but the person answers: not a technician who is in control, either.
        await screen.RunAsync("xdotool", "mousemove", "900", "700", "mousemove", "905", "705");
        XwdPicture quiet = await screen.DumpAsync();
        Task<Ran> connecting = ViewAsync(agent, folder, "asking", "info", "--technician", "Alex Tester");
        WindowsQuestion question = await WindowsBox.AskedAsync(screen, quiet, connecting);
        Ran refused = await ViewAsync(agent, folder, "open", "key", "Tab");
        Assert.NotEqual(0, refused.ExitCode);
        Assert.Contains("question is open", refused.Error, StringComparison.Ordinal);
        Assert.False(connecting.IsCompleted);
        await WindowsBox.AllowAsync(screen, question, () => connecting.IsCompleted);
        Assert.Contains("permitted        ViewScreen", (await connecting).Succeeded().Output, StringComparison.Ordinal);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private async Task GrantAsync(string folder, string name, params string[] more)
    {
        Ran made = (await SampleProgram.RunAsync(SampleProgram.Agent, office.GrantArguments(Path.Combine(folder, "state"), Path.Combine(folder, name + ".grant"), more))).Succeeded();
        await File.WriteAllTextAsync(Path.Combine(folder, name + ".code"), made.Lines[^1], Cancel);
    }

    private static string[] Wine(string folder, string[] arguments) => [Path.Combine(RepositoryTree.Root, "eng", "wine.sh"), "run", folder, WindowsBox.Agent, .. arguments];

    private Task<Ran> ViewAsync(AgentRun agent, string folder, string grant, params string[] arguments) => SampleProgram.RunAsync(
        SampleProgram.Viewer,
        [.. arguments, "--grant", Path.Combine(folder, grant + ".grant"), "--sign-with", office.Tenant, "--code-from", Path.Combine(folder, grant + ".code"), "--connect", new IPEndPoint(IPAddress.Loopback, agent.EndPoint.Port).ToString()]);

    /// <summary>Waits for the window that the text goes into.</summary>
    private static async Task NotepadAsync(XServer screen)
    {
        string window = "";
        CancellationToken limit = Helpdesk.Limit();
        while (window.Length == 0)
        {
            limit.ThrowIfCancellationRequested();
            window = (await screen.RunTextAsync("sh", "-c", "xdotool search --onlyvisible --class notepad | tail -n 1")).Trim();
        }

    }
}
