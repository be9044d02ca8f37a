using System.CommandLine;
using RemoteAccess;
using RemoteAccess.Trust;

namespace HelpdeskAgent;

internal static class StateOption
{
    public static Option<DirectoryInfo> Create() =>
        new("--state") { Description = "The agent's state: keys, grants and the record of what was done.", HelpName = "DIR", Required = true };

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
