namespace RemoteAccess.Trust;

/// <summary>Tells whether the computer shows its log-on or unlock screen. Platform packages have one. Calls may come from any thread, several a second.</summary>
public interface ILogonScreen
{
    /// <summary>As it is now. What it throws counts as not shown.</summary>
    LogonScreenState Read();
}

/// <summary>What the computer shows.</summary>
/// <param name="IsShown">Whether it is the log-on or unlock screen, and nothing else can be reached.</param>
/// <param name="User">Whose session is locked there, as the operating system names the account; null when nobody is logged on.</param>
public readonly record struct LogonScreenState(bool IsShown, string? User);
