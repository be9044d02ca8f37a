namespace RemoteAccess.Sessions;

/// <summary>
/// Injects keyboard and mouse input of one session. Not thread-safe: one caller at a time. Keeps account of what it holds down and
/// releases it when disposed; a permit's withdrawal releases it within 100 ms.
/// </summary>
public interface IInputInjector : IAsyncDisposable
{
    /// <summary>Injects one event and returns when the system has taken it. Positions outside the desktop are clamped to it.</summary>
    /// <exception cref="AccessRefusedException">The permit the injector was opened with is withdrawn.</exception>
    /// <exception cref="DesktopException">The display is gone.</exception>
    ValueTask InjectAsync(InputEvent input, CancellationToken cancellationToken);
}
