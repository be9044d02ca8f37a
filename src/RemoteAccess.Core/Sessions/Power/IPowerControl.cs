using RemoteAccess.Trust;

namespace RemoteAccess.Sessions;

/// <summary>How a computer starts again.</summary>
public enum RestartMode
{
    /// <summary>As usual; out of safe mode too.</summary>
    Normal = 1,
    /// <summary>In safe mode with networking, with the agent's service running, for one time: the restart after it is as usual, whoever asks for it.</summary>
    SafeModeWithNetworking = 2,
}

/// <summary>The seam to restarting the computer. Thread-safe.</summary>
public interface IPowerControl
{
    /// <summary>Whether it can start this computer that way.</summary>
    bool Supports(RestartMode mode);

    /// <summary>Has the operating system restart the computer, with its own notice to whoever sits there, and returns before it does.</summary>
    /// <param name="mode">One that is supported.</param>
    /// <param name="permit">A live permit for <see cref="Operations.Restart"/>.</param>
    /// <param name="cancellationToken">Cancels before anything is changed.</param>
    /// <returns>How long until it begins.</returns>
    /// <exception cref="DesktopException">The operating system refused; nothing is changed.</exception>
    /// <exception cref="AccessRefusedException">The permit is withdrawn.</exception>
    ValueTask<TimeSpan> RestartAsync(RestartMode mode, OperationPermit permit, CancellationToken cancellationToken);
}
