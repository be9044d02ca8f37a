using System.Globalization;

namespace RemoteAccess.Trust;

/// <summary>A ledger entry in one line of plain words, for the customer's history.</summary>
public static class HistoryLine
{
    private static readonly HistoryWords English = new(CultureInfo.InvariantCulture);

    /// <summary>Local time, what happened, who did it and why, in English. Never empty; an entry of an unknown type is shown by its type.</summary>
    public static string Describe(LedgerEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return string.Create(CultureInfo.InvariantCulture, $"{entry.Time.ToLocalTime():yyyy-MM-dd HH:mm:ss}  {Words(entry)}");
    }

    /// <summary>Without the time, in English.</summary>
    internal static string Words(LedgerEntry entry) => English.Say(entry);

    /// <summary>What an operation is called in plain English words.</summary>
    internal static string Act(string operation) => English.Act(operation);
}
