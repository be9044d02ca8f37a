namespace RemoteAccess;

/// <summary>
/// Why the agent said no. The values travel in the handshake's Reject and in the channel's Denied; they are the whole answer a
/// technician gets, so each names a rule and never a secret.
/// </summary>
public enum RefusalReason : byte
{
    /// <summary>Not a value on the wire.</summary>
    None = 0,
    /// <summary>The one constant answer before the technician's signature has been verified, whatever failed.</summary>
    NotAuthorized = 1,
    /// <summary>This computer holds no such grant.</summary>
    GrantUnknown = 2,
    /// <summary>The grant on the technician's side is not the one on the computer; fetch the current one.</summary>
    GrantChanged = 3,
    /// <summary>The grant's time has not begun or is over.</summary>
    Expired = 4,
    /// <summary>The customer revoked the grant.</summary>
    Revoked = 5,
    /// <summary>The grant asks for a stronger suite.</summary>
    SuiteTooWeak = 6,
    /// <summary>The customer has blocked remote access for now.</summary>
    Blocked = 7,
    /// <summary>Outside the hours the customer agreed to.</summary>
    OutsideHours = 8,
    /// <summary>More operations wanted than grant and certificate allow.</summary>
    OperationNotGranted = 9,
    /// <summary>Too many wrong access codes; retry after the stated time, or the customer unlocks locally.</summary>
    LockedOut = 10,
    /// <summary>Another attempt for the same grant is under way.</summary>
    Busy = 11,
    /// <summary>The access code is wrong.</summary>
    WrongAccessCode = 12,
    /// <summary>The grant requires a reason and none was given.</summary>
    ReasonRequired = 13,
    /// <summary>The computer cannot keep its record (disk full, store damaged), so nothing may begin.</summary>
    RecordUnavailable = 14,
    /// <summary>The operation was withdrawn during the session.</summary>
    Withdrawn = 15,
    /// <summary>The session has ended.</summary>
    SessionEnded = 16,
    /// <summary>The computer has as many sessions or handshakes as it allows.</summary>
    TooManySessions = 17,
    /// <summary>The grant has a rule that this version of the agent cannot keep, so nothing may begin under it.</summary>
    RuleNotSupported = 18,
    /// <summary>The computer's screen, keyboard or mouse cannot be used at the moment.</summary>
    DesktopUnavailable = 19,
    /// <summary>The customer stopped the session. Connecting again is not forbidden by that.</summary>
    Stopped = 20,
    /// <summary>Somebody uses the computer, and the grant allows no session meanwhile.</summary>
    InUse = 21,
    /// <summary>The person at the computer was asked and did not say yes.</summary>
    NotConsented = 22,
    /// <summary>A question is open on the computer's screen: nobody but the person there has keyboard and mouse until it is answered.</summary>
    InputSuspended = 23,
    /// <summary>
    /// Nothing shows the person at the computer that somebody is connected: the customer's own program for that is not running, does not answer, or
    /// cannot be seen. No session begins; picture and input stop after 2 s, the session ends after 5 s.
    /// </summary>
    SurfaceLost = 24,
    /// <summary>Credentials of the computer must be given before anything else in this session.</summary>
    CredentialsRequired = 25,
    /// <summary>No right credentials of the computer were given in time, or in three tries.</summary>
    CredentialsWrong = 26,
    /// <summary>The person at the computer has not been asked for this operation yet: ask for it.</summary>
    ApprovalNeeded = 27,
    /// <summary>The session code was used already or its ten minutes are over; the customer makes a new one.</summary>
    CodeSpent = 28,
    /// <summary>The request holds a value that this computer does not take, or comes without the step before it.</summary>
    NotAcceptable = 29,
    /// <summary>The computer does not show its log-on or unlock screen, the only place for a stored password.</summary>
    NotAtLogon = 40,
    /// <summary>The customer stored no password for the account that the log-on screen is for.</summary>
    NothingStored = 41,
    /// <summary>The stored password was not right any more and is deleted; the customer is asked for the new one.</summary>
    CredentialStale = 42,
    /// <summary>This computer has nothing that does it, or it could not be done now.</summary>
    NotAvailable = 43,
    /// <summary>The session has had as many as it may.</summary>
    LimitReached = 44,
    /// <summary>A file or folder of that name is there already.</summary>
    FileExists = 70,
    /// <summary>The computer's disk has no room for it beyond what it keeps free.</summary>
    NoRoom = 71,
    /// <summary>There is no such file or folder any more, or it is none that is shared: a link, a device.</summary>
    FileGone = 72,
    /// <summary>What arrived is not what was sent, or the file changed while it was read.</summary>
    FileDamaged = 73,
    /// <summary>The transfer was cancelled, or nothing moved for a minute.</summary>
    BrokenOff = 74,
    /// <summary>The customer shares this folder for reading only.</summary>
    FolderReadOnly = 75,
}
