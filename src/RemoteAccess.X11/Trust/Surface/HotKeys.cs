using RemoteAccess.Interop;

namespace RemoteAccess.Trust;

/// <summary>
/// Ctrl+Alt+Shift+End stops, Ctrl+Alt+Shift+Home opens the window, wherever the keyboard is. Anybody's press counts: neither does harm. Another program
/// may have them already; then they are not offered. On the thread of its connection.
/// </summary>
internal sealed unsafe class HotKeys : IDisposable
{
    private const nuint Home = 0xff50, End = 0xff57;
    private const uint Chord = LibX11Window.Control | LibX11Window.Alt | LibX11Window.Shift;
    private static readonly uint[] Locks = [0, LibX11Window.CapsLock, LibX11Window.NumLock, LibX11Window.CapsLock | LibX11Window.NumLock];
    private readonly XConnection connection;
    private byte stopKey, openKey;
    private readonly Action stop, open;

    public HotKeys(SurfaceStage stage, Action stop, Action open)
    {
        connection = stage.Connection;
        this.stop = stop;
        this.open = open;
        stopKey = Grab(End);
        openKey = Grab(Home);
    }

    public bool CanStop => stopKey != 0;

    public bool CanOpen => openKey != 0;

    public void Handle(XEvent* xevent)
    {
        if (xevent->Type != LibX11Window.CoreKeyPress || xevent->IsSent != 0 || (xevent->KeyModifiers & Chord) != Chord) return;
        if (CanStop && xevent->Keycode == stopKey) stop();
        else if (CanOpen && xevent->Keycode == openKey) open();
    }

    public void Dispose()
    {
        Release(stopKey);
        Release(openKey);
        stopKey = openKey = 0;
    }

    private byte Grab(nuint symbol)
    {
        _ = connection.Sync();
        byte key = LibX11Window.XKeysymToKeycode(connection.Display, symbol);
        if (key == 0) return 0;
        foreach (uint locks in Locks) _ = LibX11Window.XGrabKey(connection.Display, key, Chord | locks, connection.Root, 0, LibX11Window.GrabAsync, LibX11Window.GrabAsync);
        if (connection.Sync() == 0) return key;
        Release(key);
        return 0;
    }

    private void Release(byte key)
    {
        if (key == 0) return;
        foreach (uint locks in Locks) _ = LibX11Window.XUngrabKey(connection.Display, key, Chord | locks, connection.Root);
    }
}
