using RemoteAccess.Interop;
using RemoteAccess.Picture;

namespace RemoteAccess.Trust;

/// <summary>What a window looks like from outside; for tests. Controls are in pixels of the window.</summary>
internal sealed record SheetLook(nuint Window, PixelRect Area, string Name, string Focus, bool IsMapped, bool IsActive, IReadOnlyList<Control> Controls);

/// <summary>
/// A window that a window manager may place, move and close: a sheet, scrolled when it is longer than the window. On the thread of its connection.
/// </summary>
/// <param name="stage">Where.</param>
/// <param name="title">Its name.</param>
/// <param name="width">Pixels at scale 1.</param>
/// <param name="height">Pixels at scale 1; null is as high as what it shows.</param>
/// <param name="isQuiet">Comes up without asking for the keyboard, in the lower right corner.</param>
/// <param name="build">Lays out what it shows.</param>
/// <param name="back">Escape, or the window manager's close button: <c>true</c> is the button.</param>
internal sealed unsafe class SheetWindow(SurfaceStage stage, string title, int width, int? height, bool isQuiet, Action<SheetBuilder> build, Action<bool> back) : IDisposable
{
    private const int WheelUp = 4, WheelDown = 5;
    private const nuint Escape = 0xff1b, PageUp = 0xff55, PageDown = 0xff56;
    private const int ShiftHeld = 1;
    private static readonly TimeSpan SettlingTime = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan MapAgain = TimeSpan.FromSeconds(1);

    private readonly SheetInput input = new();
    private Canvas? canvas;
    private Sheet? sheet;
    private PixelRect area;
    private int scroll;
    private bool isDirty, mustPaint, isMapped, wasMapped;
    private long shownAt, askedAt;
    private nuint window;

    public bool IsOpen => window != 0;

