namespace RemoteAccess.Trust;

/// <summary>What a report can be written as. All are UTF-8 without a byte order mark.</summary>
public enum LedgerReportFormat
{
    /// <summary>One page that needs nothing else: no script, no image, no other file; to be read, printed or mailed.</summary>
    Html,
    /// <summary>RFC 4180, a row for each session and each event; nothing in it is a formula to a spreadsheet.</summary>
    Csv,
    /// <summary>One JSON object.</summary>
    Json,
}
