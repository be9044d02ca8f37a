using RemoteAccess.Trust;

namespace RemoteAccess.Transport;

/// <summary>What the computer brings to every handshake.</summary>
internal sealed record HostParty
{
    public required ISigningKey SigningKey { get; init; }

    public required IHostAuthority Authority { get; init; }

    /// <summary>One object for all handshakes of the agent.</summary>
    public required HandshakeLimits Limits { get; init; }

    public required TimeProvider Time { get; init; }

    public HandshakeEntropy Entropy { get; init; } = HandshakeEntropy.System;
}

/// <summary>
/// The channel is up: the access code was right. Either the session lives and <see cref="Session"/> is set, or the customer's rules changed
/// while the code was being checked and <see cref="Refusal"/> says which. The caller sends Accepted or Denied as the channel's first record
/// and owns both.
/// </summary>
internal sealed record HostHandshakeResult
{
    public required SecureChannel Channel { get; init; }

    /// <summary>What the technician asked for.</summary>
    public required ConnectRequest Request { get; init; }

    public required PakeAdmission Admission { get; init; }

    public LiveSession? Session { get; init; }

    /// <summary><see cref="RefusalReason.None"/> when accepted.</summary>
    public RefusalReason Refusal { get; init; }
}
