namespace RemoteAccess;

/// <summary>What came of credentials that were given.</summary>
/// <param name="IsAccepted">They were right, and the session goes on. Why not is not told: it is the same for no such account, a wrong password, and one that may not log on.</param>
/// <param name="TriesLeft">How often they may be given again in this session.</param>
/// <param name="RetryAfter">More than zero: they were not looked at, because too many wrong ones came before; how long to wait.</param>
public readonly record struct CredentialsOutcome(bool IsAccepted, int TriesLeft, TimeSpan RetryAfter);
