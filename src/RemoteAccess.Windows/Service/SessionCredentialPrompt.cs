using RemoteAccess.Picture;

namespace RemoteAccess.Trust;

/// <summary>
/// Asks whoever sits before the computer for their password, from a service: the session helper shows <see cref="WindowsCredentialEnrolment"/>'s window there, and what is typed comes over its pipe.
/// The account is the one that Windows says is logged on in that session; nobody else names it. Thread-safe.
/// </summary>
/// <param name="home">Where the helper is.</param>
/// <param name="read">Whether a session is locked, and whose it is.</param>
internal sealed class SessionCredentialPrompt(HelperHome home, Func<uint, LogonScreenState> read) : ICredentialPrompt
{
    public string? User => home.Current is { } link ? UserAt(link) : null;

    public async ValueTask<CredentialEnrolment?> AskAsync(EnrolmentQuestion question, Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask<CredentialEnrolment>> store, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(question);
        ArgumentNullException.ThrowIfNull(store);
        HelperLink link = home.Current ?? throw new DesktopException(DesktopError.NoDisplay, "No program of this service is in the session that has the screen just now, so nobody can be asked.");
        if (UserAt(link) != question.User) throw new DesktopException(DesktopError.NoDisplay, "Somebody else is at the screen now, or it was locked.");
        using PasswordChannel channel = new(link, question, (password, token) => UserAt(link) == question.User ? store(password, token) : ValueTask.FromResult(CredentialEnrolment.Unavailable));
        try
        {
            return await channel.Outcome.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            await channel.CloseAsync().ConfigureAwait(false);
        }
    }

    private string? UserAt(HelperLink link) => read((uint)link.Process.Peer.SessionId) is { IsShown: false, User: { } user } ? user : null;
}
