namespace RemoteAccess.Picture;

/// <summary>The monitors of a desktop. Immutable.</summary>
/// <param name="Size">The whole desktop, which every monitor lies in.</param>
/// <param name="Monitors">At least one; the primary one first.</param>
public sealed record ScreenLayout(PixelSize Size, IReadOnlyList<MonitorArea> Monitors);

/// <summary>One monitor.</summary>
/// <param name="Name">The system's name of the output, for people.</param>
/// <param name="Area">Where it lies on the desktop.</param>
/// <param name="IsPrimary">Whether the system calls it the primary one.</param>
public sealed record MonitorArea(string Name, PixelRect Area, bool IsPrimary);
