using RemoteAccess.Transport;

namespace RemoteAccess.Trust;

/// <summary>What the steps of trust work with, opened together and closed in reverse by <see cref="TrustFlow"/>. Immutable.</summary>
internal sealed record TrustParts
{
    public required TrustOptions Options { get; init; }
    public required StateDirectory State { get; init; }
    public required ISigningKey HostKey { get; init; }
    public required Ledger Ledger { get; init; }
    public required GrantStore Store { get; init; }
    public required TrustRecord Record { get; init; }
    public required ConsentGate Consent { get; init; }
    public required GrantMaking Making { get; init; }
    public required PolicyQuestions Questions { get; init; }
    public required CredentialVault Vault { get; init; }
}
