namespace RemoteAccess.Interop;

/// <summary>One connection to an X server. Used by one thread at a time; only <see cref="Sever"/> may come from another.</summary>
internal sealed class XConnection : IDisposable
{
    private readonly string name;
    private readonly Lock severing = new();
    private volatile bool lost;
    /// <summary>The socket once more: ours to close, so that severing never hits a descriptor Xlib has closed and the system given to others.</summary>
    private int severable;
    private byte error;

    private XConnection(nint display, string name)
    {
        Display = display;
        this.name = name;
        Descriptor = LibX11.XConnectionNumber(display);
        severable = LibC.fcntl(Descriptor, LibC.DuplicateCloseOnExec, 0);
        Screen = LibX11.XDefaultScreen(display);
        Root = LibX11.XRootWindow(display, Screen);
        XErrors.Watch(this);
    }

    public nint Display { get; }

    public int Screen { get; }

    public nuint Root { get; }

    /// <summary>The socket, for poll.</summary>
    public int Descriptor { get; }

    /// <summary>Connects; blocks until the server answers.</summary>
    /// <param name="display">Null or empty: $DISPLAY.</param>
    /// <exception cref="DesktopException">A library is missing, or there is no such display.</exception>
    public static XConnection Open(string? display)
    {
        NativeLibraries.Demand();
        XErrors.Install();
        string? name = string.IsNullOrEmpty(display) ? Environment.GetEnvironmentVariable("DISPLAY") : display;
        if (string.IsNullOrEmpty(name))
            throw new DesktopException(DesktopError.NoDisplay, "There is no display to share: DISPLAY is not set. Set DISPLAY (for example :0) or give --display, and XAUTHORITY if the agent runs outside the user's login session.");
        nint connection = LibX11.XOpenDisplay(name);
        if (connection == 0)
            throw new DesktopException(DesktopError.NoDisplay, $"The display {name} cannot be opened. Check that its X server runs, that DISPLAY or --display names it, and that XAUTHORITY points to the cookie file of the user who is logged in there.");
        return new XConnection(connection, name);
    }

    /// <summary>Waits until the server has handled everything sent so far, and reports an error among it.</summary>
    /// <exception cref="DesktopException">The server is gone.</exception>
    public byte Sync()
    {
        if (!lost) _ = LibX11.XSync(Display, 0);
        ThrowIfLost();
        return TakeError();
    }

    /// <summary>The code of the last X error since the last call; 0 for none.</summary>
    public byte TakeError()
    {
        byte code = error;
        error = 0;
        return code;
    }

    /// <exception cref="DesktopException">The server is gone.</exception>
    public void ThrowIfLost()
    {
        if (lost) throw Lost();
    }

    public DesktopException Lost() => new(DesktopError.DisplayLost, $"The connection to the display {name} was lost. Open the desktop again when its X server is back.");

    /// <summary>Ends the conversation from another thread, so that a call that waits for a server which does not answer returns.</summary>
    public void Sever()
    {
        lock (severing)
        {
            if (severable >= 0) _ = LibC.shutdown(severable, LibC.ShutReadWrite);
        }
    }

    /// <summary>Once. Waits for the server, unless it is gone or <see cref="Sever"/> is called.</summary>
    public void Dispose()
    {
        _ = LibX11.XCloseDisplay(Display);
        XErrors.Forget(this);
        lock (severing)
        {
            if (severable >= 0) _ = LibC.close(severable);
            severable = -1;
        }
    }

    internal void Note(byte code) => error = code;

    internal void NoteLoss() => lost = true;

    public bool IsLost => lost;
}
