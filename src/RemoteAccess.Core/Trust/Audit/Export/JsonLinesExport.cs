namespace RemoteAccess.Trust;

/// <summary>The exact bytes of each entry and a line feed. Canonical JSON has no line feed in it.</summary>
internal sealed class JsonLinesExport(Stream output) : LedgerExporter(output)
{
    public override void Write(in EntryFacts facts)
    {
        Output.Write(facts.Entry.Raw.Span);
        Output.WriteByte((byte)'\n');
    }
}
