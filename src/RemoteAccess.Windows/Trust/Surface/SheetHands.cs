using RemoteAccess.Interop;
using RemoteAccess.Sessions;

namespace RemoteAccess.Trust;

/// <summary>
/// What a person does at the windows with sheets. The hooks it needs see all that is typed on the desktop, so they are there only while such a window is
/// open; nothing is kept of what is not for one. On the surface's thread.
/// </summary>
internal sealed class SheetHands : IDisposable
{
    private readonly List<SheetWindow> open = [];
    private PersonsInput? person;

    /// <summary>While a window is open.</summary>
    public PersonsInput? Person => person;

    /// <exception cref="DesktopException">A person's input cannot be told from a program's.</exception>
    public void Join(SheetWindow window)
    {
        open.Add(window);
        person ??= new PersonsInput(Moved);
    }

    public void Part(SheetWindow window)
    {
        if (!open.Remove(window) || open.Count > 0) return;
        Dispose();
    }

    public void Dispose()
    {
        person?.Dispose();
        person = null;
    }

    /// <summary>A window has the pointer when no other covers it there, as if the window itself had been told.</summary>
    private void Moved(int x, int y, bool isPhysical)
    {
        nint under = User32Window.WindowFromPoint(new Point { X = x, Y = y });
        foreach (SheetWindow window in open) window.Move(under, x, y, isPhysical);
    }
}
