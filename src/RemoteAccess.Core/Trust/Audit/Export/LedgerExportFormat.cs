namespace RemoteAccess.Trust;

/// <summary>What a ledger can be handed on as (docs/ledger-exports.md). All are UTF-8 without a byte order mark.</summary>
public enum LedgerExportFormat
{
    /// <summary>The entries themselves, byte for byte, one a line: the only form that can still be verified.</summary>
    JsonLines,
    /// <summary>RFC 4180 with a header line; nothing in it is a formula to a spreadsheet.</summary>
    Csv,
    /// <summary>ArcSight Common Event Format, version 0, one event a line.</summary>
    Cef,
    /// <summary>RFC 5424 messages with structured data, one a line.</summary>
    Syslog,
    /// <summary>Open Cybersecurity Schema Framework 1.3, one JSON event a line.</summary>
    Ocsf,
    /// <summary>OpenTelemetry logs in the JSON encoding of OTLP, one <c>LogsData</c> of up to 256 records a line.</summary>
    OpenTelemetry,
}
