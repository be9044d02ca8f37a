namespace RemoteAccess.Trust;

/// <summary>What the customer's surface shows, at one moment. Texts are the technician's or the vendor's: show them as text. Immutable.</summary>
public sealed record SurfaceStatus
{
    /// <summary>What the computer calls itself.</summary>
    public required string ComputerName { get; init; }

    /// <summary>Until when the customer keeps everybody out; null when not; <see cref="DateTimeOffset.MaxValue"/> is until it is unblocked.</summary>
    public DateTimeOffset? BlockedUntil { get; init; }

    /// <summary>Who may get in, and who could.</summary>
    public IReadOnlyList<SurfaceGrant> Grants { get; init; } = [];

    /// <summary>Who is connected now, oldest first.</summary>
    public IReadOnlyList<SurfaceSession> Sessions { get; init; } = [];

    /// <summary>What the customer has not seen yet, oldest first.</summary>
    public IReadOnlyList<SurfaceNotice> Notices { get; init; } = [];

    /// <summary>Something of the agent's state cannot be read, so that nobody gets in, or a stored password is not filled in: what, in a sentence. Null when all is well.</summary>
    public string? Trouble { get; init; }

    /// <summary>Whether the agent can ask the person for a password to be filled in later (<see cref="SurfaceAction.StorePassword"/>), under a grant that allows it.</summary>
    public bool CanStorePasswords { get; init; }

    /// <summary>The folders of this computer that technicians who may transfer files reach, and nothing else of the disk: the host application's, then the customer's.</summary>
    public IReadOnlyList<SurfaceFolder> Folders { get; init; } = [];

    /// <summary>Whether the list of what the customer shares cannot be read, so that none of it is shared.</summary>
    public bool AreFoldersDamaged { get; init; }

    /// <summary>What <see cref="Trouble"/> is, and with which file, for words in another language; empty when not known.</summary>
    internal string TroubleWhy { get; init; } = "";

    /// <inheritdoc cref="TroubleWhy"/>
    internal string TroublePath { get; init; } = "";

    /// <summary>Which status of its agent it is; 0 when none of any.</summary>
    internal long Number { get; init; }
}

/// <summary>One grant in <see cref="SurfaceStatus"/>. Immutable.</summary>
public sealed record SurfaceGrant
{
    /// <summary>32 lower-case hex digits.</summary>
    public required string Id { get; init; }

    /// <summary>What the computer is called under it.</summary>
    public required string Nickname { get; init; }

    /// <summary>What it is worth now.</summary>
    public required GrantState State { get; init; }

    /// <summary>What it allows.</summary>
    public Operations Operations { get; init; }

    /// <summary>What of it the customer took away for now.</summary>
    public Operations Withdrawn { get; init; }

    /// <summary>When its time ends; null when damaged.</summary>
    public DateTimeOffset? NotAfter { get; init; }

    /// <summary>Its hours in words; null is at any time.</summary>
    public string? Hours { get; init; }

    /// <summary>The hours themselves: the agent knows them, and the surface the person's language.</summary>
    internal WeeklyHours? Schedule { get; init; }

    /// <summary>Who agreed.</summary>
    public string ConsentedBy { get; init; } = "";

    /// <summary>Wrong access codes since the last success.</summary>
    public int FailedAttempts { get; init; }

    /// <summary>Whether only <see cref="SurfaceAction.Unlock"/> allows further codes.</summary>
    public bool NeedsUnlock { get; init; }

    /// <summary>The accounts whose passwords the customer stored for fill-in under it; without the passwords, which nobody reads back.</summary>
    public IReadOnlyList<StoredCredential> Passwords { get; init; } = [];
}

/// <summary>One shared folder in <see cref="SurfaceStatus"/>. Immutable.</summary>
/// <param name="Name">What technicians call it.</param>
/// <param name="FullPath">Where it is.</param>
/// <param name="IsReadOnly">Files can only be fetched from it.</param>
/// <param name="IsCustomers">The customer shares it, and can take it back (<see cref="SurfaceAction.TakeBackFolder"/>); otherwise the host application does.</param>
public sealed record SurfaceFolder(string Name, string FullPath, bool IsReadOnly, bool IsCustomers);

/// <summary>One running session in <see cref="SurfaceStatus"/>. Immutable.</summary>
public sealed record SurfaceSession
{
    /// <summary>32 lower-case hex digits; the same in the ledger.</summary>
    public required string Id { get; init; }

    /// <summary>The technician's name, certified by the tenant.</summary>
    public required string Technician { get; init; }

    /// <summary>The nickname of the grant it stands on.</summary>
    public string Nickname { get; init; } = "";

    /// <summary>The technician's reason; may be empty.</summary>
    public string Reason { get; init; } = "";

    /// <summary>What it may do, withdrawn ones included.</summary>
    public required Operations Operations { get; init; }

    /// <summary>What the customer took away from it.</summary>
    public Operations Withdrawn { get; init; }

    /// <summary>What it has done so far.</summary>
    public Operations Used { get; init; }

    /// <summary>Whether the technician sees the screen at this moment.</summary>
    public bool IsWatching { get; init; }

    /// <summary>What technician and customer wrote to each other, oldest first; the latest of it only.</summary>
    public IReadOnlyList<SurfaceChatText> Chat { get; init; } = [];

    /// <summary>Whether the technician's side writes what it sees to a file. Shown wherever <see cref="IsWatching"/> is.</summary>
    public bool IsRecording { get; init; }

    /// <summary>When it began.</summary>
    public required DateTimeOffset Began { get; init; }

    /// <summary>When it ends at the latest.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }
}

/// <summary>One text of a session's chat. Immutable.</summary>
/// <param name="At">When it came to the agent, by the computer's clock.</param>
/// <param name="IsTechnicians">Written by the technician; otherwise by the customer.</param>
/// <param name="Text">Plain text, perhaps several lines.</param>
public sealed record SurfaceChatText(DateTimeOffset At, bool IsTechnicians, string Text);

/// <summary>What is told to the customer once: a session that is over, a grant made on site. Kept until dismissed. Immutable.</summary>
public sealed record SurfaceNotice
{
    /// <summary>Opaque.</summary>
    public required string Id { get; init; }

    /// <summary>When it happened.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>One line.</summary>
    public required string Title { get; init; }

    /// <summary>Lines of plain text.</summary>
    public required string Text { get; init; }

    /// <summary>The grant that the customer may keep or remove, when the notice asks that; 32 lower-case hex digits.</summary>
    public string? GrantId { get; init; }

    /// <summary>What it tells, from which the words can be made in any language; null in one that a program made itself.</summary>
    internal NoticeFacts? Facts { get; init; }
}

/// <summary>One line of the history. Immutable.</summary>
/// <param name="At">When, by the computer's clock.</param>
/// <param name="Text">What happened, one line of plain text.</param>
/// <param name="SessionId">In which session; null when in none.</param>
public sealed record SurfaceHistoryLine(DateTimeOffset At, string Text, string? SessionId);
