namespace RemoteAccess.Trust;

/// <summary>What has become of a call for help.</summary>
public enum HelpCallState
{
    /// <summary>The code is good, and nobody has tried it.</summary>
    Waiting,
    /// <summary>A technician is connecting, or the person is being asked about them.</summary>
    Connecting,
    /// <summary>The session is running.</summary>
    InSession,
    /// <summary>The session is over, or the code was used up by a wrong attempt or a no, or its time ran out, or it was taken back.</summary>
    Over,
}
