namespace RemoteAccess;

/// <summary>
/// The permitted acts, a closed set; the values are the bits of protocol.md's <c>operations</c> fields.
/// A bit outside <see cref="All"/> is unknown, and unknown means refuse.
/// </summary>
[Flags]
public enum Operations : uint
{
    /// <summary>No act at all.</summary>
    None = 0,
    /// <summary>See the picture of the screen.</summary>
    ViewScreen = 1 << 0,
    /// <summary>Use keyboard and mouse.</summary>
    ControlInput = 1 << 1,
    /// <summary>Exchange clipboard contents.</summary>
    Clipboard = 1 << 2,
    /// <summary>Send and fetch files.</summary>
    TransferFiles = 1 << 3,
    /// <summary>Exchange chat lines.</summary>
    Chat = 1 << 4,
    /// <summary>Run commands.</summary>
    RunCommands = 1 << 5,
    /// <summary>Restart the computer.</summary>
    Restart = 1 << 6,
    /// <summary>Read facts about the computer.</summary>
    SystemInfo = 1 << 7,
    /// <summary>Have a stored credential filled in at the log-on screen.</summary>
    FillCredential = 1 << 8,
    /// <summary>Record the session, with a visible mark.</summary>
    RecordSession = 1 << 9,
    /// <summary>Every known operation.</summary>
    All = (1 << 10) - 1,
}
