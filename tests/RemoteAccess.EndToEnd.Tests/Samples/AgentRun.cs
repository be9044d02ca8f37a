using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;

namespace RemoteAccess.Tests;

/// <summary>A running <c>remoteaccess-agent run</c>. Disposing it kills it, if it still runs.</summary>
internal sealed class AgentRun : IAsyncDisposable
{
    private readonly ConcurrentQueue<string> lines = new();
    private readonly Task<string> error;
    private readonly Task reading;

    private AgentRun(string state, Process process)
    {
        State = state;
        Process = process;
        error = process.StandardError.ReadToEndAsync();
        reading = ReadAsync();
    }

    public string State { get; }

    public Process Process { get; }

    public IPEndPoint EndPoint { get; private set; } = new(IPAddress.None, 0);

    public IEnumerable<string> Lines => lines;

    /// <summary>Open handles of the process, but for its code: .NET reads an assembly when something of it is needed for the first time, or compiled once more, and keeps it open.</summary>
    public int Handles => Directory.GetFileSystemEntries($"/proc/{Process.Id}/fd").Count(static handle => new FileInfo(handle).LinkTarget is not { } target || !target.EndsWith(".dll", StringComparison.Ordinal));

    /// <summary>Shared-memory segments that the process made and that still are; shmctl(2), /proc/sysvipc/shm.</summary>
    public int SharedSegments => File.ReadLines("/proc/sysvipc/shm").Skip(1)
        .Count(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[4] == $"{Process.Id}");

    public static async Task<AgentRun> StartAsync(string state, string[] arguments, string? display, string? program = null, string? systemBus = null)
    {
        AgentRun run = Begin(state, arguments, display, program, systemBus);
        await run.ListensAsync();
        return run;
    }

    /// <summary>Without waiting until it listens.</summary>
    public static AgentRun Begin(string state, string[] arguments, string? display, string? program = null, string? systemBus = null) =>
        new(state, SampleProgram.Start(program ?? SampleProgram.Agent, arguments, display, stateHome: state + "-home", systemBus: systemBus));

    /// <summary>Waits until it listens; from then on its address is known.</summary>
    public async Task ListensAsync()
    {
        string listening = await SaidAsync("LISTENING ");
        EndPoint = IPEndPoint.Parse(listening["LISTENING ".Length..]);
    }

    /// <summary>Waits for a line that begins so.</summary>
    public async Task<string> SaidAsync(string beginning)
    {
        string? found = null;
        await Eventually.Is(() => (found = lines.FirstOrDefault(line => line.StartsWith(beginning, StringComparison.Ordinal))) is not null || Process.HasExited, $"the agent says {beginning}");
        if (found is null) await reading;
        return found ?? lines.FirstOrDefault(line => line.StartsWith(beginning, StringComparison.Ordinal))
            ?? throw new InvalidOperationException($"The agent ended with {Process.ExitCode}: {await error}");
    }

    /// <summary>Ends it as a service manager does, and gives how it went.</summary>
    public async Task<Ran> TerminateAsync()
    {
        SampleProgram.Terminate(Process);
        return await EndAsync();
    }

    public async Task<Ran> KillAsync()
    {
        Process.Kill();
        return await EndAsync();
    }

    public async ValueTask DisposeAsync()
    {
        // With all that it started: what is left keeps its output open, and would be waited for.
        if (!Process.HasExited) Process.Kill(entireProcessTree: true);
        await EndAsync();
        Process.Dispose();
    }

    private async Task<Ran> EndAsync()
    {
        await Process.WaitForExitAsync(Helpdesk.Limit());
        await reading;
        return new Ran(Process.ExitCode, string.Join('\n', lines), await error);
    }

    private async Task ReadAsync()
    {
        while (await Process.StandardOutput.ReadLineAsync() is { } line) lines.Enqueue(line);
    }
}
