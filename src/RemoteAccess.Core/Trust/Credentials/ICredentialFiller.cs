namespace RemoteAccess.Trust;

/// <summary>
/// Hands a stored password to the operating system's log-on screen, as a credential provider does: to the log-on itself, never as keystrokes, which could be aimed at
/// any window. One call at a time.
/// </summary>
public interface ICredentialFiller
{
    /// <summary>Fills in, and tells what the operating system made of it. What it throws counts as <see cref="FillOutcome.Unavailable"/>; it may not hold the password.</summary>
    /// <param name="user">The account, as it was stored.</param>
    /// <param name="password">UTF-8; lent until the answer, when the caller wipes it.</param>
    /// <param name="cancellationToken">The session is over, or the customer took the operation away: nothing may be filled in any more.</param>
    ValueTask<FillOutcome> FillAsync(string user, ReadOnlyMemory<byte> password, CancellationToken cancellationToken);
}

/// <summary>What came of filling in a password.</summary>
public enum FillOutcome
{
    /// <summary>Nothing was filled in: the log-on screen went away or does not take it. The password stays stored.</summary>
    Unavailable,
    /// <summary>The operating system accepted it.</summary>
    Filled,
    /// <summary>The operating system refused it: it is not the password any more. It is deleted, and the customer is asked again.</summary>
    Wrong,
}
