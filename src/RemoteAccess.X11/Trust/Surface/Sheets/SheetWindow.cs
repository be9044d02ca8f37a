using RemoteAccess.Interop;

namespace RemoteAccess.Trust;

/// <summary>A window that a window manager may place, move and close, with a sheet in it. On the thread of its connection.</summary>
internal sealed unsafe class SheetWindow : IDisposable
{
    private const int MiddleButton = 2, WheelUp = 4, WheelDown = 5, ShiftHeld = 1, ControlHeld = 4, AltHeld = 8;
    private const nuint LetterV = 'v', Insert = 0xff63;
    private static readonly TimeSpan MapAgain = TimeSpan.FromSeconds(1);

    private readonly SurfaceStage stage;
    private readonly string title;
    private readonly int width;
    private readonly int? height;
    private readonly bool isQuiet;
    private readonly Action<bool> back;
    private readonly SheetView view;
    private readonly KeyLetters letters = new();
    private Canvas? canvas;
    private PixelRect area;
    private bool isMapped, wasMapped;
    private long askedAt;
    private nuint window;

    /// <param name="stage">Where.</param>
    /// <param name="title">Its name.</param>
    /// <param name="width">Pixels at scale 1.</param>
    /// <param name="height">Pixels at scale 1; null is as high as what it shows.</param>
    /// <param name="isQuiet">Comes up without asking for the keyboard, in the lower right corner.</param>
    /// <param name="build">Lays out what it shows.</param>
    /// <param name="back">Escape, or the window manager's close button: <c>true</c> is the button.</param>
    public SheetWindow(SurfaceStage stage, string title, int width, int? height, bool isQuiet, Action<SheetBuilder> build, Action<bool> back)
    {
        this.stage = stage;
        this.title = title;
        this.width = width;
        this.height = height;
        this.isQuiet = isQuiet;
        this.back = back;
        view = new SheetView(stage.Time, isQuiet, build, back);
    }

    public bool IsOpen => window != 0;

    public SheetLook? Look => window == 0 ? null : view.Look(window, area, isMapped);

    /// <summary>Shows it, or brings it to the front.</summary>
    public void Open()
    {
        if (window != 0)
        {
            _ = LibX11Window.XMapRaised(stage.Connection.Display, window);
            // 2: on behalf of the person.
            WindowWords.Tell(stage, stage.Connection.Root, window, stage.Atom("_NET_ACTIVE_WINDOW"), LibX11Window.SubstructureNotifyMask | LibX11Window.SubstructureRedirectMask, 2, 0, 0);
            return;
        }
        PixelRect monitor = DesktopPlace.Monitor(stage.Connection);
        int wide = Math.Min(stage.Px(width), monitor.Width);
        int high = Math.Min(height is { } wanted ? stage.Px(wanted) : view.HeightAt(stage.Style, wide), MostHeight(monitor));
        area = isQuiet
            ? new PixelRect(monitor.Right - wide - stage.Px(24), monitor.Bottom - high - stage.Px(64), wide, high)
            : new PixelRect(monitor.X + ((monitor.Width - wide) / 2), monitor.Y + ((monitor.Height - high) / 2), wide, high);
        WindowAttributes attributes = new() { EventMask = LibX11Window.ExposureMask | LibX11Window.VisibilityChangeMask | LibX11.StructureNotifyMask };
        window = LibX11Window.XCreateWindow(stage.Connection.Display, stage.Connection.Root, area.X, area.Y, (uint)wide, (uint)high, 0, 0, 1, null, LibX11Window.EventMaskBit, &attributes);
        Describe(wide, high);
        stage.Devices.Listen(window, Sessions.DeviceEvents.Keys);
        canvas = new Canvas(stage.Connection, window, wide, high);
        askedAt = stage.Time.GetTimestamp();
        (isMapped, wasMapped) = (false, false);
        view.Begin(stage.Style, new PixelSize(wide, high));
        _ = LibX11Window.XMapRaised(stage.Connection.Display, window);
    }

    public void Close()
    {
        canvas?.Dispose();
        canvas = null;
        if (window != 0) _ = LibX11Window.XDestroyWindow(stage.Connection.Display, window);
        (window, isMapped) = (0, false);
    }

    /// <summary>What it shows has changed.</summary>
    public void Invalidate() => view.Invalidate();

    /// <summary>Lays out and draws what has changed.</summary>
    public void Refresh()
    {
        if (window == 0 || canvas is null) return;
        AskAgain();
        if (view.Refresh() is { } high && height is null) Grow(high);
        if (view.Paint(canvas)) canvas.Show();
    }

    /// <summary>Takes an event about this window.</summary>
    public void Handle(XEvent* xevent)
    {
        if (window == 0 || (xevent->Window != window && xevent->Subject != window)) return;
        switch (xevent->Type)
        {
            case LibX11Window.Expose:
                canvas?.Show();
                break;
            case LibX11Window.DestroyNotify:
                window = 0;
                Close();
                back(true);
                break;
            case LibX11Window.MapNotify or LibX11Window.UnmapNotify:
                isMapped = xevent->Type == LibX11Window.MapNotify;
                wasMapped |= isMapped;
                break;
            case LibX11Window.VisibilityNotify when xevent->Visibility != 0:
                view.Settle();
                break;
            case LibX11.ConfigureNotify when xevent->Window == window:
                Resize(xevent);
                break;
            case LibX11Window.ClientMessage when xevent->MessageType == stage.Atom("WM_PROTOCOLS") && (nuint)xevent->Message0 == stage.Atom("WM_DELETE_WINDOW"):
                back(true);
                break;
        }
    }

