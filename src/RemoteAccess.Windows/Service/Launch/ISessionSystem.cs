using System.ComponentModel;

namespace RemoteAccess.Interop;

/// <summary>With whose rights a process is started in a session.</summary>
internal enum SessionAccount
{
    /// <summary>This process' own, so that it may follow the lock screen and prompts of the system.</summary>
    Own,
    /// <summary>Those of the user who is logged on there.</summary>
    User,
}

/// <summary>The seam to Windows' sessions. Thread-safe.</summary>
internal interface ISessionSystem
{
    /// <summary>Whether this process is a service; else everything is in its own session.</summary>
    bool IsService { get; }

    /// <summary>The session of the person: see <see cref="PersonsSession"/>. Null while sessions change.</summary>
    uint? ActiveSession { get; }

    /// <summary>Starts this very program in a session, in a job that ends with this process.</summary>
    /// <exception cref="Win32Exception">Windows refused: nobody is logged on (1008), the session is over, no right to do it.</exception>
    ISessionProcess Start(IReadOnlyList<string> arguments, uint session, SessionAccount account);
}
