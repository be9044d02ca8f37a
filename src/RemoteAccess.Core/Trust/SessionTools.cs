namespace RemoteAccess.Trust;

/// <summary>What a session does for the technician beyond picture and input, each with its own rules and its own entries in the ledger. Immutable.</summary>
internal sealed class SessionTools(LiveSession session, SessionFacts facts, SessionSurroundings around)
{
    /// <summary>Filling in a stored password; null where the agent keeps none.</summary>
    public CredentialFill? Fill { get; } = around.Vault is { Filling: not null } vault && around.Ask is { } ask ? new CredentialFill(session, facts, around, vault, ask) : null;
}
