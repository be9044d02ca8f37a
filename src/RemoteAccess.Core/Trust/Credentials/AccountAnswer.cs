namespace RemoteAccess.Trust;

/// <summary>What the operating system said to credentials. The technician learns only whether they were accepted; the ledger has the rest.</summary>
public enum AccountAnswer
{
    /// <summary>They could not be checked: no answer in time, something missing, or more than a password was asked for.</summary>
    Unavailable,
    /// <summary>The account may log on with them.</summary>
    Accepted,
    /// <summary>The password is wrong, or there is no such account.</summary>
    WrongCredentials,
    /// <summary>They are right, but the account's or the password's time is over.</summary>
    Expired,
    /// <summary>The account is locked, or may not log on here or now.</summary>
    NotAllowed,
}
