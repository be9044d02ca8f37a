using System.CommandLine;
using RemoteAccess;
using RemoteAccess.Trust;

namespace HelpdeskAgent;

internal static class StateOption
{
    /// <summary>
    /// Where the state is when nothing is said: for root, an administrator or a service the computer's own, which on Windows is the service's; else the account's.
    /// </summary>
    public static DirectoryInfo Default => new(
        OperatingSystem.IsWindows() ? Environment.IsPrivilegedProcess ? ServiceCommand.State : Path.Combine(Folder(Environment.SpecialFolder.LocalApplicationData), "RemoteAccess", "State")
        : Environment.IsPrivilegedProcess ? "/var/lib/remoteaccess"
        : Path.Combine(Environment.GetEnvironmentVariable("XDG_STATE_HOME") is { } home && Path.IsPathRooted(home) ? home : Path.Combine(Folder(Environment.SpecialFolder.UserProfile), ".local", "state"), "remoteaccess", "state"));

    public static Option<DirectoryInfo> Create() => new("--state")
    {
        Description = "The agent's state: keys, grants and the record of what was done. Default: " + (OperatingSystem.IsWindows()
            ? "the service's for administrators (%ProgramData%), else RemoteAccess\\State in %LocalAppData%."
            : "/var/lib/remoteaccess for root, else remoteaccess/state in $XDG_STATE_HOME (~/.local/state)."),
        HelpName = "DIR", DefaultValueFactory = _ => Default,
    };

    /// <exception cref="ArgumentException">The account has none.</exception>
    private static string Folder(Environment.SpecialFolder folder) =>
        Environment.GetFolderPath(folder, Environment.SpecialFolderOption.DoNotVerify) is { Length: > 0 } path ? path : throw new ArgumentException("This account has no directory of its own for the state. Name one with --state.");

    public static Option<bool> Json() => new("--json") { Description = "Print JSON instead of text." };

    /// <summary>The person who acts, for the record.</summary>
    public static Option<string> By(string acts) =>
        new("--by") { Description = $"Who {acts}; recorded. Default: the account.", HelpName = "NAME", DefaultValueFactory = _ => Environment.UserName };

    public static TrustFlow OpenExisting(DirectoryInfo directory) => TrustFlow.Open(new TrustOptions { StateDirectory = Demand(directory) });

    /// <summary>The path of state that is there: looking never makes a new one.</summary>
    public static string Demand(DirectoryInfo directory)
    {
        string? problem = File.Exists(directory.FullName) ? "is no directory"
            : !directory.Exists ? "does not exist"
            : !directory.EnumerateFileSystemInfos().Any() ? "is empty"
            : null;
        if (problem is null) return directory.FullName;
        throw new StateException(StateError.Missing, directory.FullName, $"{directory.FullName} {problem}; the first grant makes the state: remoteaccess-agent grant --help");
    }
}
