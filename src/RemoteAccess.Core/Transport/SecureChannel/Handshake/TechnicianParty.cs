using RemoteAccess.Trust;

namespace RemoteAccess.Transport;

/// <summary>What the technician brings to one handshake.</summary>
internal sealed record TechnicianParty
{
    public required Grant Grant { get; init; }

    public required ISigningKey SigningKey { get; init; }

    /// <summary>For <see cref="SigningKey"/>.</summary>
    public required TechnicianCertificate Certificate { get; init; }

    /// <summary>From the access code; stays the caller's.</summary>
    public required AccessSecret Secret { get; init; }

    public required Operations Wanted { get; init; }

    /// <summary>At most 512 bytes of UTF-8 without control characters.</summary>
    public required string Reason { get; init; }

    /// <summary>Empty, or the 32 bytes of the last Accepted.</summary>
    public ReadOnlyMemory<byte> ResumeToken { get; init; }

    public required TimeProvider Time { get; init; }

    public HandshakeEntropy Entropy { get; init; } = HandshakeEntropy.System;

    /// <exception cref="ArgumentException">Something in it could never be sent.</exception>
    public void Validate()
    {
        if (!SigningKey.PublicKey.SequenceEqual(Certificate.TechnicianKey.Span)) throw new ArgumentException("The certificate is for another key.");
        if (!PlainText.IsAcceptable(Reason, TechAuth.MaxReasonLength)) throw new ArgumentException("A reason has at most 512 bytes of UTF-8, and no control characters.");
        if (ResumeToken.Length is not (0 or TechAuth.ResumeTokenLength)) throw new ArgumentException("A resume token has 32 bytes.");
        if (Grant.MinSuite > CipherSuite.P256) throw new AccessRefusedException(RefusalReason.SuiteTooWeak);
    }
}
