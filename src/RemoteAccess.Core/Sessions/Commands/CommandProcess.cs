using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;

namespace RemoteAccess.Sessions;

/// <summary>
/// A running program and all that it started, by the framework's own means. A process whose parent is gone is nobody's child any more; so each gets a mark in its environment that its children
/// inherit, by which Linux tells them. Not thread-safe, but for the streams.
/// </summary>
internal sealed class CommandProcess : IStartedProgram
{
    private const string MarkName = "REMOTEACCESS_COMMAND";

    /// <summary>Between two looks a process can have started another; more rounds than these no honest program needs.</summary>
    private const int MaxRounds = 20;

    private readonly Process process;
    private readonly byte[] mark;
    private readonly ILogger logger;

    private CommandProcess(Process process, string mark, ILogger logger)
    {
        (this.process, this.mark, this.logger) = (process, Encoding.ASCII.GetBytes($"{MarkName}={mark}"), logger);
        (Input, Output, ErrorOutput) = (process.StandardInput.BaseStream, process.StandardOutput.BaseStream, process.StandardError.BaseStream);
        Exited = ExitedAsync(process);
    }

    public Stream Input { get; }

    public Stream Output { get; }

    public Stream ErrorOutput { get; }

    public Task<int> Exited { get; }

    /// <summary>Starts it.</summary>
    /// <param name="program">Its full path.</param>
    /// <param name="line">What it is given.</param>
    /// <param name="account">Another account than the agent's; null for that.</param>
    /// <param name="starter">The operating system's own way, for the agent's account; null where there is none.</param>
    /// <param name="logger">Told of what cannot be ended.</param>
    /// <exception cref="Exception">One of those that <see cref="IsNotStarted"/> knows: the operating system did not start it.</exception>
    public static IStartedProgram Start(string program, CommandLine line, string? account, IProgramStarter? starter, ILogger logger)
    {
        string mark = RandomNumberGenerator.GetHexString(32, lowercase: true);
        var start = new ProcessStartInfo(program, line.Words)
        {
            UseShellExecute = false, CreateNoWindow = true, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
            WorkingDirectory = line.WorkingDirectory.Length > 0 ? line.WorkingDirectory : OwnDirectory(account),
        };
        CommandEnvironment.Reduce(start.Environment);
        if (account is not null)
        {
            start.UserName = account;
            start.Environment["USER"] = start.Environment["LOGNAME"] = account;
            start.Environment["HOME"] = "/";
        }
        start.Environment[MarkName] = mark;
        if (starter is not null && account is null) return starter.Start(start);
        return new CommandProcess(Process.Start(start) ?? throw new InvalidOperationException("The program was not started."), mark, logger);
    }

    public static bool IsNotStarted(Exception error) => error is Win32Exception or InvalidOperationException or IOException or UnauthorizedAccessException or PlatformNotSupportedException;

    /// <summary>
    /// Ends it and everything that it started, what has outlived its parents too. What may not be ended (a program that took another account's rights) is logged. Somebody who means to leave
    /// something behind can: by the system's timetable or service manager, or without mark and parent.
    /// </summary>
    public void EndAll()
    {
        if (!OperatingSystem.IsLinux())
        {
            Try(() => process.Kill(entireProcessTree: true));
            return;
        }
        Try(process.Kill);
        HashSet<int> left = [];
        for (int round = 0; round < MaxRounds; round++)
        {
            left = Family();
            if (left.Count == 0) return;
            foreach (int id in left)
            {
                Try(() =>
                {
                    using Process one = Process.GetProcessById(id);
                    one.Kill();
                });
            }
        }
        LogMessages.CommandOutlives(logger, string.Join(", ", left));
    }

    public void Dispose()
    {
        // The framework leaves streams open that somebody asked for.
        Input.Dispose();
        Output.Dispose();
        ErrorOutput.Dispose();
        process.Dispose();
    }

    private static async Task<int> ExitedAsync(Process process)
    {
        await process.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
        return process.ExitCode;
    }

    private static string OwnDirectory(string? account)
    {
        string home = account is null ? Environment.GetFolderPath(Environment.SpecialFolder.UserProfile) : "";
        return Directory.Exists(home) ? home : Path.GetPathRoot(Environment.SystemDirectory) is { Length: > 0 } root ? root : "/";
    }

    private void Try(Action end)
    {
        try
        {
            end();
        }
        catch (Exception error) when (error is Win32Exception or InvalidOperationException or ArgumentException or AggregateException or NotSupportedException)
        {
            // It is gone, or may not be ended; whoever counts what is left sees which.
            LogMessages.CommandNotEnded(logger, error.Message);
        }
    }

    /// <summary>
    /// Its processes that still are: those with the mark, and all their descendants, by proc(5). The framework's own way reads every thread of the system for each process of the tree, which
    /// can take longer than the second that there is.
    /// </summary>
    private HashSet<int> Family()
    {
        var parents = new Dictionary<int, int>();
        HashSet<int> family = [];
        int own = process.HasExited ? 0 : process.Id;
        foreach (string folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out int id)) continue;
            try
            {
                // The name before it may hold anything.
                string stat = File.ReadAllText(Path.Join(folder, "stat"));
                if (stat.Length == 0) continue;
                string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
                if (fields[0] is "Z" or "X") continue;
                parents[id] = int.Parse(fields[1], CultureInfo.InvariantCulture);
                if (id == own || File.ReadAllBytes(Path.Join(folder, "environ")).AsSpan().IndexOf(mark) >= 0) family.Add(id);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                // Gone meanwhile, or another account's.
                continue;
            }
        }
        for (int before = -1; before != family.Count;)
        {
            before = family.Count;
            foreach ((int id, int parent) in parents)
                if (family.Contains(parent)) family.Add(id);
        }
        return family;
    }
}
