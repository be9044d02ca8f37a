namespace RemoteAccess.Transport;

/// <summary>Secrets of the established channel, from both the ECDH and the access code.</summary>
internal sealed class ApplicationSecrets : IDisposable
{
    /// <param name="derived">From <see cref="HandshakeSecrets"/>.</param>
    /// <param name="sharedKey">SPAKE2+'s K_shared.</param>
    /// <param name="handshakeHash">th_f, over all six messages.</param>
    public ApplicationSecrets(ReadOnlySpan<byte> derived, ReadOnlySpan<byte> sharedKey, ReadOnlySpan<byte> handshakeHash)
    {
        KeySchedule.MasterSecret(derived, sharedKey, Master.Span);
        KeySchedule.Expand(Master.Span, "t ap"u8, handshakeHash, Technician.Span);
        KeySchedule.Expand(Master.Span, "h ap"u8, handshakeHash, Host.Span);
        KeySchedule.Expand(Master.Span, "exp"u8, handshakeHash, Exporter.Span);
        KeySchedule.Expand(Master.Span, "sid"u8, handshakeHash, SessionId);
    }

    /// <summary>MS.</summary>
    public PinnedSecret Master { get; } = new(KeySchedule.SecretLength);

    /// <summary>app_t.</summary>
    public PinnedSecret Technician { get; } = new(KeySchedule.SecretLength);

    /// <summary>app_h.</summary>
    public PinnedSecret Host { get; } = new(KeySchedule.SecretLength);

    public PinnedSecret Exporter { get; } = new(KeySchedule.SecretLength);

    /// <summary>Not a secret.</summary>
    public byte[] SessionId { get; } = new byte[KeySchedule.SessionIdLength];

    public void Dispose()
    {
        Master.Dispose();
        Technician.Dispose();
        Host.Dispose();
        Exporter.Dispose();
    }
}
