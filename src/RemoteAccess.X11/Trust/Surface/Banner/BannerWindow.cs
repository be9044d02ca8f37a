using RemoteAccess.Interop;
using RemoteAccess.Picture;

namespace RemoteAccess.Trust;

/// <summary>
/// The strip at the top of one monitor. Override-redirect, so that no window manager puts it behind or away. What covers it is raised over; what moves,
/// unmaps, resizes, cuts or paints over it is undone; what destroys or reparents it gets another one. It covers its own rectangle and takes clicks
/// nowhere else. Anybody's click stops: whoever ends a session does no harm. On the thread of its connection.
/// </summary>
internal sealed unsafe class BannerWindow : IDisposable
{
    private const int LeftButton = 1;
    private const int Unobscured = 0, Hidden = 2;
    /// <summary>How long something may be in order before it is looked at once more.</summary>
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(150);

    private readonly SurfaceStage stage;
    private readonly DrawingStyle style;
    private readonly BannerHand hand;
    private readonly int firstShapeEvent;
    private readonly BannerWitness witness;
    private BannerLayout layout;
    private Canvas? canvas;
    private nuint window;
    /// <summary>Where it has to be, and where it was put last.</summary>
    private PixelRect area, shownArea;
    private int visibility = Hidden;
    private bool isMapped, mustRaise, mustPlace, mustDraw;
    private long lookedAt;

    public BannerWindow(SurfaceStage stage, DrawingStyle style, PixelRect monitor, BannerLayout layout, Action stop, Action? details)
    {
        this.stage = stage;
        this.style = style;
        this.layout = layout;
        hand = new BannerHand(monitor, stop, details);
        witness = new BannerWitness(stage);
        firstShapeEvent = LibXext.XShapeQueryExtension(stage.Connection.Display, out int first, out _) != 0 ? first : -1;
        Create();
    }

    /// <summary>Whether a person can see the strip, as far as can be known: looked at when something happened, and several times a second.</summary>
    public bool IsSeen { get; private set; }

    /// <summary>Whether it was looked at since it was drawn: only then what is seen is what it says now.</summary>
    public bool IsLookedAt { get; private set; }

    public BannerLook Look => BannerLook.Of(window, area, layout, IsSeen);

    /// <summary>Other words.</summary>
    public void Take(BannerLayout next)
    {
        layout = next;
        Arrange();
        mustPlace = mustDraw = true;
    }

    /// <summary>Looks, and then puts right what is not, once a turn at most, so that a program that raises itself too gets no endless duel out of it.</summary>
    public void Refresh()
    {
        bool isExact = true;
        if (window == 0) Create();
        else if (mustPlace || mustRaise || !isMapped || stage.Time.GetElapsedTime(lookedAt) >= LookAgain) isExact = LookForIt();
        nint display = stage.Connection.Display;
        if (!isMapped) _ = LibX11Window.XMapRaised(display, window);
        if (mustPlace) _ = LibX11Window.XMoveResizeWindow(display, window, area.X, area.Y, (uint)area.Width, (uint)area.Height);
        // Covered without a word of the server, perhaps; no more than this, for each costs the viewer a picture.
        if (mustPlace || mustRaise || !isExact) _ = LibX11Window.XRaiseWindow(display, window);
        mustPlace = mustRaise = false;
        shownArea = area;
        if (mustDraw) Draw();
        else if (!isExact) canvas?.Show();
    }

    /// <summary>Before anything is put right: what was so since the last turn is what the person had before them.</summary>
    private bool LookForIt()
    {
        lookedAt = stage.Time.GetTimestamp();
        bool isExact = false;
        IsLookedAt = true;
        IsSeen = isMapped && visibility != Hidden && witness.Sees(window, shownArea, out isExact);
        return isExact;
    }

