using RemoteAccess.Trust;

namespace RemoteAccess;

/// <summary>
/// Shows prompts as a window on an X display, above all others, and takes the answer from devices that are not XTEST's only: what programs inject
/// neither answers nor moves the focus. Needs XInput 2.2, libXft and a font. The keyboard is the prompt's while it is open. Thread-safe.
/// </summary>
public sealed class X11ConsentPrompt : IConsentPrompt
{
    private readonly X11ConsentPromptOptions options;

    /// <summary>Touches no display yet.</summary>
    /// <param name="options">Default: <c>$DISPLAY</c> in the desktop's own scale.</param>
    /// <exception cref="ArgumentException">An option is outside its range.</exception>
    public X11ConsentPrompt(X11ConsentPromptOptions? options = null)
    {
        this.options = options ?? new X11ConsentPromptOptions();
        this.options.Validate();
    }

    /// <inheritdoc/>
    /// <exception cref="DesktopException">The display cannot show it or was lost, or a library is missing. <see cref="ConsentDesk"/> makes a refusal of it.</exception>
    /// <exception cref="OperationCanceledException">The prompt was taken back, and its window is gone.</exception>
    public async ValueTask<ConsentAnswer> AskAsync(ConsentPrompt prompt, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        PromptWindow window = new(prompt, options);
        await window.StartAsync(cancellationToken).ConfigureAwait(false);
        await using (window.ConfigureAwait(false))
        {
            using CancellationTokenRegistration end = cancellationToken.UnsafeRegister(static window => ((PromptWindow)window!).TakeBack(), window);
            return await window.Answer.ConfigureAwait(false);
        }
    }
}
