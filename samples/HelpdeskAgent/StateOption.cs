using System.CommandLine;
using RemoteAccess;
using RemoteAccess.Trust;

namespace HelpdeskAgent;

internal static class StateOption
{
    public static Option<DirectoryInfo> Create() =>
        new("--state") { Description = "The agent's state: keys, grants and the record of what was done.", HelpName = "DIR", Required = true };

    public static Option<bool> Json() => new("--json") { Description = "Print JSON instead of text." };

    /// <summary>Opens state that must be there: looking never makes a new one.</summary>
    public static TrustFlow OpenExisting(DirectoryInfo directory)
    {
        if (!directory.Exists) throw new StateException(StateError.Missing, directory.FullName, $"{directory.FullName} does not exist.");
        return TrustFlow.Open(new TrustOptions { StateDirectory = directory.FullName });
    }
}
