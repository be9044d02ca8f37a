using System.Diagnostics;
using System.Net;
using System.Runtime.Versioning;
using System.Text;

namespace RemoteAccess.Tests;

/// <summary>What a technician and the person exchange with the published agent for Windows, by command on both sides: chat, clipboard, shared folders, and a restart, which Wine takes and does not do.</summary>
[SupportedOSPlatform("linux")]
[Collection(nameof(Office))]
[Trait("Group", "Office")]
[Trait("Category", "Slow")]
public sealed class WindowsExchangeTests(Office office)
{
    private static readonly string[] State = ["--state", "state"];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ChatClipboardShareAndRestart_OfAWindowsAgent_DoWhatTheyDoOnLinux()
    {
        Programs.Require("xclip", "xsel");
        string folder = await WindowsBox.PublishedAsync(office.NewPath("windows")), file = Path.Combine(folder, "exchange.grant"), code = Path.Combine(folder, "code"), token = office.NewPath("token");
        Ran made = (await SampleProgram.RunAsync(SampleProgram.Agent, office.GrantArguments(Path.Combine(folder, "state"), file, "--operations", "view,chat,clipboard,files,restart"))).Succeeded();
        await File.WriteAllTextAsync(code, made.Lines[^1] + "\n", Cancel);
        Directory.CreateDirectory(Path.Combine(folder, "inbox"));
        await using WindowsBox box = await WindowsBox.StartAsync(folder);
        (int serving, IPEndPoint endPoint) = await box.ServeAsync();
        string[] Connecting(params string[] words) => [.. words, "--grant", file, "--sign-with", office.Tenant, "--code-from", code, "--connect", endPoint.ToString()];
        Task<Ran> ViewAsync(params string[] words) => WindowsBox.OnceShownAsync(() => SampleProgram.RunAsync(SampleProgram.Viewer, Connecting(words)));
        (await ViewAsync("info")).Succeeded();

        Ran[] shares = await box.AskAsync(["share", "list", .. State], ["share", "add", "inbox", "--name", "Inbox", "--read-only", .. State, "--by", "Ada"], ["share", "list", .. State], ["chat", .. State]);
        Assert.Contains("No folder is shared.", shares[0].Succeeded().Output, StringComparison.Ordinal);
        Assert.Contains("is shared as 'Inbox', for reading only.", shares[1].Succeeded().Output, StringComparison.Ordinal);
        Assert.Matches(@"^Inbox  [A-Z]:\\.*\\inbox  \(read only\)\s*$", shares[2].Succeeded().Output);
        shares[3].Complained(1, "Nobody is connected.");
        await File.WriteAllTextAsync(Path.Combine(folder, "inbox", "notes.txt"), "from the customer", Cancel);
        string fetched = office.NewPath("fetched.txt");
        (await ViewAsync("files", "get", "Inbox/notes.txt", "--out", fetched)).Succeeded();
        Assert.Equal("from the customer", await File.ReadAllTextAsync(fetched, Cancel));
        Assert.Contains("Inbox: not shared any more.", (await box.AskAsync(["share", "remove", "Inbox", .. State, "--by", "Ada"]))[0].Succeeded().Output, StringComparison.Ordinal);
        (await ViewAsync("files", "get", "Inbox/notes.txt", "--out", office.NewPath("again.txt"))).Complained(3);

        await ChatAsync(box, SampleProgram.Start(SampleProgram.Viewer, Connecting("chat", "--wait", "2")));
        await ClipboardAsync(box, ViewAsync, () => SampleProgram.Start(SampleProgram.Viewer, Connecting("clipboard", "get")));

        Ran restart = (await ViewAsync("restart", "--token-out", token)).Succeeded();
        Assert.Matches("^restarting .+ in [0-9]+ s\n$", restart.Output);
        // As the computer would.
        await box.KillAgentAsync();
        await Eventually.Is(() => box.HasEnded(serving), "the killed agent's script goes on");
        (_, endPoint) = await box.ServeAsync("--surface", "none");
        (await ViewAsync("info", "--resume", token)).Succeeded();

        string history = (await box.AskAsync(["history", .. State, "--json"]))[0].Succeeded().Output;
        foreach (string wanted in (string[])["chat.", "clipboard.exchanged", "computer.restart", "\"resumed\":true"]) Assert.Contains(wanted, history, StringComparison.Ordinal);
        Assert.DoesNotContain("Geheimnis", history, StringComparison.Ordinal);
    }

    /// <summary>The person reads in a terminal what the technician wrote, and answers there.</summary>
    private static async Task ChatAsync(WindowsBox box, Process started)
    {
        using Process technician = started;
        await technician.StandardInput.WriteAsync("Hello?\n");
        await technician.StandardInput.FlushAsync(Cancel);
        CancellationToken limit = Helpdesk.Limit();
        while (!(await box.AskAsync(["chat", .. State]))[0].Output.EndsWith(": Hello?\n", StringComparison.Ordinal)) limit.ThrowIfCancellationRequested();

        Ran answered = await box.TellAsync("Yes, please.\r\n", "chat", "--state", "state");
        Assert.EndsWith(": Hello?\n", answered.Succeeded().Output, StringComparison.Ordinal);
        Assert.Equal("customer: Yes, please.", await technician.StandardOutput.ReadLineAsync(Helpdesk.Limit()));
        technician.StandardInput.Close();
        await technician.WaitForExitAsync(Helpdesk.Limit());
    }

    /// <summary>Programs of the X server share their clipboard with those of Wine.</summary>
    private static async Task ClipboardAsync(WindowsBox box, Func<string[], Task<Ran>> view, Func<Process> get)
    {
        (await view(["clipboard", "put", "Geheimnis: Grüße 🙂"])).Succeeded();
        Assert.Equal("Geheimnis: Grüße 🙂", (await box.Screen.RunTextAsync("xclip", "-selection", "clipboard", "-out", "-target", "UTF8_STRING")).TrimEnd('\0'));

        using Process getting = get();
        Assert.Equal("LISTENING", await getting.StandardError.ReadLineAsync(Helpdesk.Limit()));
        Task<string> output = getting.StandardOutput.ReadToEndAsync(Cancel);
        // The computer may begin to listen a moment after it was asked to; the same text twice comes once.
        do
        {
            Process copying = box.Screen.Start("xsel", "--clipboard", "--input", "--nodetach");
            await copying.StandardInput.BaseStream.WriteAsync(Encoding.UTF8.GetBytes("Zweite Zeile: ü"), Cancel);
            copying.StandardInput.Close();
        }
        while (await Task.WhenAny(output, Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, Helpdesk.Limit())) != output);
        Assert.Equal("Zweite Zeile: ü", (await SampleProgram.FinishAsync(getting, output, getting.StandardError.ReadToEndAsync(Cancel))).Succeeded().Output);
    }
}
