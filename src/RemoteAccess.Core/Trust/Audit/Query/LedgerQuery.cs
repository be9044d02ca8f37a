using System.Text;

namespace RemoteAccess.Trust;

/// <summary>
/// Which entries of a ledger are wanted, and in which order; a member that is left out does not narrow. Immutable, thread-safe as long as
/// nobody changes the collections it was given. Entries are in the order of their numbers, never of their times: when the computer's clock
/// was set back, a range of times finds every entry that claims a time in it, wherever it stands.
/// </summary>
public sealed record LedgerQuery
{
    /// <summary>The earliest time wanted, itself included. Default: the beginning.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>The time before which entries are wanted, itself not included. Default: the end. Not before <see cref="Since"/>.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Only entries of this session: 16 bytes, or empty (the default) for all.</summary>
    public ReadOnlyMemory<byte> SessionId { get; init; }

    /// <summary>
    /// Only what this technician did: the name as the certificate has it, upper and lower case alike, or the whole public key in hexadecimal.
    /// Names are not unique, keys are. What the agent or the customer did in a session of theirs (its end, a withdrawal) has another actor:
    /// ask for the session. Default: everybody. Not empty.
    /// </summary>
    public string? Technician { get; init; }

    /// <summary>Only entries of these types, as in <c>session.accepted</c>. Default and empty: all.</summary>
    public IReadOnlyCollection<string> Types { get; init; } = [];

    /// <summary>The lowest number wanted. 0 or more; default 0. For the next page, oldest first: the last one's number and one.</summary>
    public long From { get; init; }

    /// <summary>The number below which entries are wanted. 0 or more; default: the end. For the next page, newest first: the last one's number.</summary>
    public long Before { get; init; } = long.MaxValue;

    /// <summary>How many at most. 1 or more; default: no limit.</summary>
    public int? Limit { get; init; }

    /// <summary>Newest first instead of oldest first (the default). Only as much of the ledger is read as is enumerated.</summary>
    public bool NewestFirst { get; init; }

    /// <exception cref="ArgumentException">A member is outside its range.</exception>
    internal void Validate()
    {
        if (Since is { } since && Until is { } until && until < since) throw new ArgumentException("The time until which entries are wanted lies before the time since which they are.");
        if (SessionId.Length is not (0 or 16)) throw new ArgumentException($"A session id has 16 bytes, not {SessionId.Length}.");
        if (Technician is { Length: 0 }) throw new ArgumentException("A technician is named by a name or by a key.");
        if (From < 0 || Before < 0) throw new ArgumentException("Entries are numbered from 0.");
        if (Limit is < 1) throw new ArgumentException("A limit is 1 or more.");
        ArgumentNullException.ThrowIfNull(Types);
        foreach (string type in Types)
        {
            if (!LedgerEntryFields.IsType(Encoding.UTF8.GetBytes(type))) throw new ArgumentException($"\"{type}\" is not the type of an entry: 1 to {LedgerEntry.MaxTypeLength} of a-z, 0-9, dot, dash and underscore.");
        }
    }
}
