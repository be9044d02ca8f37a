namespace RemoteAccess.Trust;

/// <summary>What the customer is asked for.</summary>
public enum ConsentKind
{
    /// <summary>One more operation in a session that runs.</summary>
    Operation,
    /// <summary>The operations with which an attended session begins.</summary>
    SessionStart,
    /// <summary>Unattended access from now on: a grant.</summary>
    UnattendedGrant,
    /// <summary>A session under an existing grant, while somebody uses the computer.</summary>
    ConnectionWhileInUse,
}
