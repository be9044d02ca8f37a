using System.CommandLine;
using System.CommandLine.Parsing;
using RemoteAccess;
using RemoteAccess.Trust;

namespace HelpdeskAgent;

/// <summary>Who shows the person at the computer that somebody is connected.</summary>
internal enum SurfaceChoice
{
    /// <summary>This command starts a surface and keeps it running.</summary>
    Own,

    /// <summary>Somebody else starts it; nobody gets in until it shows.</summary>
    External,

    /// <summary>Nobody sits before the screen.</summary>
    None,
}

/// <summary>The option <c>--surface</c> of the commands that share a screen.</summary>
internal static class SurfaceOption
{
    public static Option<SurfaceChoice?> Create() => new("--surface")
    {
        Description = "Who shows the person at the screen that somebody is connected (docs/surface.md). own, the default on a real screen: this command starts the surface and keeps it running. " +
            "external: you start 'surface --state DIR --stay' yourself, and nobody gets in until it shows. none, the default with --virtual: nobody sits before the screen, as with Xvfb.",
        HelpName = "own|external|none",
        CustomParser = Read,
    };

    /// <summary>What the agent demands.</summary>
    public static SurfaceRequirement Requirement(this SurfaceChoice choice) => choice == SurfaceChoice.None ? SurfaceRequirement.ShownByHostApplication : new SurfaceRequirement();

    /// <summary>Says so when a real screen shows nothing.</summary>
    public static void SayWhatIsNotShown(this SurfaceChoice choice, IDesktop desktop)
    {
        if (choice == SurfaceChoice.None && desktop.HasPerson) Console.Out.WriteLine("SURFACE none: nothing on this screen shows who is connected. That is for screens that nobody sits before.");
    }

    private static SurfaceChoice? Read(ArgumentResult result)
    {
        string text = result.Tokens[0].Value;
        foreach (SurfaceChoice choice in Enum.GetValues<SurfaceChoice>())
        {
            if (choice.ToString().Equals(text, StringComparison.OrdinalIgnoreCase)) return choice;
        }
        result.AddError($"'{text}' is not who shows it: own, external or none.");
        return null;
    }
}
