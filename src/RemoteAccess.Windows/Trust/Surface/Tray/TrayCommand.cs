namespace RemoteAccess.Trust;

/// <summary>
/// What can be asked for at the icon. Windows' menu does not tell whose hand chose: so nothing of it lets anybody in. What would, lifting a block above
/// all, opens the window at its page, where only a person's devices count.
/// </summary>
internal enum TrayCommand
{
    None,
    /// <summary>Opens the window where it was.</summary>
    Open,
    Stop,
    BlockHour,
    BlockToday,
    BlockForever,
    /// <summary>The page with the button.</summary>
    Unblock,
    /// <summary>Who is connected and who may connect, until when.</summary>
    Details,
    History,
    Report,
    /// <summary>The wizard.</summary>
    Revoke,
}
