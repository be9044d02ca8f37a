namespace RemoteAccess.Transport;

/// <summary>Secrets after the two greetings: what protects HostAuth to PakeFinish, and what the later keys grow from.</summary>
internal sealed class HandshakeSecrets : IDisposable
{
    /// <param name="sharedX">The ECDH value.</param>
    /// <param name="greetingsHash">th_h.</param>
    public HandshakeSecrets(ReadOnlySpan<byte> sharedX, ReadOnlySpan<byte> greetingsHash)
    {
        KeySchedule.HandshakeSecret(sharedX, Root.Span);
        KeySchedule.Expand(Root.Span, "t hs"u8, greetingsHash, Technician.Span);
        KeySchedule.Expand(Root.Span, "h hs"u8, greetingsHash, Host.Span);
        KeySchedule.Expand(Root.Span, "derived"u8, greetingsHash, Derived.Span);
    }

    /// <summary>HS.</summary>
    public PinnedSecret Root { get; } = new(KeySchedule.SecretLength);

    /// <summary>hs_t.</summary>
    public PinnedSecret Technician { get; } = new(KeySchedule.SecretLength);

    /// <summary>hs_h.</summary>
    public PinnedSecret Host { get; } = new(KeySchedule.SecretLength);

    public PinnedSecret Derived { get; } = new(KeySchedule.SecretLength);

    public void Dispose()
    {
        Root.Dispose();
        Technician.Dispose();
        Host.Dispose();
        Derived.Dispose();
    }
}
