using System.Globalization;

namespace RemoteAccess.Trust;

/// <summary>
/// What the verification of a ledger found. It proves that the entries are the ones the computer signed; it cannot prove that nothing was
/// cut off after the last checkpoint, nor that an older state of the whole directory was not put back: only a witness's checkpoint can.
/// </summary>
public sealed record LedgerVerification
{
    /// <summary>True when nothing is wrong.</summary>
    public bool Ok => Problem is null;

    /// <summary>Entries found right, up to the first problem.</summary>
    public required long Entries { get; init; }

    /// <summary>Checkpoints found right, up to the first problem.</summary>
    public required long Checkpoints { get; init; }

    /// <summary>How many entries the last right checkpoint covers.</summary>
    public required long SignedEntries { get; init; }

    /// <summary>How many entries from the beginning are kept as hashes only, because the customer pruned them.</summary>
    public long PrunedEntries { get; init; }

    /// <summary>Right entries after the last right checkpoint: in order, but not signed yet.</summary>
    public long UnsignedEntries => Entries - SignedEntries;

    /// <summary>Bytes of a record whose writing was interrupted and that was never acknowledged; 0 as a rule.</summary>
    public required int TornBytes { get; init; }

    /// <summary>Merkle root (RFC 6962) over <see cref="Entries"/> entries, 32 bytes.</summary>
    public required ReadOnlyMemory<byte> Root { get; init; }

    /// <summary>The first problem in reading order, null when there is none.</summary>
    public LedgerProblem? Problem { get; init; }

    /// <summary>One line for people.</summary>
    public override string ToString() => Problem is null
        ? string.Create(CultureInfo.InvariantCulture, $"The ledger is intact: {Entries} entries, {SignedEntries} of them signed in {Checkpoints} checkpoints.{(PrunedEntries > 0 ? $" The first {PrunedEntries} were pruned: their hashes are kept." : "")}")
        : Problem.ToString();
}

/// <summary>One thing wrong with a ledger.</summary>
/// <param name="File">The file concerned, or the directory.</param>
/// <param name="Offset">Byte in it where the record or checkpoint begins.</param>
/// <param name="Sequence">The entry concerned; for a checkpoint, how many entries stand before it.</param>
/// <param name="Text">In plain words.</param>
public sealed record LedgerProblem(string File, long Offset, long Sequence, string Text)
{
    /// <summary>File, byte, entry and what is wrong.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Text} ({System.IO.Path.GetFileName(File)}, byte {Offset}, entry {Sequence})");
}
