namespace RemoteAccess.Trust;

/// <summary>Verifies a ledger against the computer's public key. Reads only; may run while the ledger is appended to.</summary>
public static class LedgerVerifier
{
    /// <summary>
    /// Reads everything once and checks: framing and checksums; canonical form; numbering; that each entry names this computer and the
    /// hash of the entry before; the Merkle root and the signature of every checkpoint. Stops at the first problem.
    /// </summary>
    /// <param name="directory">The ledger's directory, or a copy of it.</param>
    /// <param name="hostPublicKey">The computer's key, SEC1 uncompressed, 65 bytes, from where the verifier trusts it: not from beside the ledger.</param>
    /// <exception cref="StateException">The directory is missing or a file cannot be read.</exception>
    /// <exception cref="ArgumentException">Not a P-256 point.</exception>
    public static LedgerVerification Verify(string directory, ReadOnlySpan<byte> hostPublicKey)
    {
        ArgumentNullException.ThrowIfNull(directory);
        directory = Path.GetFullPath(directory);
        LedgerFiles.RequireDirectory(directory);
        using var notes = new CheckpointNote(hostPublicKey);
        using var run = new LedgerVerifierRun(directory, notes);
        return run.Verify();
    }
}