    /// <summary>Takes what somebody did; what is not a person's is nothing.</summary>
    public void Handle(Sessions.DeviceEvent did)
    {
        if (window == 0 || did.Window != window) return;
        switch (did.Kind)
        {
            case LibXi.Motion: view.Move(did.X, did.Y, did.IsPhysical); break;
            case LibXi.Leave when did.Flags == LibXi.NotifyNormal: view.Leave(); break;
            case LibXi.ButtonPress when did.IsPhysical && did.Detail is WheelUp or WheelDown: view.Wheel(did.Detail == WheelUp ? 1 : -1); break;
            case LibXi.ButtonPress when did.IsPhysical && did.Detail == MiddleButton: if (view.FocusField(did.X, did.Y)) Paste(isPrimary: true); break;
            case LibXi.ButtonPress when did.IsPhysical: view.PressButton(did.Detail, did.X, did.Y, (did.Flags & LibXi.PointerEmulated) != 0); break;
            case LibXi.ButtonRelease when did.IsPhysical: view.ReleaseButton(did.Detail, did.X, did.Y); break;
            case LibXi.KeyPress when did.IsPhysical: PressKey(did); break;
        }
    }

    public void Dispose() => Close();

    private void PressKey(Sessions.DeviceEvent did)
    {
        if (view.TakesText && letters.Read(stage.Connection, did) is { } written)
        {
            view.Write(written);
            return;
        }
        nuint symbol = LibX11Window.XkbKeycodeToKeysym(stage.Connection.Display, (byte)did.Detail, 0, 0);
        if (view.TakesText && IsPaste(symbol, did.Modifiers))
        {
            if ((did.Flags & LibXi.KeyRepeat) == 0) Paste(isPrimary: false);
            return;
        }
        // A space with Ctrl or Alt is no letter, and in a line of text not Enter either.
        if (view.TakesText && symbol == ' ') return;
        view.PressKey(SheetKeys.Of(symbol, (did.Modifiers & ShiftHeld) != 0), (did.Flags & LibXi.KeyRepeat) != 0);
    }

    private static bool IsPaste(nuint symbol, int modifiers) =>
        (modifiers & (ControlHeld | AltHeld | ShiftHeld)) is var held && ((symbol == LetterV && held == ControlHeld) || (symbol == Insert && held == ShiftHeld));

    /// <summary>Into the line that has the focus now, if it still has it when the text is there.</summary>
    private void Paste(bool isPrimary)
    {
        TextLine? line = view.Line;
        stage.Paste(isPrimary, text =>
        {
            if (line is not null && view.Line == line) view.Write(TextLine.OfLines(text));
        });
    }

    private void Describe(int wide, int high)
    {
        WindowWords.Describe(stage, window, title, isQuiet ? "_NET_WM_WINDOW_TYPE_DIALOG" : "_NET_WM_WINDOW_TYPE_NORMAL");
        WindowWords.Set(stage, window, stage.Atom("WM_PROTOCOLS"), LibX11Window.AtomAtom, (nint)stage.Atom("WM_DELETE_WINDOW"));
        // Position by the user (1), least size (16): 16 of 18 words are not used.
        WindowWords.Set(stage, window, LibX11Window.AtomWmNormalHints, LibX11Window.AtomWmSizeHints, isQuiet ? 17 : 16, area.X, area.Y, wide, high, Math.Min(wide, stage.Px(320)), Math.Min(high, stage.Px(160)), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
        WindowWords.Set(stage, window, LibX11Window.AtomWmHints, LibX11Window.AtomWmHints, 1, 1, 0, 0, 0, 0, 0, 0, 0);
        if (!isQuiet) return;
        WindowWords.Set(stage, window, stage.Atom("_NET_WM_USER_TIME"), LibX11.AtomCardinal, 0);
        WindowWords.Set(stage, window, stage.Atom("_NET_WM_STATE"), LibX11Window.AtomAtom, (nint)stage.Atom("_NET_WM_STATE_ABOVE"));
    }

    /// <summary>A window manager that is just starting may miss the first request. What was there once and is away is the person's own doing.</summary>
    private void AskAgain()
    {
        if (wasMapped || stage.Time.GetElapsedTime(askedAt) < MapAgain) return;
        askedAt = stage.Time.GetTimestamp();
        _ = LibX11Window.XMapRaised(stage.Connection.Display, window);
    }

    /// <summary>The strip at the top and a panel at the bottom stay free.</summary>
    private int MostHeight(PixelRect monitor) => Math.Max(stage.Px(160), monitor.Height - (2 * stage.Px(60)));

    private void Grow(int to)
    {
        int high = Math.Min(to, MostHeight(DesktopPlace.Monitor(stage.Connection)));
        _ = LibX11Window.XMoveResizeWindow(stage.Connection.Display, window, area.X, isQuiet ? Math.Max(0, area.Bottom - high) : area.Y, (uint)area.Width, (uint)high);
    }

    private void Resize(XEvent* xevent)
    {
        // Inside a frame only what the window manager sends itself is in pixels of the desktop (ICCCM 4.1.5).
        area = new PixelRect(xevent->ConfiguredX, xevent->ConfiguredY, xevent->ConfiguredWidth, xevent->ConfiguredHeight);
        if (canvas is null || (canvas.Width == area.Width && canvas.Height == area.Height)) return;
        canvas.Dispose();
        canvas = new Canvas(stage.Connection, window, Math.Max(1, area.Width), Math.Max(1, area.Height));
        view.Resize(stage.Style, new PixelSize(canvas.Width, canvas.Height));
    }
}
