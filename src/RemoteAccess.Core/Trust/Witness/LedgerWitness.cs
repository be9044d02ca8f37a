namespace RemoteAccess.Trust;

/// <summary>What the technician's side found when it held a computer's checkpoint against the one it had kept.</summary>
public enum LedgerWitnessState
{
    /// <summary>Nothing is known: no witness store was given, the computer has sent no checkpoint, or it has not answered (yet).</summary>
    NotProven,
    /// <summary>No checkpoint of this computer had been kept. This one is, from now on.</summary>
    FirstSeen,
    /// <summary>Proven: everything that was in the computer's ledger then is in it now, unchanged.</summary>
    Consistent,
    /// <summary>
    /// The computer could not show that its ledger still holds what it had signed before, and it signs that it has fewer entries: it was set back to an
    /// older state, for instance from a backup, or begun anew.
    /// </summary>
    RolledBack,
    /// <summary>The computer signs a ledger that is not a continuation of the one it had signed before: what was in it has been changed.</summary>
    Forked,
}

/// <summary>The state of a computer's ledger as the technician's side sees it. Immutable.</summary>
/// <param name="State">What was found.</param>
/// <param name="KeptSize">Entries in the checkpoint that had been kept; 0 when there was none.</param>
/// <param name="Size">Entries in the latest checkpoint that the computer has sent; 0 before the first.</param>
/// <param name="Text">For people, in one sentence.</param>
public sealed record LedgerWitness(LedgerWitnessState State, long KeptSize, long Size, string Text)
{
    /// <summary>Whether somebody must look into it: the computer's record was tampered with, or set back.</summary>
    public bool IsAlarm => State is LedgerWitnessState.RolledBack or LedgerWitnessState.Forked;
}
