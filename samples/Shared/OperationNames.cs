using System.CommandLine.Parsing;
using RemoteAccess;

namespace HelpdeskSamples;

/// <summary>Operations as they are typed on the command line.</summary>
internal static class OperationNames
{
    /// <summary>For the help: what may be typed.</summary>
    public const string Choices = "view, control, clipboard, files, chat, commands, restart, info, fill, record; several with a comma between";

    private static readonly (string Name, Operations Operation)[] Known =
    [
        ("view", Operations.ViewScreen), ("control", Operations.ControlInput), ("clipboard", Operations.Clipboard), ("files", Operations.TransferFiles), ("chat", Operations.Chat),
        ("commands", Operations.RunCommands), ("restart", Operations.Restart), ("info", Operations.SystemInfo), ("fill", Operations.FillCredential), ("record", Operations.RecordSession),
    ];

    public static Operations? Read(ArgumentResult result)
    {
        Operations operations = Operations.None;
        foreach (string name in result.Tokens.SelectMany(token => token.Value.Split(',')))
        {
            Operations known = Array.Find(Known, one => one.Name.Equals(name.Trim(), StringComparison.OrdinalIgnoreCase)).Operation;
            if (known == Operations.None) result.AddError($"'{name}' is not an operation. Known here: {string.Join(", ", Known.Select(one => one.Name))}.");
            operations |= known;
        }

        return operations;
    }

    /// <summary>As they are typed.</summary>
    public static string Write(Operations operations) => string.Join(',', Known.Where(one => operations.HasFlag(one.Operation)).Select(one => one.Name));
}
