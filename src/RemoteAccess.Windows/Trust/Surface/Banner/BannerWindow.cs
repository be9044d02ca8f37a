using RemoteAccess.Interop;

namespace RemoteAccess.Trust;

/// <summary>
/// The strip at the top of one monitor, and the frame around it. Topmost, takes no keyboard. What covers it is raised over; what moves, hides, resizes,
/// cuts, fades or paints over it is undone; what takes it gets another one. It covers its own rectangle and takes clicks nowhere else. Anybody's click
/// stops: whoever ends a session does no harm. On the surface's thread.
/// </summary>
internal sealed unsafe class BannerWindow : IDisposable
{
    private const uint ExtendedStyle = User32Window.TopMost | User32Window.NeverActive | User32Window.ToolWindow;
    /// <summary>How long something may be in order before it is looked at once more.</summary>
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(150);

    private readonly SurfaceStage stage;
    private readonly DrawingStyle style;
    private readonly PixelRect monitor;
    private readonly BannerHand hand;
    private readonly BannerWitness witness = new();
    private BannerLayout layout;
    private OwnWindow window;
    private WindowSight sight;
    private MonitorFrame frame;
    private AutomationWindow? automation;
    private Canvas? canvas;
    private bool mustPlace, mustDraw;
    private long lookedAt;

    public BannerWindow(SurfaceStage stage, DrawingStyle style, PixelRect monitor, BannerLayout layout, Action stop, Action? details)
    {
        this.stage = stage;
        this.style = style;
        this.monitor = monitor;
        this.layout = layout;
        hand = new BannerHand(monitor, stop, details);
        (frame, window, sight) = Create();
    }

    /// <summary>Whether a person can see the strip, as far as can be known: looked at several times a second.</summary>
    public bool IsSeen { get; private set; }

    /// <summary>Whether it was looked at since it was drawn: only then what is seen is what it says now.</summary>
    public bool IsLookedAt { get; private set; }

    public BannerLook Look => BannerLook.Of((nuint)window.Handle, sight.Area, layout, IsSeen);

    /// <summary>The lines around the monitor; for tests.</summary>
    public IReadOnlyList<nint> Frame => frame.Windows;

    /// <summary>Other words.</summary>
    public void Take(BannerLayout next)
    {
        if (next.Paper != layout.Paper) frame.Paint(next.Paper);
        layout = next;
        sight.Area = hand.AreaOf(layout);
        mustPlace = mustDraw = true;
    }

    /// <summary>Looks, and then puts right what is not, once a turn at most, so that a program that raises itself too gets no endless duel out of it.</summary>
    public void Refresh()
    {
        window.ThrowIfFailed();
        if (User32Window.IsWindow(window.Handle) == 0 || sight.IsTaken || frame.IsTaken) Renew();
        bool isExact = true;
        if (mustPlace || lookedAt == 0 || stage.Time.GetElapsedTime(lookedAt) >= LookAgain) isExact = LookForIt();
        // The frame first, so that it does not lie on the strip.
        if (!isExact || !frame.IsAsMade) frame.PutBack();
        if (mustPlace || !isExact) sight.PutBack();
        bool isOther = mustPlace || mustDraw;
        mustPlace = false;
        if (mustDraw) Draw();
        else if (!isExact) canvas?.Show();
        if (isOther) automation?.Show(new ReadWindow(layout.Words.Headline, sight.Area, Readings.Of(layout), "", HasKeyboard: false));
    }

    public void Dispose()
    {
        witness.Dispose();
        Remove();
    }

    /// <summary>Before anything is put right: what was so since the last turn is what the person had before them.</summary>
    private bool LookForIt()
    {
        lookedAt = stage.Time.GetTimestamp();
        IsLookedAt = true;
        bool isThere = sight.IsAsMade && !Dwmapi.IsCloaked(window.Handle) && PersonsDesktop.HasInput();
        bool isShown = witness.Sees(sight.Area, out bool isExact);
        IsSeen = isThere && isShown;
        return isExact && isThere;
    }

    private nint? Handle(uint message, nuint first, nint second)
    {
        (int x, int y) = ((short)second, (short)(second >> 16));
        switch (message)
        {
            case User32Message.Paint when canvas is not null:
                canvas.Show();
                _ = User32Window.ValidateRect(window.Handle, null);
                return 0;
            case User32Message.EraseBackground:
                return 1;
            case User32Message.GetObject:
                return automation?.Answer(first, second);
            case User32Message.MouseActivate:
                return User32Message.NoActivate;
            // Neither closed, moved nor hidden by a command, nor named otherwise by anybody.
            case User32Message.Close or User32Message.SystemCommand or User32Message.SetText or User32Message.Command:
                return 0;
            case User32Message.LeftDown:
                _ = User32Window.SetCapture(window.Handle);
                hand.Press(layout, x, y);
                return 0;
            case User32Message.MouseMove when hand.Move(sight.Area, x):
                sight.Area = hand.AreaOf(layout);
                mustPlace = true;
                return 0;
            case User32Message.LeftUp:
                _ = User32Window.ReleaseCapture();
                hand.Release(layout, x, y);
                return 0;
            default:
                return null;
        }
    }

    private (MonitorFrame, OwnWindow, WindowSight) Create()
    {
        string title = HarmlessText.Line(layout.Words.Headline);
        PixelRect area = hand.AreaOf(layout);
        MonitorFrame around = new(monitor, style.Px(4), title, layout.Paper);
        OwnWindow strip = new(title, area, User32Window.Popup, ExtendedStyle, Handle);
        hand.Forget();
        (IsSeen, mustDraw, lookedAt) = (false, true, 0);
        automation = new AutomationWindow(strip.Handle);
        _ = User32Window.ShowWindow(strip.Handle, User32Window.ShowWithoutFocus);
        return (around, strip, new WindowSight(strip.Handle, area));
    }

    private void Renew()
    {
        Remove();
        (frame, window, sight) = Create();
    }

    private void Remove()
    {
        canvas?.Dispose();
        canvas = null;
        frame.Dispose();
        automation?.Dispose();
        automation = null;
        window.Dispose();
    }

    private void Draw()
    {
        if (canvas is null || canvas.Width != layout.Width || canvas.Height != layout.Height)
        {
            canvas?.Dispose();
            canvas = new Canvas(window.Handle, layout.Width, layout.Height);
        }
        BannerPainter.Draw(canvas, layout, style);
        canvas.Show();
        witness.Remember(canvas);
        (mustDraw, IsLookedAt, lookedAt) = (false, false, 0);
    }
}
