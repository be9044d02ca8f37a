using RemoteAccess.Interop;
using RemoteAccess.Picture;

namespace RemoteAccess.Trust;

/// <summary>One strip, from outside; for tests. The buttons are in pixels of the desktop.</summary>
internal sealed record BannerLook(nuint Window, PixelRect Area, PixelRect Stop, PixelRect Details, bool IsSeen, BannerWords Words);

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
    private readonly PixelRect monitor;
    private readonly Action stop, details;
    private readonly int firstShapeEvent;
    private readonly BannerWitness witness;
    private BannerLayout layout;
    private Canvas? canvas;
    private nuint window;
    /// <summary>Where it has to be, and where it was put last.</summary>
    private PixelRect area, shownArea;
    private double place = 0.5;
    private int visibility = Hidden;
    private bool isMapped, mustRaise, mustPlace, mustDraw;
    private long lookedAt;
    private (bool IsStop, bool IsDetails, int DragFrom)? pressed;

    public BannerWindow(SurfaceStage stage, PixelRect monitor, BannerLayout layout, Action stop, Action details)
    {
        this.stage = stage;
        this.monitor = monitor;
        this.layout = layout;
        this.stop = stop;
        this.details = details;
        witness = new BannerWitness(stage);
        firstShapeEvent = LibXext.XShapeQueryExtension(stage.Connection.Display, out int first, out _) != 0 ? first : -1;
        Create();
    }

    public PixelRect Monitor => monitor;

    /// <summary>Whether a person can see the strip, as far as can be known: looked at when something happened, and several times a second.</summary>
    public bool IsSeen { get; private set; }

    /// <summary>Whether it was looked at since it was drawn: only then what is seen is what it says now.</summary>
    public bool IsLookedAt { get; private set; }

    public BannerLook Look => new(window, area, Moved(layout.Stop), Moved(layout.Details), IsSeen, layout.Words);

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

    /// <summary>Takes what somebody did with the pointer: a press on a button, or a drag along the top of the monitor.</summary>
    public void Handle(Sessions.DeviceEvent did)
    {
        if (window == 0 || did.Window != window) return;
        bool onStop = layout.Stop.Holds(did.X, did.Y), onDetails = layout.Details.Holds(did.X, did.Y);
        switch (did.Kind)
        {
            case LibXi.ButtonPress when did.Detail == LeftButton:
                pressed = (onStop, onDetails, did.X);
                break;
            case LibXi.Motion when pressed is { IsStop: false, IsDetails: false, DragFrom: var from } && monitor.Width > area.Width:
                place = Math.Clamp((double)(area.X + did.X - from - monitor.X) / (monitor.Width - area.Width), 0, 1);
                Arrange();
                mustPlace = true;
                break;
            case LibXi.ButtonRelease when did.Detail == LeftButton && pressed is { } began:
                pressed = null;
                if (began.IsStop && onStop) stop();
                if (began.IsDetails && onDetails) details();
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

    private PixelRect Moved(PixelRect part) => part with { X = area.X + part.X, Y = area.Y + part.Y };

    private void Arrange() => area = new PixelRect(monitor.X + (int)((monitor.Width - layout.Width) * place), monitor.Y, layout.Width, layout.Height);

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
        (isMapped, IsSeen, visibility, mustDraw, pressed) = (false, false, Hidden, true, null);
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
        canvas.Fill(new PixelRect(0, 0, layout.Width, layout.Height), layout.Paper);
        canvas.Frame(new PixelRect(0, 0, layout.Width, layout.Height), layout.Ink, stage.Px(stage.Colours.Line));
        foreach (DrawnItem item in layout.Items) canvas.Write(stage.Letters, item.Text, item.Style, item.Colour, item.Area.X, item.Area.Y);
        Figure.Draw(canvas, FigureKind.Person, layout.Figure.X, layout.Figure.Y, layout.Figure.Side, layout.Ink, layout.Paper);
        Button(layout.Details, layout.DetailsLabel, layout.Paper, layout.Ink);
        Button(layout.Stop, layout.StopLabel, layout.Ink, layout.Paper);
        canvas.Show();
        witness.Remember(canvas);
        mustDraw = IsLookedAt = false;
        Now();
    }

    private void Button(PixelRect at, string label, uint paper, uint ink)
    {
        if (canvas is null) return;
        canvas.Fill(at, paper);
        canvas.Frame(at, layout.Ink, stage.Px(stage.Colours.Line));
        (int ascent, int height) = stage.Letters.Line(LetterStyle.Strong);
        canvas.Write(stage.Letters, label, LetterStyle.Strong, ink, at.X + ((at.Width - stage.Letters.Width(label, LetterStyle.Strong)) / 2), at.Y + ((at.Height - height) / 2) + ascent);
    }
}
