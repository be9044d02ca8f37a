using Microsoft.Extensions.Logging;

namespace RemoteAccess.Picture;

/// <summary>Chooses how the screen is read: Desktop Duplication where the system gives it, else GDI. Says which in the log, once for each answer.</summary>
/// <param name="isWanted">Whether Desktop Duplication is asked for at all.</param>
/// <param name="logger">Told the choice.</param>
/// <param name="duplicate">Asks for Desktop Duplication.</param>
internal sealed class ScreenSources(bool isWanted, ILogger logger, Func<MonitorLayout, DuplicationAnswer> duplicate)
{
    /// <summary>How long GDI does where Desktop Duplication may come back.</summary>
    public const int AgainMilliseconds = 5000;

    /// <summary>A duplication that lives shorter than this, so often in a row, is of no use.</summary>
    private const int ShortLifeMilliseconds = 1000, MostShortLives = 3;

    private string? told;
    private long duplicatedAt = -ShortLifeMilliseconds;
    private int shortLives;

    /// <summary>On the capture's thread.</summary>
    public IScreenSource Open()
    {
        if (!isWanted) return Gdi("the options say so.", false);
        shortLives = Environment.TickCount64 - duplicatedAt < ShortLifeMilliseconds ? shortLives + 1 : 0;
        if (shortLives >= MostShortLives) return Gdi("Desktop Duplication is lost again and again.", true);
        MonitorLayout monitors = new();
        DuplicationAnswer answer = duplicate(monitors);
        if (answer.Outputs is null) return Gdi(answer.Reason, answer.MayComeBack);
        if (told is not "") Log.CapturesByDuplication(logger, answer.Outputs.Count);
        told = "";
        duplicatedAt = Environment.TickCount64;
        return new DuplicationSource(answer.Outputs, monitors.Current, monitors.Refresh);
    }

    private GdiSource Gdi(string reason, bool mayComeBack)
    {
        if (told != reason) Log.CapturesByGdi(logger, reason);
        told = reason;
        return new GdiSource(mayComeBack ? AgainMilliseconds : null);
    }
}
