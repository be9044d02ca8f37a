using System.Diagnostics;

namespace RemoteAccess.Sessions;

/// <summary>
/// The seam to starting a technician's program so that the operating system itself holds together what it starts, and ends all of it with the agent. Thread-safe.
/// </summary>
public interface IProgramStarter
{
    /// <summary>Starts a program with a pipe for each of its three streams, and gives it no other handle of this process.</summary>
    /// <param name="start">The program's full path, its list of arguments, its directory and its whole environment. Nothing else of it counts.</param>
    /// <exception cref="System.ComponentModel.Win32Exception">The operating system did not start it.</exception>
    IStartedProgram Start(ProcessStartInfo start);
}

/// <summary>A program and all that it starts. Disposing it ends what is left of them. Not thread-safe, but for the streams.</summary>
public interface IStartedProgram : IDisposable
{
    /// <summary>Its standard input, to be written to and closed.</summary>
    Stream Input { get; }

    /// <summary>Its standard output.</summary>
    Stream Output { get; }

    /// <summary>Its standard error.</summary>
    Stream ErrorOutput { get; }

    /// <summary>Completes with its exit code when it has ended, whatever it started still runs.</summary>
    Task<int> Exited { get; }

    /// <summary>Ends it and everything that it started. Nothing when all of it has ended.</summary>
    void EndAll();
}
