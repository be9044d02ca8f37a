namespace RemoteAccess.Trust;

/// <summary>
/// Asks the operating system whether credentials are those of an account of this computer. Platform packages have one; a vendor may bring
/// another. Calls may come from any thread, several at a time.
/// </summary>
public interface IAccountCheck
{
    /// <summary>
    /// Checks, and nothing else: no log-on, no session, no new ticket. An account that does not exist is answered as a wrong password is. Neither
    /// value may be logged or kept. What it throws counts as <see cref="AccountAnswer.Unavailable"/>.
    /// </summary>
    /// <param name="user">1 to 256 UTF-8 bytes without control characters.</param>
    /// <param name="password">1 to 1024 bytes of UTF-8 without 00; lent until the answer, when the caller wipes it.</param>
    /// <param name="cancellationToken">The session is over; the answer no longer counts.</param>
    ValueTask<AccountAnswer> CheckAsync(string user, ReadOnlyMemory<byte> password, CancellationToken cancellationToken);
}
