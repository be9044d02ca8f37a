namespace RemoteAccess.Trust;

/// <summary>How it stands with a password that the customer stored for fill-in.</summary>
public enum StoredCredentialState
{
    /// <summary>There is none.</summary>
    None,
    /// <summary>It is stored, and was right when it was.</summary>
    Stored,
    /// <summary>It was deleted, because the operating system did not take it any more or its record was damaged: ask the customer again.</summary>
    Stale,
}

/// <summary>A password that the customer stored for fill-in; without the password, which nobody reads back.</summary>
/// <param name="User">The account.</param>
/// <param name="State">Stored or stale.</param>
public sealed record StoredCredential(string User, StoredCredentialState State);

/// <summary>What came of storing a password.</summary>
public enum CredentialEnrolment
{
    /// <summary>It is right and stored.</summary>
    Stored,
    /// <summary>The operating system did not accept it: wrong, or no such account, or one that may not log on. Nothing was stored.</summary>
    WrongCredentials,
    /// <summary>The grant is unknown, over, an attended session's, or does not allow <see cref="Operations.FillCredential"/>. Nothing was checked.</summary>
    NotForThisGrant,
    /// <summary>Nothing here can check or seal passwords now. Nothing was stored.</summary>
    Unavailable,
}
