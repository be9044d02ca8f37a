namespace RemoteAccess;

/// <summary>What a <see cref="VirtualDesktop"/> is made with. Immutable; checked when the desktop is made.</summary>
public sealed record VirtualDesktopOptions
{
    /// <summary>Pixels of each monitor, 64×64 to 7680×4320. Default 1920×1080.</summary>
    public PixelSize Size { get; init; } = new(1920, 1080);

    /// <summary>How many monitors stand side by side at the start, 1 to 4. Default 1.</summary>
    public int Monitors { get; init; } = 1;

    /// <summary>The name shown on the desktop, 1 to 40 characters. Default "Demo computer".</summary>
    public string ComputerName { get; init; } = "Demo computer";

    /// <summary>
    /// True for a desktop of one colour without windows, task bar and clock: nothing is on it but what <see cref="VirtualDesktop.Draw"/>
    /// puts there, and nothing changes by itself. Default false.
    /// </summary>
    public bool IsBlank { get; init; }

    /// <summary>The clock: what time is shown, when frames are captured, how long nobody has been at the computer. Default the system's.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    internal VirtualDesktopOptions Checked()
    {
        Picture.MonitorRow.Checked(Size, nameof(Size));
        if (Monitors is < 1 or > Picture.MonitorRow.MostMonitors)
            throw new ArgumentOutOfRangeException(nameof(Monitors), Monitors, $"A virtual desktop has 1 to {Picture.MonitorRow.MostMonitors} monitors.");
        if (ComputerName is not { Length: >= 1 and <= 40 })
            throw new ArgumentOutOfRangeException(nameof(ComputerName), ComputerName, "A virtual desktop's ComputerName has 1 to 40 characters.");
        ArgumentNullException.ThrowIfNull(TimeProvider);
        return this;
    }
}