    public void Handle(XEvent* xevent)
    {
        bool isOurs = window != 0 && xevent->Subject == window;
        switch (xevent->Type)
        {
            case LibX11Window.Expose when xevent->Window == window:
                canvas?.Show();
                break;
            case LibX11Window.VisibilityNotify when xevent->Window == window:
                visibility = xevent->Visibility;
                if (visibility == Hidden) IsSeen = false;
                mustRaise |= visibility != Unobscured;
                Now();
                break;
            case LibX11Window.DestroyNotify when isOurs:
                Forget(isDestroyed: true);
                break;
            case LibX11Window.ReparentNotify when isOurs:
                Forget(isDestroyed: false);
                break;
            case LibX11Window.UnmapNotify when isOurs:
                isMapped = IsSeen = false;
                break;
            case LibX11Window.MapNotify when isOurs:
                isMapped = true;
                Now();
                break;
            case LibX11.ConfigureNotify when isOurs:
                mustPlace |= new PixelRect(xevent->ConfiguredX, xevent->ConfiguredY, xevent->ConfiguredWidth, xevent->ConfiguredHeight) != area;
                if (mustPlace) IsSeen = false;
                Now();
                break;
            case LibX11.ConfigureNotify or LibX11Window.MapNotify or LibX11Window.CirculateNotify when !isOurs:
                mustRaise = true;
                break;
        }
        if (firstShapeEvent >= 0 && xevent->Type == firstShapeEvent + LibXext.ShapeNotify && xevent->Window == window && xevent->IsShaped != 0)
        {
            LibXext.XShapeCombineMask(stage.Connection.Display, window, xevent->ShapeKind, 0, 0, 0, LibXext.ShapeSet);
            IsSeen = false;
            Now();
        }
    }

    /// <summary>Takes what somebody did with the pointer.</summary>
    public void Handle(Sessions.DeviceEvent did)
    {
        if (window == 0 || did.Window != window) return;
        switch (did.Kind)
        {
            case LibXi.ButtonPress when did.Detail == LeftButton:
                hand.Press(layout, did.X, did.Y);
                break;
            case LibXi.Motion when hand.Move(area, did.X):
                Arrange();
                mustPlace = true;
                break;
            case LibXi.ButtonRelease when did.Detail == LeftButton:
                hand.Release(layout, did.X, did.Y);
                break;
        }
    }

    public void Dispose()
    {
        canvas?.Dispose();
        canvas = null;
        if (window != 0) _ = LibX11Window.XDestroyWindow(stage.Connection.Display, window);
        window = 0;
    }

    private void Now() => lookedAt = 0;

    private void Arrange() => area = hand.AreaOf(layout);

    private void Create()
    {
        Arrange();
        WindowAttributes attributes = new() { OverrideRedirect = 1, EventMask = LibX11Window.ExposureMask | LibX11Window.VisibilityChangeMask | LibX11.StructureNotifyMask };
        window = LibX11Window.XCreateWindow(stage.Connection.Display, stage.Connection.Root, area.X, area.Y, (uint)area.Width, (uint)area.Height, 0, 0, 1, null,
            LibX11Window.OverrideRedirectBit | LibX11Window.EventMaskBit, &attributes);
        WindowWords.Describe(stage, window, layout.Words.Headline, "_NET_WM_WINDOW_TYPE_NOTIFICATION");
        stage.Devices.Listen(window);
        if (firstShapeEvent >= 0) LibXext.XShapeSelectInput(stage.Connection.Display, window, LibXext.ShapeNotifyMask);
        shownArea = area;
        (isMapped, IsSeen, visibility, mustDraw) = (false, false, Hidden, true);
        hand.Forget();
        Draw();
        _ = LibX11Window.XMapRaised(stage.Connection.Display, window);
    }

    private void Forget(bool isDestroyed)
    {
        if (isDestroyed) window = 0;
        Dispose();
        (isMapped, IsSeen) = (false, false);
    }

    private void Draw()
    {
        if (canvas is null || canvas.Width != layout.Width || canvas.Height != layout.Height)
        {
            canvas?.Dispose();
            canvas = new Canvas(stage.Connection, window, layout.Width, layout.Height);
        }
        BannerPainter.Draw(canvas, layout, style);
        canvas.Show();
        witness.Remember(canvas);
        mustDraw = IsLookedAt = false;
        Now();
    }
}
