namespace RemoteAccess;

/// <summary>How a session ended, seen from the viewer.</summary>
public enum SessionEndKind
{
    /// <summary>This side finished it.</summary>
    Finished,
    /// <summary>The computer ended it and said why; nothing was lost.</summary>
    EndedByComputer,
    /// <summary>The connection was cut: nobody finished the session, and the last events may not have arrived.</summary>
    Truncated,
    /// <summary>The computer broke the protocol.</summary>
    ProtocolViolation,
}

/// <summary>How and why a session ended.</summary>
/// <param name="Kind">How.</param>
/// <param name="Reason">The computer's rule, for <see cref="SessionEndKind.EndedByComputer"/>; else <see cref="RefusalReason.None"/>.</param>
/// <param name="Text">For people.</param>
public sealed record SessionEnd(SessionEndKind Kind, RefusalReason Reason, string Text);
