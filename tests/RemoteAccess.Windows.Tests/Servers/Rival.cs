using RemoteAccess.Interop;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

/// <summary>
/// A program that wants to be on top too, and never rests: two topmost windows at the same place, raised in turn. Two, and painted each time, so that each raising is
/// a change and seen: Wine does nothing for a window that is on top as far as it knows, and a window that was never painted shows what was there before.
/// </summary>
internal sealed class Rival(PixelRect area) : DesktopThread("a rival")
{
    private const uint Colour = 0x00c000;
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(5);
    private readonly List<(OwnWindow Window, Canvas Canvas)> windows = [];

    public static async Task<Rival> StartAsync(PixelRect area)
    {
        Rival rival = new(area);
        await rival.StartAsync(CancellationToken.None);
        return rival;
    }

    protected override void Prepare()
    {
        for (int i = 0; i < 2; i++)
        {
            OwnWindow window = new("another program", area, User32Window.Popup, User32Window.TopMost, static (_, _, _) => null);
            Canvas canvas = new(window.Handle, area.Width, area.Height);
            canvas.Fill(new PixelRect(0, 0, area.Width, area.Height), Colour);
            windows.Add((window, canvas));
        }
    }

    protected override unsafe void Work()
    {
        for (int turn = 0; !IsStopping; turn++)
        {
            (OwnWindow window, Canvas canvas) = windows[turn % windows.Count];
            _ = User32Window.SetWindowPos(window.Handle, User32Window.OnTop, 0, 0, 0, 0, User32Window.NoMove | User32Window.NoSize | User32Window.NoActivate | User32Window.ShowIt);
            canvas.Show();
            ThreadMessage message;
            while (!IsStopping && User32Message.PeekMessage(&message, 0, 0, 0, User32Message.Remove) != 0) _ = User32Message.DispatchMessage(&message);
            Signal.WaitForMessages(Tick);
        }
    }

    /// <summary>The test sees nothing covered then, and says so.</summary>
    protected override void Fail(Exception error) => Console.Error.WriteLine($"The rival failed: {error}");

    protected override void CleanUp()
    {
        foreach ((OwnWindow window, Canvas canvas) in windows)
        {
            canvas.Dispose();
            window.Dispose();
        }
    }
}
