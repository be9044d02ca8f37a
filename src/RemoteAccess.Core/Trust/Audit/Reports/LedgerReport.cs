namespace RemoteAccess.Trust;

/// <summary>What was agreed to, done and refused at a computer in one period, from the ledger alone. Immutable, thread-safe.</summary>
public sealed record LedgerReport
{
    /// <summary>How many lines a list holds; what is beyond is counted in <see cref="Omitted"/>, never dropped in silence.</summary>
    public const int MaxLines = 10_000;

    /// <summary>What it is about.</summary>
    public required ReportPeriod Period { get; init; }
    /// <summary>When it was made.</summary>
    public required DateTimeOffset Made { get; init; }
    /// <summary>The computer, 32 bytes; empty when there was no entry.</summary>
    public required ReadOnlyMemory<byte> HostId { get; init; }
    /// <summary>The sessions that lie in the period at least in part, in the order of their beginnings.</summary>
    public required IReadOnlyList<ReportedSession> Sessions { get; init; }
    /// <summary>Who tried and did not get in.</summary>
    public required IReadOnlyList<ReportedEvent> Attempts { get; init; }
    /// <summary>Grants made, revoked and unlocked; for a single session, the grant it was under.</summary>
    public required IReadOnlyList<ReportedEvent> Grants { get; init; }
    /// <summary>When the customer blocked remote access, and when not any more.</summary>
    public required IReadOnlyList<ReportedEvent> Blocks { get; init; }
    /// <summary>Entries of kinds that this version does not know.</summary>
    public required IReadOnlyList<ReportedEvent> Others { get; init; }
    /// <summary>Sessions and events that have no line because a list was full.</summary>
    public required long Omitted { get; init; }
    /// <summary>
    /// Sessions and events that a report of one customer leaves out because no nickname is known of their grant: it was for one call for help, was never made here, or its making
    /// was pruned. 0 when the report is of no one customer.
    /// </summary>
    public required long Unassigned { get; init; }
    /// <summary>Entries at the beginning of the ledger that the customer pruned: this report knows nothing of them.</summary>
    public required long Pruned { get; init; }
    /// <summary>What the verification of the ledger said; null when it was not verified for this report.</summary>
    public required LedgerVerification? Verification { get; init; }

    /// <summary>Goes over <paramref name="entries"/> once. Memory grows with what the report holds, not with the ledger.</summary>
    /// <param name="entries">All of a ledger, oldest first: a session may have begun long before the period.</param>
    /// <param name="period">What the report is about.</param>
    /// <param name="made">The present time.</param>
    /// <param name="verification">What <see cref="LedgerVerifier"/> said about the same ledger, to be told in the report.</param>
    /// <exception cref="StateException">The entries cannot be read: a report on a part would look like a whole one.</exception>
    public static LedgerReport Build(IEnumerable<LedgerEntry> entries, ReportPeriod period, DateTimeOffset made, LedgerVerification? verification = null)
    {
        ArgumentNullException.ThrowIfNull(entries);
        ArgumentNullException.ThrowIfNull(period);
        var builder = new ReportBuilder(period);
        foreach (LedgerEntry entry in entries) builder.Add(entry);
        return builder.Build(made, verification);
    }

    /// <summary>Writes the report.</summary>
    /// <param name="format">Which form.</param>
    /// <param name="output">Where to; stays open, and is flushed at the end.</param>
    /// <exception cref="ArgumentOutOfRangeException">No such format.</exception>
    public void Write(LedgerReportFormat format, Stream output)
    {
        ArgumentNullException.ThrowIfNull(output);
        switch (format)
        {
            case LedgerReportFormat.Html: ReportHtml.Write(this, output); break;
            case LedgerReportFormat.Csv: ReportCsv.Write(this, output); break;
            case LedgerReportFormat.Json: ReportJson.Write(this, output); break;
            default: throw new ArgumentOutOfRangeException(nameof(format), format, "There is no such report format.");
        }

        output.Flush();
    }
}
