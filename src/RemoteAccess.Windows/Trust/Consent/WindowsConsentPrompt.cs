using RemoteAccess.Trust;

namespace RemoteAccess;

/// <summary>
/// Shows prompts as a window above all others on the desktop of this process, and takes the answer from devices only: what programs inject, post or
/// send, UI Automation included, neither answers nor moves the focus. Needs Windows 10 1703 or later, and a process in the person's own session:
/// a service has no desktop that anybody sees. Thread-safe.
/// </summary>
public sealed class WindowsConsentPrompt : IConsentPrompt
{
    private readonly WindowsConsentPromptOptions options;

    /// <summary>Touches no desktop yet.</summary>
    /// <param name="options">Default: in the scale and contrast that the person has set.</param>
    /// <exception cref="ArgumentException">An option is outside its range.</exception>
    public WindowsConsentPrompt(WindowsConsentPromptOptions? options = null)
    {
        this.options = options ?? new WindowsConsentPromptOptions();
        this.options.Validate();
    }

    /// <inheritdoc/>
    /// <exception cref="DesktopException">There is no desktop that a person sees, or not everything fits on the monitor. <see cref="ConsentDesk"/> makes a refusal of it.</exception>
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
