using RemoteAccess.Interop;

namespace RemoteAccess.Trust;

/// <summary>
/// Ctrl+Alt+Shift+End stops, Ctrl+Alt+Shift+Home opens the window, wherever the keyboard is. Anybody's press counts, a message of any program's too:
/// neither does harm. Another program may have them already; then they are not offered. On the surface's thread.
/// </summary>
internal sealed class HotKeys : IDisposable
{
    private const uint End = 0x23, Home = 0x24;
    private const uint Chord = User32Window.ChordControl | User32Window.ChordAlt | User32Window.ChordShift | User32Window.ChordOnce;
    private const int StopId = 1, OpenId = 2;
    private readonly OwnWindow window;
    private readonly Action stop, open;

    public HotKeys(SurfaceStage stage, Action stop, Action open)
    {
        this.stop = stop;
        this.open = open;
        // Never shown. A message to a window reaches it in a loop of the system's too, one to the thread does not.
        window = new OwnWindow(stage.Texts["title"], default, User32Window.Popup, User32Window.ToolWindow, Handle);
        CanStop = User32Window.RegisterHotKey(window.Handle, StopId, Chord, End) != 0;
        CanOpen = User32Window.RegisterHotKey(window.Handle, OpenId, Chord, Home) != 0;
    }

    public bool CanStop { get; private set; }

    public bool CanOpen { get; private set; }

    public void Dispose()
    {
        if (CanStop) _ = User32Window.UnregisterHotKey(window.Handle, StopId);
        if (CanOpen) _ = User32Window.UnregisterHotKey(window.Handle, OpenId);
        CanStop = CanOpen = false;
        window.Dispose();
    }

    private nint? Handle(uint message, nuint first, nint second)
    {
        if (message != User32Message.HotKey) return message is User32Message.Close ? 0 : null;
        if (first == StopId) stop();
        if (first == OpenId) open();
        return 0;
    }
}
