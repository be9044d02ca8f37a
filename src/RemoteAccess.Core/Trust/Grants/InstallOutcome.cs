namespace RemoteAccess.Trust;

/// <summary>Whether a countersigned grant came into force on the computer.</summary>
public enum InstallOutcome
{
    /// <summary>It is in force and in the ledger.</summary>
    Installed,
    /// <summary>It was made on another computer.</summary>
    OtherComputer,
    /// <summary>Its consent is not the one stated: another text, person or method.</summary>
    OtherConsent,
    /// <summary>Its time is over.</summary>
    Expired,
    /// <summary>It has a rule that this version cannot keep.</summary>
    RuleNotSupported,
    /// <summary>A grant of that id is or was in force here; a revoked one never returns.</summary>
    AlreadyKnown,
}
