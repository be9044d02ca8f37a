namespace RemoteAccess.Trust;

/// <summary>Whether the access code of a grant was changed.</summary>
public enum CodeChangeOutcome
{
    /// <summary>The new grant is in force, the old one is revoked, and both are in the ledger.</summary>
    Changed,
    /// <summary>This computer has no such grant.</summary>
    GrantUnknown,
    /// <summary>The old grant is revoked or its time is over: that takes a new consent.</summary>
    NotLive,
    /// <summary>Too many wrong codes: the customer unlocks it first.</summary>
    LockedOut,
    /// <summary>The new grant is for other parties or another consent, or allows something that the old one does not: that takes a new consent.</summary>
    Wider,
    /// <summary>It has a rule that this version cannot keep.</summary>
    RuleNotSupported,
    /// <summary>A grant with the new one's id is or was in force here.</summary>
    AlreadyKnown,
}
