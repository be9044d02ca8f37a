using System.CommandLine;
using System.Globalization;
using RemoteAccess;
using RemoteAccess.Trust;

namespace HelpdeskAgent;

/// <summary><c>prompt</c>: shows a made-up request as a customer would see it, and prints the answer. It has no state and grants nothing.</summary>
internal static class PromptCommand
{
    private static readonly Option<bool> Demo = new("--demo") { Description = "Says that this is a demonstration; the only thing this command does.", Required = true };
    private static readonly Option<string?> Language = new("--lang") { Description = "Language, as in de or ja-JP. Default: that of the system.", HelpName = "LANG" };
    private static readonly Option<bool> Terminal = new("--terminal") { Description = "Ask at this terminal instead of in a window." };
    private static readonly Option<string?> Display = new("--display") { Description = "X display for the window. Default: $DISPLAY.", HelpName = "NAME" };
    private static readonly Option<double?> Scale = new("--scale") { Description = "Size of the window's letters, 1 to 3. Default: the desktop's.", HelpName = "N" };
    private static readonly Option<bool> HighContrast = new("--high-contrast") { Description = "White on black." };
    private static readonly Option<bool> Unverified = new("--unverified") { Description = "As if nobody had verified who asks." };

    public static Command Create()
    {
        var command = new Command("prompt", "Show a sample of the consent prompt and print the answer. It grants nothing.") { Demo, Language, Terminal, Display, Scale, HighContrast, Unverified };
        command.Validators.Add(result =>
        {
            if (!result.GetValue(Demo)) result.AddError("This command only demonstrates. Say --demo.");
        });
        command.SetAction((result, cancellationToken) => Complaint.Guard(() => ShowAsync(result, cancellationToken)));
        return command;
    }

    private static async Task<int> ShowAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        IConsentPrompt renderer = arguments.GetValue(Terminal)
            ? new TerminalConsentPrompt()
            : ThisComputer.OpenPrompt(ThisComputer.CheckDisplay(arguments.GetValue(Display)), arguments.GetValue(Scale), arguments.GetValue(HighContrast) ? true : null);
        ConsentPrompt prompt = ConsentPrompt.Create(Sample(!arguments.GetValue(Unverified)), Culture(arguments.GetValue(Language)), TimeZoneInfo.Local);
        var desk = new ConsentDesk(new Complaining(renderer));
        ConsentEvidence evidence = await desk.AskAsync(prompt, "demonstration", cancellationToken);
        Console.WriteLine($"{evidence.Answer.Decision}, {evidence.Answer.How} (a demonstration: nothing was granted)");
        return 0;
    }

    private static ConsentRequest Sample(bool isVerified) => new()
    {
        Kind = ConsentKind.UnattendedGrant,
        Operations = Operations.ViewScreen | Operations.ControlInput | Operations.TransferFiles,
        TechnicianName = "Grace Hopper",
        Organisation = "Contoso IT",
        IsVerified = isVerified,
        Nickname = "Contoso:Front desk:Ada",
        Until = TimeProvider.System.GetUtcNow().AddDays(90),
        Hours = new WeeklyHours("UTC", [new HoursWindow([DayOfWeek.Monday, DayOfWeek.Tuesday, DayOfWeek.Wednesday, DayOfWeek.Thursday, DayOfWeek.Friday], 18 * 60, 22 * 60)]),
        Reason = "Updates of the booking system after closing time",
    };

    /// <summary>A language as it was typed; that of the system when it was not.</summary>
    /// <exception cref="ArgumentException">There is no such language.</exception>
    public static CultureInfo Culture(string? name)
    {
        if (name is null) return CultureInfo.CurrentUICulture;
        try
        {
            return CultureInfo.GetCultureInfo(name, predefinedOnly: true);
        }
        catch (CultureNotFoundException)
        {
            throw new ArgumentException($"'{name}' is not a language, as in de or ja-JP.");
        }
    }

    /// <summary>Says why a renderer failed; the desk makes a refusal of it.</summary>
    internal sealed class Complaining(IConsentPrompt renderer) : IConsentPrompt
    {
        public async ValueTask<ConsentAnswer> AskAsync(ConsentPrompt prompt, CancellationToken cancellationToken)
        {
            try
            {
                return await renderer.AskAsync(prompt, cancellationToken);
            }
            catch (Exception error) when (error is DesktopException or InvalidOperationException)
            {
                await Console.Error.WriteLineAsync($"remoteaccess-agent: {error.Message}");
                throw;
            }
        }
    }
}
