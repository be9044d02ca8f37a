using RemoteAccess.Interop;
using RemoteAccess.Sessions;

namespace RemoteAccess.Trust;

/// <summary>
/// What the person pastes into a line: the text of a selection, once. Another program owns it and may take its time, so it is read on a connection and thread of its own, and never on the one that draws. What a
/// password manager marked stays where it is.
/// </summary>
internal sealed class PastedText : DisplayThread
{
    private readonly TaskCompletionSource<string?> read = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly bool isPrimary;
    private SelectionReader? reader;

    private PastedText(string? displayName, bool isPrimary) : base(displayName, "RemoteAccess X11 paste") => this.isPrimary = isPrimary;

    /// <param name="displayName">The X display.</param>
    /// <param name="isPrimary">What is selected (middle button) instead of what was copied.</param>
    /// <param name="take">Gets the text.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Hands it on; does nothing when there is no text, or none that comes.</returns>
    public static async Task<Action> ReadAsync(string? displayName, bool isPrimary, Action<string> take, CancellationToken cancellationToken)
    {
        var paste = new PastedText(displayName, isPrimary);
        try
        {
            await paste.StartAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (DesktopException)
        {
            // The surface's own thread says when the display is gone.
            return static () => { };
        }
        await using (paste.ConfigureAwait(false))
        {
            string? text = await paste.read.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
            return () => take(text ?? "");
        }
    }

    protected override void Prepare()
    {
        nuint window = LibX11Selection.CreateWindow(Connection, LibX11Selection.PropertyChangeMask);
        ClipboardAtoms atoms = new(Connection);
        reader = new SelectionReader(Connection, window, atoms, isPrimary ? LibX11Selection.AtomPrimary : atoms.Clipboard, Pump);
    }

    protected override void Work()
    {
        if (reader!.TryRead(0, out string? text)) read.TrySetResult(text);
    }

    protected override void Fail(Exception error) => read.TrySetResult(null);

    protected override void CleanUp() => read.TrySetResult(null);

    private unsafe bool Pump(int milliseconds)
    {
        WaitForActivity(milliseconds);
        XEvent xevent;
        while (LibX11.XPending(Connection.Display) > 0)
        {
            _ = LibX11.XNextEvent(Connection.Display, &xevent);
            Connection.ThrowIfLost();
            reader!.Handle(&xevent);
        }
        return !IsStopping;
    }
}
