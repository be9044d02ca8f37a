using RemoteAccess.Trust;

namespace RemoteAccess;

/// <summary>What a technician asks for when connecting. Immutable.</summary>
public sealed record ConnectOptions
{
    /// <summary>The operations wanted; must lie within the grant and the certificate. Default: see and control.</summary>
    public Operations Operations { get; init; } = Operations.ViewScreen | Operations.ControlInput;

    /// <summary>Why, for the customer's history; at most 512 bytes of UTF-8 without control characters. Some grants require it. Default: empty.</summary>
    public string Reason { get; init; } = "";

    /// <summary>The token of a session that ended in the last 15 minutes, or empty. It spares a present customer the same question again.</summary>
    public ReadOnlyMemory<byte> ResumeToken { get; init; }

    /// <summary>
    /// Where the computer's checkpoints are kept and compared, and receipts of sessions signed. Of the technician's key; it stays the caller's and must live
    /// longer than the session. Default: none, and the computer's ledger is not watched.
    /// </summary>
    public WitnessStore? Witness { get; init; }
}