    public SheetLook? Look => window == 0 || sheet is null ? null
        : new SheetLook(window, area, sheet.Name, input.Focus, isMapped, input.IsActive, [.. sheet.Controls.Select(control => control with { Area = control.Area with { Y = control.Area.Y - scroll } })]);

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
        Sheet first = LayOut(wide);
        int high = Math.Min(height is { } wanted ? stage.Px(wanted) : first.Height, MostHeight(monitor));
        area = isQuiet
            ? new PixelRect(monitor.Right - wide - stage.Px(24), monitor.Bottom - high - stage.Px(64), wide, high)
            : new PixelRect(monitor.X + ((monitor.Width - wide) / 2), monitor.Y + ((monitor.Height - high) / 2), wide, high);
        WindowAttributes attributes = new() { EventMask = LibX11Window.ExposureMask | LibX11Window.VisibilityChangeMask | LibX11.StructureNotifyMask };
        window = LibX11Window.XCreateWindow(stage.Connection.Display, stage.Connection.Root, area.X, area.Y, (uint)wide, (uint)high, 0, 0, 1, null, LibX11Window.EventMaskBit, &attributes);
        WindowWords.Describe(stage, window, title, isQuiet ? "_NET_WM_WINDOW_TYPE_DIALOG" : "_NET_WM_WINDOW_TYPE_NORMAL");
        WindowWords.Set(stage, window, stage.Atom("WM_PROTOCOLS"), LibX11Window.AtomAtom, (nint)stage.Atom("WM_DELETE_WINDOW"));
        // Position by the user (1), least size (16): 16 of 18 words are not used.
        WindowWords.Set(stage, window, LibX11Window.AtomWmNormalHints, LibX11Window.AtomWmSizeHints, isQuiet ? 17 : 16, area.X, area.Y, wide, high, Math.Min(wide, stage.Px(320)), Math.Min(high, stage.Px(160)), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
        WindowWords.Set(stage, window, LibX11Window.AtomWmHints, LibX11Window.AtomWmHints, 1, 1, 0, 0, 0, 0, 0, 0, 0);
        if (isQuiet)
        {
            WindowWords.Set(stage, window, stage.Atom("_NET_WM_USER_TIME"), LibX11.AtomCardinal, 0);
            WindowWords.Set(stage, window, stage.Atom("_NET_WM_STATE"), LibX11Window.AtomAtom, (nint)stage.Atom("_NET_WM_STATE_ABOVE"));
        }
        stage.Devices.Listen(window, Sessions.DeviceEvents.Keys);
        canvas = new Canvas(stage.Connection, window, wide, high);
        scroll = 0;
        shownAt = askedAt = stage.Time.GetTimestamp();
        (isMapped, wasMapped) = (false, false);
        input.IsActive = !isQuiet;
        Take(first);
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
    public void Invalidate() => isDirty = true;

    /// <summary>Lays out and draws what has changed.</summary>
    public void Refresh()
    {
        if (window == 0 || canvas is null) return;
        if (!input.IsActive && stage.Time.GetElapsedTime(shownAt) >= SettlingTime) input.IsActive = true;
        AskAgain();
        if (isDirty) Take(LayOut(canvas.Width));
        if (mustPaint && sheet is not null)
        {
            stage.Painter.Draw(canvas, sheet, scroll, input.Focus);
            canvas.Show();
        }
        mustPaint = false;
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
                (shownAt, input.IsActive) = (stage.Time.GetTimestamp(), !isQuiet);
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
        mustPaint = true;
        Action? act = null;
        switch (did.Kind)
        {
            case LibXi.Motion: input.Move(did.X, did.Y + scroll, did.IsPhysical); mustPaint = false; break;
            case LibXi.Leave when did.Flags == LibXi.NotifyNormal: input.Leave(); break;
            case LibXi.ButtonPress when did.IsPhysical && did.Detail is WheelUp or WheelDown: Scroll(did.Detail == WheelUp ? -stage.Px(60) : stage.Px(60)); break;
            case LibXi.ButtonPress when did.IsPhysical: input.PressButton(did.Detail, did.X, did.Y + scroll, (did.Flags & LibXi.PointerEmulated) != 0); break;
            case LibXi.ButtonRelease when did.IsPhysical: act = input.ReleaseButton(did.Detail, did.X, did.Y + scroll); break;
            case LibXi.KeyPress when did.IsPhysical: act = PressKey(did); break;
        }
        act?.Invoke();
    }

    public void Dispose() => Close();

    /// <summary>A window manager that is just starting may miss the first request. What was there once and is away is the person's own doing.</summary>
    private void AskAgain()
    {
        if (wasMapped || stage.Time.GetElapsedTime(askedAt) < MapAgain) return;
        askedAt = stage.Time.GetTimestamp();
        _ = LibX11Window.XMapRaised(stage.Connection.Display, window);
    }

    /// <summary>The strip at the top and a panel at the bottom stay free.</summary>
    private int MostHeight(PixelRect monitor) => Math.Max(stage.Px(160), monitor.Height - (2 * stage.Px(60)));

    private Action? PressKey(Sessions.DeviceEvent did)
    {
        nuint symbol = LibX11Window.XkbKeycodeToKeysym(stage.Connection.Display, (byte)did.Detail, 0, 0);
        switch (symbol)
        {
            case Escape: return () => back(false);
            case PageUp: Scroll(-(canvas?.Height ?? 0) * 3 / 4); return null;
            case PageDown: Scroll((canvas?.Height ?? 0) * 3 / 4); return null;
        }
        Action? act = input.PressKey(symbol, (did.Modifiers & ShiftHeld) != 0, (did.Flags & LibXi.KeyRepeat) != 0);
        ShowFocus();
        return act;
    }

    private Sheet LayOut(int wide)
    {
        SheetBuilder builder = new(stage.Colours, stage.Letters, stage.Scale, wide);
        build(builder);
        return builder.Build();
    }

    private void Take(Sheet next)
    {
        bool isOther = next.Name != sheet?.Name;
        sheet = next;
        if (isOther) scroll = 0;
        input.Take(next);
        Scroll(0);
        (isDirty, mustPaint) = (false, true);
        // A window with steps grows for a longer one and does not jump back.
        if (height is null && canvas is not null && window != 0 && isOther && (isQuiet ? next.Height != canvas.Height : next.Height > canvas.Height))
        {
            int high = Math.Min(next.Height, MostHeight(DesktopPlace.Monitor(stage.Connection)));
            _ = LibX11Window.XMoveResizeWindow(stage.Connection.Display, window, area.X, isQuiet ? Math.Max(0, area.Bottom - high) : area.Y, (uint)canvas.Width, (uint)high);
        }
    }

    private void Resize(XEvent* xevent)
    {
        // Inside a frame only what the window manager sends itself is in pixels of the desktop (ICCCM 4.1.5).
        area = new PixelRect(xevent->ConfiguredX, xevent->ConfiguredY, xevent->ConfiguredWidth, xevent->ConfiguredHeight);
        if (canvas is null || (canvas.Width == area.Width && canvas.Height == area.Height)) return;
        canvas.Dispose();
        canvas = new Canvas(stage.Connection, window, Math.Max(1, area.Width), Math.Max(1, area.Height));
        isDirty = true;
    }

    private void Scroll(int by)
    {
        if (sheet is null || canvas is null) return;
        scroll = Math.Clamp(scroll + by, 0, Math.Max(0, sheet.Height - canvas.Height));
    }

    private void ShowFocus()
    {
        if (input.Focused is not { } control || canvas is null) return;
        int margin = stage.Px(12);
        if (control.Area.Y - margin < scroll) Scroll(control.Area.Y - margin - scroll);
        else if (control.Area.Y + control.Area.Height + margin > scroll + canvas.Height) Scroll(control.Area.Y + control.Area.Height + margin - scroll - canvas.Height);
    }
}
