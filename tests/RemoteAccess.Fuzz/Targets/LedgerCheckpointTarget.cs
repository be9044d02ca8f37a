using System.Globalization;
using RemoteAccess.Trust;

namespace RemoteAccess.Fuzz.Targets;

/// <summary>A checkpoint note, or what is left of one. What is read has one spelling, and a whole note is never called torn.</summary>
internal sealed class LedgerCheckpointTarget : FuzzTarget
{
    private static readonly CheckpointNote Notes = new(new LedgerSamples.Signer().PublicKey);

    public override string Name => "ledger-checkpoint";

    public override IReadOnlyList<byte[]> Seeds { get; } = MakeSeeds();

    public override void Execute(ReadOnlySpan<byte> input)
    {
        bool torn = Notes.IsTorn(input);
        if (!Notes.TryRead(input, out LedgerCheckpoint? checkpoint, out int consumed)) return;
        if (torn) throw new InvalidDataException("A whole note was called torn.");
        if (!LedgerSamples.Text(checkpoint!.Note).AsSpan().SequenceEqual(input[..consumed])) throw new InvalidDataException("The note is not the bytes read.");
        string start = string.Create(CultureInfo.InvariantCulture, $"{Notes.Origin}\n{checkpoint.Size}\n{Convert.ToBase64String(checkpoint.Root.Span)}\n\n— {Notes.Origin} ");
        if (!checkpoint.Note.StartsWith(start, StringComparison.Ordinal)) throw new InvalidDataException("The note has two spellings.");
        // The signature is parsed by the platform; it must say no, not throw.
        if (checkpoint.Size % 16 == 0) _ = Notes.IsSigned(checkpoint);
    }

    private static byte[][] MakeSeeds()
    {
        var signer = new LedgerSamples.Signer();
        using var format = new CheckpointNote(signer.PublicKey);
        byte[] small = LedgerSamples.Text(format.Sign(0, new byte[32], signer).Note);
        byte[] large = LedgerSamples.Text(format.Sign(1L << 53, [.. Enumerable.Repeat((byte)0xff, 32)], signer).Note);
        return [small, large, [.. small, .. large], small[..^1]];
    }
}
