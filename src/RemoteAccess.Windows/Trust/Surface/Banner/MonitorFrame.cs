using RemoteAccess.Interop;

namespace RemoteAccess.Trust;

/// <summary>
/// A line around a monitor while somebody is connected: four windows above all others that clicks go through. It says again what the strip says; what is
/// reported as seen is the strip. Four and not one: a window over all of the monitor would be before everything. On the surface's thread.
/// </summary>
internal sealed unsafe class MonitorFrame : IDisposable
{
    private const byte Opaque = 255;
    private const uint ExtendedStyle = User32Window.TopMost | User32Window.Layered | User32Window.Transparent | User32Window.NeverActive | User32Window.ToolWindow;

    private readonly List<(OwnWindow Window, WindowSight Sight, Canvas Canvas)> edges = [];

    public MonitorFrame(PixelRect monitor, int thickness, string title, uint colour)
    {
        int inner = monitor.Height - (2 * thickness);
        PixelRect[] areas =
        [
            monitor with { Height = thickness }, monitor with { Y = monitor.Bottom - thickness, Height = thickness },
            new(monitor.X, monitor.Y + thickness, thickness, inner), new(monitor.Right - thickness, monitor.Y + thickness, thickness, inner),
        ];
        foreach (PixelRect area in areas) edges.Add(Make(area, title));
        Paint(colour);
    }

    /// <summary>From outside; for tests.</summary>
    public IReadOnlyList<nint> Windows => [.. edges.Select(edge => edge.Window.Handle)];

    public void Paint(uint colour)
    {
        foreach ((OwnWindow window, _, Canvas canvas) in edges)
        {
            canvas.Fill(new PixelRect(0, 0, canvas.Width, canvas.Height), colour);
            canvas.Show();
            window.ThrowIfFailed();
        }
    }

    /// <summary>Where and as it was made, above what is above it now. The strip is to be raised after it.</summary>
    public void PutBack()
    {
        foreach ((_, WindowSight sight, Canvas canvas) in edges)
        {
            bool wasAsMade = sight.IsAsMade;
            sight.PutBack();
            if (!wasAsMade) canvas.Show();
        }
    }

    /// <summary>Whether each line is where and as it was made.</summary>
    public bool IsAsMade => edges.TrueForAll(edge => edge.Sight.IsAsMade);

    /// <summary>Whether somebody has made one a part of a window of their own, or ended it.</summary>
    public bool IsTaken => edges.Exists(edge => User32Window.IsWindow(edge.Window.Handle) == 0 || edge.Sight.IsTaken);

    public void Dispose()
    {
        foreach ((OwnWindow window, _, Canvas canvas) in edges)
        {
            canvas.Dispose();
            window.Dispose();
        }
        edges.Clear();
    }

    private static (OwnWindow, WindowSight, Canvas) Make(PixelRect area, string title)
    {
        Canvas? canvas = null;
        OwnWindow? window = null;
        window = new OwnWindow(title, area, User32Window.Popup, ExtendedStyle, (message, _, _) =>
        {
            switch (message)
            {
                case User32Message.Paint when canvas is not null && window is not null:
                    canvas.Show();
                    _ = User32Window.ValidateRect(window.Handle, null);
                    return 0;
                case User32Message.EraseBackground:
                    return 1;
                case User32Message.Close or User32Message.SystemCommand or User32Message.SetText or User32Message.Command:
                    return 0;
                default:
                    return null;
            }
        });
        canvas = new Canvas(window.Handle, area.Width, area.Height);
        _ = User32Window.SetLayeredWindowAttributes(window.Handle, 0, Opaque, User32Window.AlphaOfAll);
        _ = User32Window.ShowWindow(window.Handle, User32Window.ShowWithoutFocus);
        return (window, new WindowSight(window.Handle, area), canvas);
    }
}
