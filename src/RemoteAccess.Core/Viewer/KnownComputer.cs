using RemoteAccess.Trust;

namespace RemoteAccess;

/// <summary>A computer that a technician holds a grant for. Immutable.</summary>
public sealed class KnownComputer
{
    private const int NameParts = 3;

    /// <summary>The grant, its signatures verified.</summary>
    public required Grant Grant { get; init; }

    /// <summary>The file that holds it.</summary>
    public required string GrantFile { get; init; }

    /// <summary>What it is called, by convention <c>Company:Department:User</c>; the file's name where nobody named it. Fit to be shown: control, direction and invisible characters are spaces.</summary>
    public required string Nickname { get; init; }

    /// <summary>Where it was reached last, host and port; null when that is not known. Fit to be shown.</summary>
    public string? Address { get; init; }

    /// <summary>When a session with it began last; null when there was none from here.</summary>
    public DateTimeOffset? LastConnected { get; init; }

    /// <summary>The nickname's first part; empty where it has one part only.</summary>
    public string Company => Parts is { Length: > 1 } parts ? parts[0] : "";

    /// <summary>The part between company and user; empty where it has fewer than three.</summary>
    public string Department => Parts is { Length: NameParts } parts ? parts[1] : "";

    /// <summary>The nickname's last part.</summary>
    public string User => Parts[^1];

    /// <summary>What is searched, folded. Nothing that a short word would find by chance, as digits of an id would be.</summary>
    internal string Searched => field ??= SearchWords.Fold($"{Nickname}\n{Address}");

    internal string Order => field ??= string.Join('\0', new[] { Company, Department, User }.Select(SearchWords.Fold));

    private string[] Parts => field ??= Nickname.Split(':', NameParts, StringSplitOptions.TrimEntries);

    /// <summary>What the grant alone says of a moment; <see cref="ComputerStatus.Unknown"/> when a session may be tried.</summary>
    public ComputerStatus StatusAt(DateTimeOffset now)
    {
        if (now >= Grant.LastEntry) return ComputerStatus.Expired;
        if (now < Grant.NotBefore) return ComputerStatus.NotYet;
        return Grant.Policy.Hours is { } hours && !hours.Contains(now) ? ComputerStatus.OutsideHours : ComputerStatus.Unknown;
    }
}
