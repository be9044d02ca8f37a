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

    /// <summary>
    /// The same for an agent's state directory, with the key that is kept there: for the customer at the computer. The state need not be
    /// open, nor the ledger be sound enough to open.
    /// </summary>
    /// <exception cref="StateException">There is no such state, or its key or ledger cannot be read.</exception>
    public static LedgerVerification VerifyState(string stateDirectory)
    {
        ArgumentNullException.ThrowIfNull(stateDirectory);
        if (!Directory.Exists(stateDirectory)) throw new StateException(StateError.Missing, stateDirectory, $"{stateDirectory} does not exist.");
        StateDirectory state = StateDirectory.Open(stateDirectory);
        using ComputerIdentity identity = ComputerIdentity.Open(state);
        return Verify(state.Ledger, identity.PublicKey.Span);
    }
}
