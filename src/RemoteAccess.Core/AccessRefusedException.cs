namespace RemoteAccess;

/// <summary>The computer refused: at the handshake, or for one operation in the session. Not a fault; the customer's rule at work.</summary>
public sealed class AccessRefusedException : Exception
{
    /// <summary>A refusal with its rule and, for <see cref="RefusalReason.LockedOut"/> and rate limits, when to try again.</summary>
    public AccessRefusedException(RefusalReason reason, TimeSpan retryAfter = default, Operations operation = Operations.None)
        : base(Explain(reason, retryAfter, operation))
    {
        Reason = reason;
        RetryAfter = retryAfter;
        Operation = operation;
    }

    /// <summary>The rule that refused.</summary>
    public RefusalReason Reason { get; }

    /// <summary>How long to wait before the next attempt can succeed; zero when waiting does not help or is not needed.</summary>
    public TimeSpan RetryAfter { get; }

    /// <summary>The refused operation inside a session, else <see cref="Operations.None"/>.</summary>
    public Operations Operation { get; }

    private static string Explain(RefusalReason reason, TimeSpan retryAfter, Operations operation)
    {
        string text = reason switch
        {
            RefusalReason.NotAuthorized => "The computer did not recognise this technician. Check that the grant belongs to this computer and that the technician's certificate is current.",
            RefusalReason.GrantUnknown => "The computer holds no such grant. Ask the customer for a new one.",
            RefusalReason.GrantChanged => "The grant on the computer differs from the one presented. Fetch the current grant and try again.",
            RefusalReason.Expired => "The grant is outside its period. Ask the customer for a new one.",
            RefusalReason.Revoked => "The customer revoked this grant. Ask the customer for a new one.",
            RefusalReason.SuiteTooWeak => "The grant asks for a stronger cipher suite than was offered. Update the viewer.",
            RefusalReason.Blocked => "The customer has blocked remote access for now.",
            RefusalReason.OutsideHours => "It is outside the hours the customer agreed to.",
            RefusalReason.OperationNotGranted => "More was asked for than the grant and the technician's certificate allow. Ask for fewer operations.",
            RefusalReason.LockedOut => "Too many wrong access codes. The customer can unlock the grant at the computer.",
            RefusalReason.Busy when operation == Operations.TransferFiles => "The computer does as many of these at once as it does. Wait for one to be over.",
            RefusalReason.LimitReached when operation == Operations.TransferFiles => "The session has had as many files as it may. Connect again.",
            RefusalReason.NotAvailable when operation == Operations.TransferFiles => "The computer shares no folder, or its operating system does not let the agent at the file.",
            RefusalReason.FileExists => "A file or folder of that name is there already. Choose another name, or ask for it to be replaced.",
            RefusalReason.NoRoom => "The computer's disk has no room for the file.",
            RefusalReason.FileGone => "There is no such file or folder, or it is none that is shared. List the folder again.",
            RefusalReason.FileDamaged => "The file that arrived is not the one that was sent, or changed while it was read. Try again.",
            RefusalReason.BrokenOff => "The transfer was cancelled, or nothing moved for a minute.",
            RefusalReason.FolderReadOnly => "The customer shares this folder for reading only.",
            RefusalReason.Busy => "Another attempt with the same grant is under way. Try again in a moment.",
            RefusalReason.WrongAccessCode => "The access code is wrong.",
            RefusalReason.ReasonRequired => "The grant requires a reason for each session. Give one.",
            RefusalReason.RecordUnavailable => "The computer cannot keep its record of the session, so no session may begin. Somebody must look at its disk.",
            RefusalReason.Withdrawn => "The customer has withdrawn this operation.",
            RefusalReason.SessionEnded => "The session has ended.",
            RefusalReason.TooManySessions => "The computer is serving as many attempts or sessions as it allows. Try again in a moment.",
            RefusalReason.RuleNotSupported => "The grant has a rule that this version of the agent cannot keep. Update the agent, or ask the customer for a grant without it.",
            RefusalReason.CredentialsRequired => "The computer wants credentials of one of its accounts first. Give them, then go on.",
            RefusalReason.CredentialsWrong => "No right credentials of the computer were given within the tries and the time allowed. Connect again.",
            RefusalReason.SurfaceLost => "Nothing at the computer shows its user that somebody is connected, so nobody may be. Somebody there must start its remote access indicator.",
            RefusalReason.Stopped => "The person at the computer stopped the session. You may connect again.",
            RefusalReason.InUse => "Somebody uses the computer, and the grant allows no session meanwhile. Try again when nobody does.",
            RefusalReason.NotConsented => "The person at the computer was asked and did not say yes.",
            RefusalReason.InputSuspended => "A question is open on the computer's screen; until the person there has answered, keyboard and mouse are theirs.",
            RefusalReason.ApprovalNeeded => "The person at the computer has not been asked for this yet. Ask for it first.",
            RefusalReason.CodeSpent => "The session code was used already, or its ten minutes are over. Ask the customer to call for help again.",
            RefusalReason.NotAcceptable => "The request holds a value that the computer does not take, or comes without the step before it.",
            RefusalReason.DesktopUnavailable => "The computer's screen, keyboard or mouse cannot be used at the moment.",
            _ => $"The computer refused with code {(byte)reason}, which this version does not know. Update the viewer.",
        };
        if (operation != Operations.None) text = $"{operation}: {text}";
        if (retryAfter > TimeSpan.Zero) text += $" Next attempt in {Math.Ceiling(retryAfter.TotalSeconds):0} s.";
        return text;
    }
}
