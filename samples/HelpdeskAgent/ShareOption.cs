using System.CommandLine;
using System.CommandLine.Parsing;
using RemoteAccess.Sessions;

namespace HelpdeskAgent;

/// <summary><c>--share NAME=FOLDER</c> and <c>--share-read-only NAME=FOLDER</c>: what of the computer's disk technicians see; without any, nothing.</summary>
internal static class ShareOption
{
    public static Option<SharedFolder[]> Create(bool isReadOnly) => new(isReadOnly ? "--share-read-only" : "--share")
    {
        Description = isReadOnly ? "Let technicians whose grant has TransferFiles fetch files from a folder." : "Let them fetch files from a folder and put files into it.",
        HelpName = "NAME=FOLDER",
        AllowMultipleArgumentsPerToken = false,
        DefaultValueFactory = _ => [],
        CustomParser = result => [.. result.Tokens.Select(token => Parse(result, token.Value, isReadOnly)).OfType<SharedFolder>()],
    };

    private static SharedFolder? Parse(ArgumentResult result, string text, bool isReadOnly)
    {
        string[] parts = text.Split('=', 2);
        try
        {
            if (parts.Length == 2 && parts[1].Length > 0) return new SharedFolder(parts[0], Path.GetFullPath(parts[1]), isReadOnly);
            result.AddError($"'{text}' is not NAME=FOLDER, as in Inbox=/srv/inbox.");
        }
        catch (ArgumentException error)
        {
            result.AddError(error.Message.Split(" (Parameter", 2)[0]);
        }
        return null;
    }
}
