namespace RemoteAccess.Trust;

/// <summary>
/// The seam to the window in which the person at this computer types the password of their own account, for fill-in. The agent shows it under its own <see cref="ConsentDesk"/>, so that no
/// remote input reaches the computer meanwhile. Thread-safe.
/// </summary>
public interface ICredentialPrompt
{
    /// <summary>The account of whoever is logged on where the window would be, as <see cref="ILogonScreen"/> names it; null when nobody is, or when the screen is locked.</summary>
    string? User { get; }

    /// <summary>Shows the window, until the password is stored or the person does not want to.</summary>
    /// <param name="question">What it says.</param>
    /// <param name="store">Checks and stores. The password is UTF-8, lent until this completes, and wiped then by the one who calls. Up to five times.</param>
    /// <param name="cancellationToken">Takes the window away.</param>
    /// <returns>What came of it; null when the person closed the window.</returns>
    /// <exception cref="DesktopException">There is no desktop that a person sees.</exception>
    ValueTask<CredentialEnrolment?> AskAsync(EnrolmentQuestion question, Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask<CredentialEnrolment>> store, CancellationToken cancellationToken);
}
