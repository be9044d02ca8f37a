using RemoteAccess.Picture;

namespace RemoteAccess.Trust;

/// <summary>
/// Asks whoever sits before the computer, from a service: the session helper shows <see cref="WindowsConsentPrompt"/> there, in the very words that the service records. With no
/// helper, or one that goes, nobody is asked, which is a refusal. Thread-safe.
/// </summary>
public sealed class SessionConsentPrompt : IConsentPrompt
{
    private readonly HelperHome home;
    private readonly TimeProvider time;

    internal SessionConsentPrompt(HelperHome home, TimeProvider time) => (this.home, this.time) = (home, time);

    /// <inheritdoc/>
    /// <exception cref="DesktopException">There is no session helper, or it cannot show the prompt.</exception>
    public async ValueTask<ConsentAnswer> AskAsync(ConsentPrompt prompt, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        HelperLink link = home.Current ?? throw new DesktopException(DesktopError.NoDisplay, "No program of this service is in the session that has the screen just now, so nobody can be asked.");
        PromptChannel channel = new(link, prompt, time);
        try
        {
            return await channel.Answer.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            channel.Close();
        }
    }
}
