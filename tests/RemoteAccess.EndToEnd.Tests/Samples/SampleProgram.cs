using System.Diagnostics;
using System.Runtime.InteropServices;
using RemoteAccess.Tests.Architecture;

namespace RemoteAccess.Tests;

/// <summary>The samples as a user starts them, in processes of their own: those that the test run has published, or else as they are built.</summary>
internal static partial class SampleProgram
{
    private static readonly string[] Display = ["DISPLAY", "WAYLAND_DISPLAY", "XAUTHORITY"];

    public static string Agent { get; } = Built("HelpdeskAgent", "remoteaccess-agent");

    public static string Viewer { get; } = Built("CommandLineViewer", "remoteaccess-viewer");

    public static string QuickStart { get; } = Built("QuickStart", "QuickStart");

    /// <summary>Starts a program with all three standard streams redirected, on a display or on none.</summary>
    public static Process Start(string program, IEnumerable<string> arguments, string? display = null, string? directory = null, string? stateHome = null, string? systemBus = null)
    {
        ProcessStartInfo start = new(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string variable in Display) start.Environment.Remove(variable);
        if (display is not null) start.Environment["DISPLAY"] = display;
        start.Environment["LC_ALL"] = "C.UTF-8";
        if (stateHome is not null) start.Environment["XDG_STATE_HOME"] = stateHome;
        if (systemBus is not null) start.Environment["DBUS_SYSTEM_BUS_ADDRESS"] = systemBus;
        if (directory is not null) start.WorkingDirectory = directory;
        return Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
    }

    /// <summary>Runs a program to its end.</summary>
    public static async Task<Ran> RunAsync(string program, IEnumerable<string> arguments, string input = "", string? display = null, string? directory = null, string? stateHome = null)
    {
        using Process process = Start(program, arguments, display, directory, stateHome);
        Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        return await FinishAsync(process, output, error);
    }

    public static async Task<Ran> FinishAsync(Process process, Task<string> output, Task<string> error)
    {
        try
        {
            await process.WaitForExitAsync(Helpdesk.Limit());
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            Assert.Fail($"{process.StartInfo.FileName} did not end. It wrote: {await output}\n{await error}");
        }

        return new Ran(process.ExitCode, await output, await error);
    }

    public static void Terminate(Process process) => Assert.Equal(0, Kill(process.Id, 15));

    /// <summary>Stops it as it is; only a signal to go on, or a kill, ends that.</summary>
    public static void Freeze(Process process) => Assert.Equal(0, Kill(process.Id, 19));

    /// <summary>The native program that the test run has made of a sample; null: none.</summary>
    public static string? Published(string sample, string program) =>
        Environment.GetEnvironmentVariable("REMOTEACCESS_SAMPLES") is { Length: > 0 } folder && Path.Combine(folder, sample, program) is var path && File.Exists(path) ? path : null;

    private static string Built(string sample, string program)
    {
        if (Published(sample, program) is { } published) return published;
        string[] place = AppContext.BaseDirectory.TrimEnd('/').Split('/');
        string path = Path.Combine(RepositoryTree.Root, "samples", sample, "bin", place[^2], place[^1], program);
        return File.Exists(path) ? path : throw new FileNotFoundException($"{path} is not built; build the solution.");
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Kill(int process, int signal);
}

/// <summary>How a program ended and what it said.</summary>
internal sealed record Ran(int ExitCode, string Output, string Error)
{
    public string[] Lines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public Ran Succeeded()
    {
        Assert.True(ExitCode == 0, ToString());
        return this;
    }

    /// <summary>One line on standard error that says what is wrong, and no trace of the program's inside.</summary>
    public void Complained(int exitCode, params string[] words)
    {
        Assert.True(ExitCode == exitCode, ToString());
        string line = Assert.Single(Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.All(words, word => Assert.Contains(word, line, StringComparison.Ordinal));
        Assert.DoesNotContain("Exception", Output + Error, StringComparison.Ordinal);
        Assert.DoesNotContain("(Parameter '", Output + Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", Output + Error, StringComparison.Ordinal);
    }
}
