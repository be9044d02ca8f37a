using RemoteAccess.Interop;

namespace RemoteAccess.Trust;

/// <summary>The icon from outside; for tests.</summary>
internal sealed record TrayLook(nuint Window, bool IsDocked, FigureKind Kind, string Words);

/// <summary>
/// The icon in the system tray (freedesktop.org System Tray Protocol 0.3, XEMBED 0.5): a person while somebody is connected, a padlock otherwise, a
/// crossed circle while blocked. Without a tray there is none, and it docks when one comes. On the thread of its connection.
/// </summary>
internal sealed unsafe class TrayIcon : IDisposable
{
    private const int Dock = 0, EmbedVersion = 0, EmbedMapped = 1, LeftButton = 1;
    private static readonly TimeSpan TryAgain = TimeSpan.FromSeconds(1);

    private readonly SurfaceStage stage;
    private readonly Action open;
    private readonly nuint selection, manager;
    private nuint owner, window;
    private Canvas? canvas;
    private FigureKind kind;
    private string words = "";
    private int side;
    private bool isDocked, mustDraw, isPressed;
    private long triedAt;

    public TrayIcon(SurfaceStage stage, Action open)
    {
        this.stage = stage;
        this.open = open;
        selection = stage.Atom($"_NET_SYSTEM_TRAY_S{stage.Connection.Screen}");
        manager = stage.Atom("MANAGER");
        side = stage.Px(24);
    }

    /// <summary>Whether there is a tray, as far as was looked.</summary>
    public bool HasTray => owner != 0;

    public TrayLook Look => new(window, isDocked, kind, words);

    /// <param name="now">The figure.</param>
    /// <param name="say">What the icon means, for who points at it or hears it read.</param>
    /// <param name="isWanted">False when the panel shows it already in another way.</param>
    public void Refresh(FigureKind now, string say, bool isWanted)
    {
        if (!isWanted && window != 0) Clear();
        if (now != kind || say != words)
        {
            (kind, words, mustDraw) = (now, say, true);
            if (window != 0) WindowWords.Describe(stage, window, words, "_NET_WM_WINDOW_TYPE_NOTIFICATION");
        }
        if (isWanted && !isDocked && (triedAt == 0 || stage.Time.GetElapsedTime(triedAt) >= TryAgain)) Ask();
        if (mustDraw && window != 0) Draw();
    }

    public void Handle(XEvent* xevent)
    {
        switch (xevent->Type)
        {
            case LibX11Window.ClientMessage when xevent->Window == stage.Connection.Root && xevent->MessageType == manager && (nuint)xevent->Message1 == selection:
                Clear();
                triedAt = 0;
                break;
            case LibX11Window.DestroyNotify when owner != 0 && xevent->Subject == owner:
                owner = 0;
                Clear();
                break;
            case LibX11Window.DestroyNotify when window != 0 && xevent->Subject == window:
                window = 0;
                Clear();
                break;
            case LibX11Window.ReparentNotify when window != 0 && xevent->Subject == window:
                // A tray that goes gives its icons back to the desktop, where they would stand about.
                isDocked = xevent->Parent != stage.Connection.Root;
                if (!isDocked) Clear();
                break;
            case LibX11.ConfigureNotify when window != 0 && xevent->Window == window:
                side = Math.Max(8, Math.Min(xevent->ConfiguredWidth, xevent->ConfiguredHeight));
                (mustDraw, canvas) = (true, Renew(xevent->ConfiguredWidth, xevent->ConfiguredHeight));
                break;
            case LibX11Window.Expose when window != 0 && xevent->Window == window:
                mustDraw = true;
                break;
        }
    }

    public void Handle(Sessions.DeviceEvent did)
    {
        if (window == 0 || did.Window != window || did.Detail != LeftButton) return;
        bool wasPressed = isPressed;
        if (did.Kind is LibXi.ButtonPress or LibXi.ButtonRelease) isPressed = did.Kind == LibXi.ButtonPress;
        if (did.Kind == LibXi.ButtonRelease && wasPressed) open();
    }

    public void Dispose() => Clear();

    private void Ask()
    {
        triedAt = stage.Time.GetTimestamp();
        nint display = stage.Connection.Display;
        // Between the question and the listening the tray must not go unseen.
        _ = LibX11.XGrabServer(display);
        owner = LibX11Window.XGetSelectionOwner(display, selection);
        if (owner != 0) _ = LibX11.XSelectInput(display, owner, LibX11.StructureNotifyMask);
        _ = LibX11.XUngrabServer(display);
        if (owner == 0)
        {
            Clear();
            return;
        }
        if (window == 0) Create();
        WindowWords.Tell(stage, owner, owner, stage.Atom("_NET_SYSTEM_TRAY_OPCODE"), 0, 0, Dock, (nint)window);
        _ = stage.Connection.TakeError();
    }

    private void Create()
    {
        WindowAttributes attributes = new() { EventMask = LibX11Window.ExposureMask | LibX11.StructureNotifyMask };
        window = LibX11Window.XCreateWindow(stage.Connection.Display, stage.Connection.Root, 0, 0, (uint)side, (uint)side, 0, 0, 1, null, LibX11Window.EventMaskBit, &attributes);
        WindowWords.Describe(stage, window, words, "_NET_WM_WINDOW_TYPE_NOTIFICATION");
        WindowWords.Set(stage, window, stage.Atom("_XEMBED_INFO"), stage.Atom("_XEMBED_INFO"), EmbedVersion, EmbedMapped);
        // Some trays ask for the size that is wanted: flags for size and least size (8 + 16).
        WindowWords.Set(stage, window, LibX11Window.AtomWmNormalHints, LibX11Window.AtomWmSizeHints, 24, 0, 0, side, side, side, side, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
        stage.Devices.Listen(window);
        canvas = Renew(side, side);
        mustDraw = true;
    }

    private Canvas Renew(int width, int height)
    {
        canvas?.Dispose();
        return new Canvas(stage.Connection, window, Math.Max(1, width), Math.Max(1, height));
    }

    private void Draw()
    {
        if (canvas is null) return;
        TrayFigure.Draw(canvas, stage.Style.Colours, kind);
        canvas.Show();
        mustDraw = false;
    }

    private void Clear()
    {
        canvas?.Dispose();
        canvas = null;
        if (window != 0) _ = LibX11Window.XDestroyWindow(stage.Connection.Display, window);
        (window, isDocked, isPressed) = (0, false, false);
    }
}
