using RemoteAccess.Interop;

namespace RemoteAccess.Sessions;

/// <summary>
/// Whether a window has had the keyboard for a while without any keys: what a person was typing to something else, when a program moved the keyboard
/// here, is not an answer. On the window's thread.
/// </summary>
internal sealed class SettledKeyboard(nint window, TimeSpan settlingTime, TimeProvider time)
{
    private bool has;
    private long since;

    /// <summary>Whether the window had the keyboard at the last look.</summary>
    public bool Has => has;

    /// <summary>Whether a key would count.</summary>
    public bool IsSettled => has && time.GetElapsedTime(since) >= settlingTime;

    /// <summary>Asks who has the keyboard.</summary>
    public void Look()
    {
        bool now = User32Input.GetForegroundWindow() == window && User32Window.GetFocus() == window;
        if (now && !has) since = time.GetTimestamp();
        has = now;
    }

    /// <summary>The keyboard has come or gone; anybody can say so, and it costs a wait only.</summary>
    public void Lose() => has = false;

    /// <summary>A key came too early: the wait begins anew.</summary>
    public void Wait() => since = time.GetTimestamp();
}
