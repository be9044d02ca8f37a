namespace RemoteAccess.Trust;

/// <summary>What an agent keeps and fills in passwords of the computer with (docs/trust.md). Immutable.</summary>
public sealed record CredentialFilling
{
    /// <summary>Seals the keys of stored passwords.</summary>
    public required ISecretSealer Sealer { get; init; }

    /// <summary>Whether the log-on screen is shown.</summary>
    public required ILogonScreen Screen { get; init; }

    /// <summary>What fills in. Null, the default, where the product has no credential provider: passwords can be stored, and each request is answered <see cref="RefusalReason.NotAvailable"/>.</summary>
    public ICredentialFiller? Filler { get; init; }

    /// <summary>Asks the person for their password, when their surface wants that. Null, the default: the product asks by itself (<see cref="CredentialVault.StoreAsync"/>).</summary>
    public ICredentialPrompt? Prompt { get; init; }
}
