namespace RemoteAccess.Trust;

/// <summary>
/// Binds a secret to this account on this computer, as DPAPI does: what it seals nobody else can open, also not with a copy of the disk. Platform packages have one.
/// Calls may come from any thread, several at a time. What it throws counts as "cannot be sealed" or "cannot be opened"; it may not hold the secret.
/// </summary>
public interface ISecretSealer
{
    /// <summary>Seals a secret of up to 64 bytes.</summary>
    /// <param name="secret">Lent until this returns; the caller wipes it.</param>
    /// <param name="entropy">32 bytes without which it cannot be opened; not secret.</param>
    /// <returns>At most 4096 bytes, fit to be stored.</returns>
    byte[] Seal(ReadOnlySpan<byte> secret, ReadOnlySpan<byte> entropy);

    /// <summary>Opens what <see cref="Seal"/> made.</summary>
    /// <returns>The secret, the caller's to wipe; null when it was not sealed here, was changed, or with other entropy.</returns>
    byte[]? TryOpen(ReadOnlySpan<byte> sealedSecret, ReadOnlySpan<byte> entropy);
}
