using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Runtime.Versioning;
using System.Text;
using RemoteAccess.Tests.Architecture;

namespace RemoteAccess.Tests;

/// <summary>
/// A computer with Windows, which is Wine on an X server of its own: programs of one folder are started on it by a script that looks for jobs there, one beside the other, and run on
/// as a customer's do when the script that started them is long done. xdotool is the person in front of it.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class WindowsBox : IAsyncDisposable
{
    public const string Agent = "remoteaccess-agent.exe";

    private const string Mark = "REMOTEACCESS_TEST_BOX";

    /// <summary>A hang. A command is a process in Wine that compiles what it runs: some 15 of them take half a minute on a quiet machine.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <summary>How long the person waits before keys that had no effect are pressed again.</summary>
    private static readonly TimeSpan PersonsPatience = TimeSpan.FromSeconds(5);

    private const string Script = """
        @echo off
        set n=1
        :again
        if exist job-%n%.bat (
          start /b cmd /c job-%n%.bat
          set /a n=n+1
        )
        ping -n 2 127.0.0.1 > nul
        goto again
        """;

    private readonly string mark = Guid.NewGuid().ToString();
    private readonly Process wine;
    private readonly Task<string> output;
    private readonly Task<string> error;
    private int jobs;

    private WindowsBox(string folder, XServer screen)
    {
        Folder = folder;
        Screen = screen;
        File.WriteAllText(Path.Combine(folder, "box.bat"), Script.ReplaceLineEndings("\r\n"));
        wine = SampleProgram.Start("env", [$"{Mark}={mark}", "bash", Path.Combine(RepositoryTree.Root, "eng", "wine.sh"), "run", folder, "box.bat"], screen.Display);
        output = wine.StandardOutput.ReadToEndAsync();
        error = wine.StandardError.ReadToEndAsync();
    }

    public string Folder { get; }

    public XServer Screen { get; }

    public static async Task<WindowsBox> StartAsync(string folder) => new(folder, await XServer.StartXvfbAsync(1280, 800));

    public string PathOf(string name) => Path.Combine(Folder, name);

    /// <summary>Starts the agent to serve the state in the folder, and waits until it listens.</summary>
    public Task<(int Job, IPEndPoint EndPoint)> ServeAsync(params string[] more) => ListeningAsync(["run", "--state", "state", "--listen", "127.0.0.1:0", .. more]);

    /// <summary>Calls for help, and waits until somebody can come.</summary>
    public Task<(int Job, IPEndPoint EndPoint)> CallAsync(params string[] more) => ListeningAsync(["help", "--state", "state", "--listen", "127.0.0.1:0", .. more]);

    /// <summary>Runs commands of the agent one after another, whatever they end with.</summary>
    public async Task<Ran[]> AskAsync(params string[][] commands)
    {
        int job = Start(commands);
        await UntilAsync(() => HasEnded(job), $"{commands[0][0]} and what follows have ended");
        return [.. commands.Select((_, i) => new Ran(int.Parse(Read(job, i, "end"), CultureInfo.InvariantCulture), Read(job, i, "out"), Read(job, i, "err")))];
    }

    /// <summary>Runs a command of the agent that reads what a person typed.</summary>
    public async Task<Ran> TellAsync(string typed, params string[] command)
    {
        int job = Start([command], typed);
        await UntilAsync(() => HasEnded(job), $"{command[0]} has ended");
        return new Ran(int.Parse(Read(job, 0, "end"), CultureInfo.InvariantCulture), Read(job, 0, "out"), Read(job, 0, "err"));
    }

    /// <summary>Starts a command of the agent.</summary>
    public int Start(params string[] command) => Start([command]);

    /// <summary>What a command that may still run has said.</summary>
    public string Output(int job) => Read(job, 0, "out");

    public bool HasEnded(int job) => File.Exists(PathOf($"job-{job}.code"));

    /// <summary>The end of a command.</summary>
    public Task EndAsync(int job) => UntilAsync(() => HasEnded(job), $"the end of job {job}");

    /// <summary>Ends the agent that serves as a power cut does: SIGKILL to its process, and to nothing else of this computer.</summary>
    public async Task KillAgentAsync()
    {
        int id = int.Parse(Assert.Single(Directory.GetDirectories("/proc").Select(Path.GetFileName), IsServingAgent)!, CultureInfo.InvariantCulture);
        using Process agent = Process.GetProcessById(id);
        agent.Kill();
        await UntilAsync(() => !Directory.Exists($"/proc/{id}"), "the agent is gone");
    }

    /// <summary>A technician's command, once more as long as the computer refuses it because nothing shows its person what must be shown: the agent's own surface comes up beside it, and on a busy machine it draws later than the agent waits.</summary>
    public static async Task<Ran> OnceShownAsync(Func<Task<Ran>> command)
    {
        CancellationToken limit = Helpdesk.Limit();
        while (true)
        {
            Ran ran = await command();
            if (ran.ExitCode != 3 || !ran.Error.Contains("Nothing at the computer shows its user", StringComparison.Ordinal)) return ran;
            await Task.Delay(500, limit);
        }
    }

    /// <summary>Waits for a question: for something large that is new on the screen.</summary>
    /// <param name="screen">Where.</param>
    /// <param name="before">What it was without the question.</param>
    /// <param name="meanwhile">What cannot end before the question is answered.</param>
    public static async Task<WindowsQuestion> AskedAsync(XServer screen, XwdPicture before, Task meanwhile)
    {
        using CancellationTokenSource limit = new(Patience);
        while (true)
        {
            if (meanwhile.IsCompleted)
            {
                await meanwhile;
                Assert.Fail("Nobody was asked.");
            }
            Assert.False(limit.IsCancellationRequested, $"Not within {Patience.TotalMinutes} minutes: a question");
            if (WindowsQuestion.Find(before, await screen.DumpAsync()) is { } question) return question;
        }
    }

    /// <summary>
    /// The person reads the question and agrees by keyboard. Keys that come before the prompt has settled, which takes as long as the machine is busy, count for nothing: then the question still stands, and the
    /// person presses them once more.
    /// </summary>
    /// <param name="screen">Where.</param>
    /// <param name="question">By <see cref="AskedAsync"/>.</param>
    /// <param name="isAnswered">Whether the answer has had its effect.</param>
    public static async Task AllowAsync(XServer screen, WindowsQuestion question, Func<bool> isAnswered)
    {
        await screen.RunAsync("xdotool", "mousemove", $"{question.X}", $"{question.Y}");
        using CancellationTokenSource limit = new(Patience);
        do
        {
            Assert.False(limit.IsCancellationRequested, $"Not within {Patience.TotalMinutes} minutes: the person's answer");
            await PersonPausesAsync();
            // Right goes to Allow from wherever the focus is.
            await TypeAsync(screen, "key Right key Return");
        }
        while (!await IsAsync(isAnswered, PersonsPatience) && WindowsQuestion.Find(question.Before, await screen.DumpAsync()) is not null);
    }

    /// <summary>The person types words and Enter into the window under the pointer, a field that shows something for each letter, as soon as it takes keys: a letter is shown, and no more once it is taken back.</summary>
    public static async Task EnterWhenTakenAsync(XServer screen, string words)
    {
        using CancellationTokenSource limit = new(Patience);
        XwdPicture empty;
        do
        {
            Assert.False(limit.IsCancellationRequested, $"Not within {Patience.TotalMinutes} minutes: a letter shows");
            await TypeAsync(screen, "key BackSpace key BackSpace key BackSpace");
            await PersonPausesAsync();
            empty = await screen.DumpAsync();
            await TypeAsync(screen, "key x");
        }
        while (!await ShowsAsync(screen, empty, isSame: false) || !await TakesBackAsync());
        await TypeAsync(screen, $"&& xdotool type --delay 60 {words} && xdotool key Return");

        async Task<bool> TakesBackAsync()
        {
            await TypeAsync(screen, "key BackSpace");
            return await ShowsAsync(screen, empty, isSame: true);
        }
    }

    /// <summary>A folder with the published agent: the test run has made it already, or this does. Skips where there is no Wine.</summary>
    public static async Task<string> PublishedAsync(string folder)
    {
        Programs.Require("Xvfb", "xdotool", "xwd", "bash");
        Ran prepared = await SampleProgram.RunAsync("bash", [Path.Combine(RepositoryTree.Root, "eng", "wine.sh"), "prepare"]);
        if (prepared.ExitCode == 3) Assert.Skip(prepared.Error.Trim());
        prepared.Succeeded();
        if (Environment.GetEnvironmentVariable("REMOTEACCESS_WINDOWS_AGENT") is { Length: > 0 } made)
        {
            Directory.CreateDirectory(folder);
            foreach (string file in Directory.GetFiles(made)) File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
            return folder;
        }
        (await SampleProgram.RunAsync("dotnet", ["publish", Path.Combine(RepositoryTree.Root, "samples", "HelpdeskAgent"), "-c", "Release", "-r", "win-x64", "-o", folder, "-nodeReuse:false", "-v", "q", "-p:IcuForWine=true"])).Succeeded();
        return folder;
    }

    public async ValueTask DisposeAsync()
    {
        // It ends Wine, and Wine what runs in it.
        if (!wine.HasExited) SampleProgram.Terminate(wine);
        await wine.WaitForExitAsync();
        await output;
        await error;
        wine.Dispose();
        await Screen.DisposeAsync();
    }

    private async Task<(int Job, IPEndPoint EndPoint)> ListeningAsync(string[] command)
    {
        int job = Start([command]);
        await UntilAsync(() => Output(job).Contains("LISTENING ", StringComparison.Ordinal) || HasEnded(job), "the agent listens");
        string line = Output(job).Split('\n').FirstOrDefault(said => said.StartsWith("LISTENING ", StringComparison.Ordinal)) ?? throw new InvalidOperationException($"The agent ended: {Read(job, 0, "err")}");
        return (job, IPEndPoint.Parse(line["LISTENING ".Length..].Trim()));
    }

    private int Start(string[][] commands, string? typed = null)
    {
        int job = ++jobs;
        if (typed is not null) File.WriteAllText(PathOf($"job-{job}.in"), typed);
        string input = typed is null ? "nul" : $"job-{job}.in";
        StringBuilder text = new("@echo off\r\n");
        for (int i = 0; i < commands.Length; i++)
            text.Append(CultureInfo.InvariantCulture, $"{Agent} {string.Join(' ', commands[i].Select(Quoted))} > job-{job}-{i}.out 2> job-{job}-{i}.err < {input}\r\necho %ERRORLEVEL% > job-{job}-{i}.end\r\n");
        text.Append(CultureInfo.InvariantCulture, $"echo done > job-{job}.code\r\n");
        string path = PathOf($"job-{job}.bat");
        File.WriteAllText(path + ".part", text.ToString());
        File.Move(path + ".part", path);
        return job;
    }

    private static string Quoted(string argument)
    {
        Assert.DoesNotContain('"', argument);
        return $"\"{argument.Replace("%", "%%", StringComparison.Ordinal)}\"";
    }

    private string Read(int job, int command, string kind)
    {
        string path = PathOf($"job-{job}-{command}.{kind}");
        if (!File.Exists(path)) return "";
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using StreamReader reader = new(file);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }

    private bool IsServingAgent(string? process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/cmdline").Replace('\0', ' ') is var line && line.StartsWith(Agent, StringComparison.Ordinal) && line.Contains("run", StringComparison.Ordinal)
                && File.ReadAllText($"/proc/{process}/environ").Contains(mark, StringComparison.Ordinal);
        }
        catch (IOException)
        {
            // No process, or one that has just ended.
            return false;
        }
    }

    /// <summary>Keys go to the window under the pointer: there is no window manager.</summary>
    private static async Task TypeAsync(XServer screen, string typing) =>
        await screen.RunAsync("sh", "-c", $"eval \"$(xdotool getmouselocation --shell)\" && xdotool windowfocus --sync \"$WINDOW\" {typing}");

    /// <summary>Longer than a window of ours waits for the end of keys that were meant for something else.</summary>
    private static Task PersonPausesAsync() => Task.Delay(TimeSpan.FromSeconds(1.5), TestContext.Current.CancellationToken);

    private static async Task<bool> ShowsAsync(XServer screen, XwdPicture picture, bool isSame)
    {
        using CancellationTokenSource limit = new(PersonsPatience);
        while ((await screen.DumpAsync()).Pixels.AsSpan().SequenceEqual(picture.Pixels) != isSame)
        {
            if (limit.IsCancellationRequested) return false;
        }
        return true;
    }

    private static async Task<bool> IsAsync(Func<bool> condition, TimeSpan within)
    {
        using CancellationTokenSource limit = new(within);
        while (!condition())
        {
            if (limit.IsCancellationRequested) return false;
            await Task.Delay(50, CancellationToken.None);
        }
        return true;
    }

    private async Task UntilAsync(Func<bool> condition, string what)
    {
        using CancellationTokenSource limit = new(Patience);
        while (!condition())
        {
            Assert.False(wine.HasExited, wine.HasExited ? $"Wine has ended: {await output} {await error}" : "");
            Assert.False(limit.IsCancellationRequested, $"Not within {Patience.TotalMinutes} minutes: {what}");
            await Task.Delay(50, CancellationToken.None);
        }
    }
}
