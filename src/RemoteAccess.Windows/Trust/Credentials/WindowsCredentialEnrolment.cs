using RemoteAccess.Trust;

namespace RemoteAccess;

/// <summary>
/// Asks the person at this computer for their Windows password, for fill-in: a window of this product above all others, worked by their own keyboard and mouse only, as
/// <see cref="WindowsConsentPrompt"/> is; what programs inject, post or send is not typed into it, and pictures of the screen do not have it. Needs a process in the person's own
/// session. Thread-safe.
/// </summary>
public sealed class WindowsCredentialEnrolment : ICredentialPrompt
{
    private readonly ConsentDesk? desk;
    private readonly WindowsConsentPromptOptions options;

    /// <summary>Touches no desktop yet.</summary>
    /// <param name="desk">The agent's, where the product itself calls <see cref="AskAsync"/>: while the window is open no remote input reaches the computer. Null where the agent does that by itself, as <see cref="CredentialFilling.Prompt"/>.</param>
    /// <param name="options">Default: in the scale and contrast that the person has set.</param>
    /// <exception cref="ArgumentException">An option is outside its range.</exception>
    public WindowsCredentialEnrolment(ConsentDesk? desk = null, WindowsConsentPromptOptions? options = null)
    {
        this.desk = desk;
        this.options = options ?? new WindowsConsentPromptOptions();
        this.options.Validate();
    }

    string ICredentialPrompt.User => CurrentAccount;

    /// <summary>The account of this process, as <see cref="WindowsLogonScreen"/> names it: <c>name</c> on this computer, <c>DOMAIN\name</c> of a domain.</summary>
    public static string CurrentAccount => string.Equals(Environment.UserDomainName, Environment.MachineName, StringComparison.OrdinalIgnoreCase)
        ? Environment.UserName
        : $"{Environment.UserDomainName}\\{Environment.UserName}";

    /// <summary>Shows the window, until the password is stored or the person does not want to.</summary>
    /// <param name="question">What it says.</param>
    /// <param name="store">Checks and stores: <see cref="CredentialVault.StoreAsync"/>, or what brings it there from a helper. The password is UTF-8, lent until this completes, and wiped then. Up to five times.</param>
    /// <param name="cancellationToken">Takes the window away.</param>
    /// <returns>What came of it; null when the person closed the window, or when another prompt is open and this one was not shown.</returns>
    /// <exception cref="DesktopException">There is no desktop that a person sees.</exception>
    /// <exception cref="OperationCanceledException">It was taken back, and the window is gone.</exception>
    public async ValueTask<CredentialEnrolment?> AskAsync(EnrolmentQuestion question, Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask<CredentialEnrolment>> store, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(question);
        ArgumentNullException.ThrowIfNull(store);
        if (desk is null) return await ShowAsync(question, store, cancellationToken).ConfigureAwait(false);
        CredentialEnrolment? outcome = null;
        _ = await desk.ShowAsync(async () => outcome = await ShowAsync(question, store, cancellationToken).ConfigureAwait(false)).ConfigureAwait(false);
        return outcome;
    }

    private async ValueTask<CredentialEnrolment?> ShowAsync(EnrolmentQuestion question, Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask<CredentialEnrolment>> store, CancellationToken cancellationToken)
    {
        EnrolmentWindow window = new(question, store.Invoke, options);
        await window.StartAsync(cancellationToken).ConfigureAwait(false);
        await using (window.ConfigureAwait(false))
        {
            using CancellationTokenRegistration end = cancellationToken.UnsafeRegister(static window => ((EnrolmentWindow)window!).TakeBack(), window);
            return await window.Outcome.ConfigureAwait(false);
        }
    }
}
