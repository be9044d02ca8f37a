namespace RemoteAccess.Picture;

/// <summary>Monitors side by side, tops aligned, the primary one first at the left.</summary>
internal static class MonitorRow
{
    public const int MostMonitors = 4;

    private static readonly PixelSize Smallest = new(64, 64), Largest = new(7680, 4320);

    /// <exception cref="ArgumentOutOfRangeException">A monitor's size is outside 64×64 to 7680×4320.</exception>
    public static PixelSize Checked(PixelSize size, string parameter)
    {
        if (size.Width < Smallest.Width || size.Height < Smallest.Height || size.Width > Largest.Width || size.Height > Largest.Height)
            throw new ArgumentOutOfRangeException(parameter, size, $"A virtual monitor has {Smallest} to {Largest} pixels.");
        return size;
    }

    public static ScreenLayout Arrange(IReadOnlyList<PixelSize> sizes)
    {
        var monitors = new MonitorArea[sizes.Count];
        int x = 0, height = 0;
        for (int i = 0; i < monitors.Length; i++)
        {
            monitors[i] = new MonitorArea($"Virtual-{i + 1}", new PixelRect(x, 0, sizes[i].Width, sizes[i].Height), i == 0);
            x += sizes[i].Width;
            height = Math.Max(height, sizes[i].Height);
        }

        return new ScreenLayout(new PixelSize(x, height), monitors);
    }
}
