using System.Diagnostics;

namespace HelpdeskAgent;

/// <summary>
/// The surface as a child process on the screen that is shared: started again when it ends, whoever ended it, after a wait that grows; ended with this
/// process. What it says goes to standard error. Nothing here lets a session go on without it: that is the agent's to see (docs/surface.md).
/// </summary>
internal sealed class SurfaceChild : IAsyncDisposable
{
    /// <summary>Said on its standard input, it ends.</summary>
    public const string EndLine = "end";

    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(200), LongestWait = TimeSpan.FromSeconds(10), IsSteadyAfter = TimeSpan.FromSeconds(30), EndsWithin = TimeSpan.FromSeconds(3);
    private readonly CancellationTokenSource stop = new();
    private readonly string state;
    private readonly string? display;
    private Task running = Task.CompletedTask;

    /// <param name="state">The agent's state directory.</param>
    /// <param name="display">The X display; null is <c>$DISPLAY</c>.</param>
    private SurfaceChild(string state, string? display)
    {
        this.state = state;
        this.display = display;
    }

    /// <summary>What was chosen; null when it is not this command's to show anything.</summary>
    public static SurfaceChild? For(SurfaceChoice choice, string state, string? display) => choice == SurfaceChoice.Own ? new SurfaceChild(state, display) : null;

    /// <summary>Starts it; once.</summary>
    public void Start() => running = Task.Run(RunAsync);

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await running;
        stop.Dispose();
    }

    private async Task RunAsync()
    {
        TimeSpan wait = FirstWait;
        while (!stop.IsCancellationRequested)
        {
            long began = Stopwatch.GetTimestamp();
            string how = await ShowAsync();
            if (stop.IsCancellationRequested) return;
            if (Stopwatch.GetElapsedTime(began) >= IsSteadyAfter) wait = FirstWait;
            await Console.Error.WriteLineAsync($"remoteaccess-agent: the surface ended ({how}). Nobody gets in until it shows again; it is started again in {wait.TotalSeconds:0.#} s.");
            await Task.Delay(wait, stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            wait = wait * 2 < LongestWait ? wait * 2 : LongestWait;
        }
    }

    /// <summary>One life of it, and how that ended.</summary>
    private async Task<string> ShowAsync()
    {
        Process? started;
        try
        {
            started = Process.Start(Command());
        }
        catch (System.ComponentModel.Win32Exception failure)
        {
            return failure.Message;
        }
        if (started is null) return "it did not start";
        using Process process = started;
        Task saying = Task.WhenAll(SayAsync(process.StandardOutput), SayAsync(process.StandardError));
        try
        {
            await process.WaitForExitAsync(stop.Token);
        }
        catch (OperationCanceledException)
        {
            await EndAsync(process);
        }
        await saying;
        return $"exit code {process.ExitCode}";
    }

    private static async Task EndAsync(Process process)
    {
        try
        {
            await process.StandardInput.WriteLineAsync(EndLine);
            await process.StandardInput.FlushAsync();
        }
        catch (IOException)
        {
            // It has just ended by itself.
            return;
        }
        using var limit = new CancellationTokenSource(EndsWithin);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            await process.WaitForExitAsync();
        }
    }

    /// <summary>This very program once more.</summary>
    private ProcessStartInfo Command()
    {
        string program = Environment.ProcessPath ?? throw new InvalidOperationException("The system does not say where this program is.");
        // As "dotnet remoteaccess-agent.dll" the program is an argument.
        string[] itself = Path.GetFileNameWithoutExtension(program) == "dotnet" ? [Environment.GetCommandLineArgs()[0]] : [];
        string[] where = display is null ? [] : ["--display", display];
        return new ProcessStartInfo(program, [.. itself, "surface", "--state", state, "--until-told", .. where]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
    }

    private static async Task SayAsync(StreamReader lines)
    {
        while (await lines.ReadLineAsync() is { } line) await Console.Error.WriteLineAsync($"surface: {line}");
    }
}
