using System.Diagnostics;
using RemoteAccess.Interop;

namespace RemoteAccess.Sessions;

/// <summary>Starts a technician's programs, each in a job of its own that ends with this process, however it ends. Thread-safe.</summary>
internal sealed class JobPrograms : IProgramStarter
{
    public IStartedProgram Start(ProcessStartInfo start)
    {
        ArgumentNullException.ThrowIfNull(start);
        return new JobProgram(start.FileName, CommandLine.Of(start.FileName, start.ArgumentList), Block(start.Environment), start.WorkingDirectory);
    }

    /// <summary>An environment as Windows takes it: sorted by name, each value ended by 0, and all of it once more.</summary>
    private static string Block(IDictionary<string, string?> environment) =>
        string.Concat(environment.Where(static one => one.Value is not null).OrderBy(static one => one.Key, StringComparer.OrdinalIgnoreCase).Select(static one => $"{one.Key}={one.Value}\0")) + "\0\0";
}
