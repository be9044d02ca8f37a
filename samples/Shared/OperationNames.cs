using System.CommandLine.Parsing;
using RemoteAccess;

namespace HelpdeskSamples;

/// <summary>Operations as they are typed on the command line.</summary>
internal static class OperationNames
{
    public static Operations? Read(ArgumentResult result)
    {
        Operations operations = Operations.None;
        foreach (string name in result.Tokens.SelectMany(token => token.Value.Split(',')))
        {
            switch (name.Trim().ToUpperInvariant())
            {
                case "VIEW": operations |= Operations.ViewScreen; break;
                case "CONTROL": operations |= Operations.ControlInput; break;
                case "COMMANDS": operations |= Operations.RunCommands; break;
                case "SYSTEM-INFO": operations |= Operations.SystemInfo; break;
                default: result.AddError($"'{name}' is not an operation. Known here: view, control, commands, system-info."); break;
            }
        }

        return operations;
    }
}
