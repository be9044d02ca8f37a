using RemoteAccess;
using RemoteAccess.Trust;

namespace QuickStart;

/// <summary>The desktop that is shown, and the consent of whoever it belongs to.</summary>
internal sealed class StagedDesktop : IAsyncDisposable
{
    private StagedDesktop(IDesktop desktop, string description, OnSiteConsent consent)
    {
        Desktop = desktop;
        Description = description;
        Consent = consent;
    }

    public IDesktop Desktop { get; }

    public VirtualDesktop? Virtual => Desktop as VirtualDesktop;

    public string Description { get; }

    public OnSiteConsent Consent { get; }

    /// <summary>The real screen if there is one and the person at the terminal says yes; else a drawn one with a scripted customer.</summary>
    public static async Task<StagedDesktop> ChooseAsync(CancellationToken cancellationToken)
    {
        string? why = null;
        if (Environment.GetEnvironmentVariable("DISPLAY") is { Length: > 0 } display)
        {
            try
            {
                X11Desktop real = X11Desktop.Open(new X11Options { Display = display });
                if (await AskAsync(display, cancellationToken) is { } consent) return new StagedDesktop(real, $"your own, display {display}", consent);
                await real.DisposeAsync();
                why = "you did not agree to show your own screen";
            }
            catch (DesktopException error)
            {
                why = error.Message;
            }
        }

        why ??= "there is no display here (DISPLAY is not set)";
        return new StagedDesktop(new VirtualDesktop(), $"a virtual desktop, 1920x1080, because {why}", AskScript());
    }

    public ValueTask DisposeAsync() => Desktop.DisposeAsync();

    /// <summary>A drawn desktop is nobody's, so a script answers, and the record says that it was one.</summary>
    private static OnSiteConsent AskScript()
    {
        const string Statement = "The virtual desktop may be seen and a line typed into it, for ten minutes.";
        var customer = new ScriptedCustomer { Name = "Ada Example", Consents = true };
        if (!customer.Answer(Statement)) throw new InvalidOperationException("The script was to say yes.");
        return new OnSiteConsent { Statement = Statement, ConsentedBy = customer.ConsentedBy, Method = customer.Method };
    }

    private static async Task<OnSiteConsent?> AskAsync(string display, CancellationToken cancellationToken)
    {
        string statement = $"For this demonstration, the screen of display {display} may be seen, and into the window that has the keyboard may be typed: " +
            $"the line \"{Demonstration.Line}\", and {Demonstration.Keystrokes / 2} dots, each of which is deleted again. Everything stays on this machine; a picture is written to quickstart.png in the current directory.";
        Console.WriteLine(statement);
        if (Console.IsInputRedirected)
        {
            Console.WriteLine("Nobody is at the terminal to agree, so the answer is no.");
            return null;
        }

        Console.Write("Do you agree? Type yes, or press Enter for no: ");
        string? answer = await Task.Run(Console.ReadLine, cancellationToken);
        if (!string.Equals(answer?.Trim(), "yes", StringComparison.OrdinalIgnoreCase)) return null;
        return new OnSiteConsent { Statement = statement, ConsentedBy = Environment.UserName, Method = ConsentMethod.OnSiteVerbal };
    }
}
