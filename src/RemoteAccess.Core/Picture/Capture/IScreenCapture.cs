namespace RemoteAccess.Picture;

/// <summary>A running capture of the whole desktop. Not thread-safe: one caller at a time.</summary>
public interface IScreenCapture : IAsyncDisposable
{
    /// <summary>
    /// Waits until pixels, cursor or layout differ from the previous call and lends the newest frame; the first call answers at once
    /// with the whole desktop damaged. At most two frames may be lent at a time: dispose one before asking for a third. Whoever awaits the call
    /// may go on on the capture's own thread, which captures nothing meanwhile: work there, but do not block waiting for the capture.
    /// </summary>
    /// <exception cref="AccessRefusedException">The permit the capture was opened with is withdrawn.</exception>
    /// <exception cref="DesktopException">The display is gone or changed to a format that cannot be captured.</exception>
    ValueTask<ScreenFrame> CaptureAsync(CancellationToken cancellationToken);
}
