using RemoteAccess.Interop;

namespace RemoteAccess.Tests;

/// <summary>A topmost window of another program, as far as the prompt can tell: on a thread of its own.</summary>
internal sealed class OtherWindow(PixelRect area) : DesktopThread("another program")
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(20);
    private OwnWindow? window;

    public nint Handle { get; private set; }

    public static async Task<OtherWindow> OpenAsync(PixelRect area)
    {
        OtherWindow other = new(area);
        await other.StartAsync(CancellationToken.None);
        return other;
    }

    protected override void Prepare()
    {
        window = new OwnWindow("another program", area, User32Window.Popup, User32Window.TopMost, (_, _, _) => null);
        Handle = window.Handle;
        _ = User32Window.ShowWindow(Handle, User32Window.ShowWithoutFocus);
    }

    protected override unsafe void Work()
    {
        while (!IsStopping)
        {
            ThreadMessage message;
            while (User32Message.PeekMessage(&message, 0, 0, 0, User32Message.Remove) != 0) _ = User32Message.DispatchMessage(&message);
            Signal.WaitForMessages(Tick);
        }
    }

    protected override void Fail(Exception error) => Handle = 0;

    protected override void CleanUp() => window?.Dispose();
}
