namespace RemoteAccess.Trust;

/// <summary>Hands a ledger on to other systems. An export is a copy for reading: only the ledger itself, or its entries as JSON lines, can be verified. Thread-safe.</summary>
public static class LedgerExport
{
    /// <summary>Writes <paramref name="entries"/> as they come; memory does not grow with their number.</summary>
    /// <param name="entries">From a reader, oldest first as a rule: the end of a session is given its technician from what came before.</param>
    /// <param name="format">Which form.</param>
    /// <param name="output">Where to; stays open, and is flushed at the end.</param>
    /// <param name="cancellationToken">Ends it between two entries.</param>
    /// <returns>How many entries were written.</returns>
    /// <exception cref="ArgumentOutOfRangeException">No such format.</exception>
    /// <exception cref="StateException">The ledger cannot be read further. What was written before is whole lines.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static long Write(IEnumerable<LedgerEntry> entries, LedgerExportFormat format, Stream output, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(entries);
        ArgumentNullException.ThrowIfNull(output);
        using LedgerExporter exporter = format switch
        {
            LedgerExportFormat.JsonLines => new JsonLinesExport(output),
            LedgerExportFormat.Csv => new CsvExport(output),
            LedgerExportFormat.Cef => new CefExport(output),
            LedgerExportFormat.Syslog => new SyslogExport(output),
            LedgerExportFormat.Ocsf => new OcsfExport(output),
            LedgerExportFormat.OpenTelemetry => new OpenTelemetryExport(output),
            _ => throw new ArgumentOutOfRangeException(nameof(format), format, "There is no such export format."),
        };
        var technicians = new SessionTechnicians();
        long count = 0;
        exporter.Begin();
        try
        {
            foreach (LedgerEntry entry in entries)
            {
                cancellationToken.ThrowIfCancellationRequested();
                exporter.Write(technicians.Follow(new EntryFacts(entry)));
                count++;
            }
        }
        catch (Exception failure) when (failure is StateException or OperationCanceledException)
        {
            exporter.End();
            throw;
        }

        exporter.End();
        output.Flush();
        return count;
    }
}
