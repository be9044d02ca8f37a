using System.CommandLine;
using System.Globalization;
using RemoteAccess;
using RemoteAccess.Picture;
using RemoteAccess.Transport;

namespace CommandLineViewer;

/// <summary>One of the computer's monitors, by its number in <c>monitors</c> or its name.</summary>
internal static class MonitorChoice
{
    public static Option<string?> Create() => new("--monitor") { Description = "One monitor, by its number or name in 'monitors'. Default: the whole desktop.", HelpName = "N|NAME" };

    /// <exception cref="ArgumentException">There is no such monitor, or more than one.</exception>
    public static async Task<MonitorArea> FindAsync(RemoteSession session, string which, CancellationToken cancellationToken)
    {
        ScreenLayout layout = await ReadAsync(session, cancellationToken);
        if (int.TryParse(which, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= 1 && number <= layout.Monitors.Count) return layout.Monitors[number - 1];
        return layout.Monitors.Where(monitor => monitor.Name == which).ToArray() switch
        {
            [var one] => one,
            [] => throw new ArgumentException($"There is no monitor '{which}'. See 'remoteaccess-viewer monitors'."),
            _ => throw new ArgumentException($"More than one monitor is called '{which}'. Name it by its number."),
        };
    }

    /// <summary>The monitors, with as little of the picture as can be asked for.</summary>
    public static async Task<ScreenLayout> ReadAsync(RemoteSession session, CancellationToken cancellationToken)
    {
        await foreach (PictureUpdate update in session.Picture.ReadUpdatesAsync(new PictureOptions { Region = new PixelRect(0, 0, 1, 1) }, cancellationToken)) return update.Layout;
        throw new ChannelException(ChannelError.Truncated, "The session ended before a picture came.");
    }
}
