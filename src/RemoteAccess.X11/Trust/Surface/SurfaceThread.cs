using System.Collections.Concurrent;
using RemoteAccess.Interop;
using Tmds.DBus.Protocol;

namespace RemoteAccess.Trust;

/// <summary>Everything that is shown, from outside; for tests.</summary>
internal sealed record SurfaceLook(IReadOnlyList<BannerLook> Banners, TrayLook Tray, SheetLook? Window, SheetLook? Notice, SheetLook? Tour, SheetLook? Gone, bool IsShown, bool HasKeys, bool HasItem);

/// <summary>
/// The customer's surface on a thread and connection of its own: each turn takes what happened, brings every window to what is so, and tells the agent
/// whether the person can see it. A turn that does not come is a report that does not come.
/// </summary>
internal sealed unsafe class SurfaceThread(ISurfaceAgent agent, X11SurfaceOptions options) : DisplayThread(options.Display, "RemoteAccess X11 surface")
{
    /// <summary>Reports have to come five times a second.</summary>
    private const int TickMilliseconds = 50, IdleTickMilliseconds = 100;
    /// <summary>How long what is said at the end stays when nobody closes it.</summary>
    public static readonly TimeSpan FarewellTime = TimeSpan.FromSeconds(30);

    private readonly ConcurrentQueue<Action> posted = new();
    private readonly TaskCompletionSource end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private SurfaceStage? stage;
    private SurfaceDesk? desk;
    private Banners? banners;
    private TrayIcon? tray;
    private StatusItem? item;
    private (FigureKind Kind, string Words)? figure;
    private HotKeys? keys;
    private SurfaceWindow? main;
    private NoticePopup? notice;
    private Tour? tour;
    private SheetWindow? gone;
    private bool isShown;
    private SurfaceStatus? seen;
    private SurfaceLook? look;
    private long saidGoodbyeAt;
    private bool isOpenDue;
    private int isOpenPosted;

    /// <summary>Completes when the agent was gone and that was said, or <see cref="TakeBack"/>; fails when the display was lost.</summary>
    public Task Ended => end.Task;

    /// <summary>As it was a moment ago. Any thread.</summary>
    public SurfaceLook Look => Volatile.Read(ref look) ?? throw NotPrepared();

    private SurfaceStage Stage => stage ?? throw NotPrepared();

    private SurfaceDesk Desk => desk ?? throw NotPrepared();

    private SurfaceWindow Main => main ?? throw NotPrepared();

    /// <summary>Takes everything away. Any thread.</summary>
    public void TakeBack() => Stop();

    /// <summary>Awaits what was on its way to the agent. After the thread's end.</summary>
    public Task FinishAsync() => Task.WhenAll(item?.DisposeAsync().AsTask() ?? Task.CompletedTask, desk?.DisposeAsync().AsTask() ?? Task.CompletedTask);

    protected override void Prepare()
    {
        stage = new SurfaceStage(Connection, options);
        _ = LibX11.XSelectInput(Connection.Display, Connection.Root, LibX11Window.SubstructureNotifyMask | LibX11.StructureNotifyMask);
        desk = new SurfaceDesk(agent, Stage.Texts, Stage.Times, options.TimeProvider, Post);
        keys = new HotKeys(Connection, StopSessions, Open);
        banners = new Banners(Stage, StopSessions, Open);
        tray = new TrayIcon(Stage, Open);
        item = new StatusItem(options.SessionBus switch { null => DBusAddress.Session, "" => null, var given => given }, Stage.Texts["title"], PostOpen, Wake, options.Logger, options.TimeProvider);
        item.Start();
        main = new SurfaceWindow(Stage, desk, keys, new ReportFolder(options.ReportFolder));
        notice = new NoticePopup(Stage, desk, main.Revoke);
        tour = new Tour(Stage, desk, options.TourFile, OpenIfWanted);
        gone = new SheetWindow(Stage, Stage.Texts["gone.title"], 520, null, isQuiet: true, BuildFarewell, _ => Stop());
        agent.StatusChanged += OnStatusChanged;
        Refresh();
        tour.Start();
        OpenIfDue();
        Draw();
        if (Connection.Sync() is not 0 and var error) throw new DesktopException(DesktopError.UnsupportedFormat, $"The surface's windows could not be made (X error {error}).");
    }

    protected override void Work()
    {
        while (!IsStopping)
        {
            ReadEvents();
            while (posted.TryDequeue(out Action? action)) action();
            if (saidGoodbyeAt != 0) Linger();
            else if (!agent.IsConnected) SayGoodbye();
            else Refresh();
            OpenIfDue();
            WaitForActivity(banners is { Looks.Count: > 0 } ? TickMilliseconds : IdleTickMilliseconds);
        }
    }

    protected override void Fail(Exception error) => end.TrySetException(error);

    protected override void CleanUp()
    {
        agent.StatusChanged -= OnStatusChanged;
        desk?.End();
        item?.End();
        // Nobody is told that something is shown which is being taken away.
        agent.ReportShown(null);
        if (!Connection.IsLost) TakeDown();
        end.TrySetResult();
    }

    private static InvalidOperationException NotPrepared() => new("The surface has not been prepared.");

    private void OnStatusChanged(object? sender, EventArgs change) => Wake();

    private void Post(Action action)
    {
        posted.Enqueue(action);
        Wake();
    }

    private void StopSessions() => Desk.Do(new SurfaceAction.StopSessions(), Stage.Texts["done.stop"]);

    private void Open() => Main.Open();

    /// <summary>Asked for from another thread, as often as anybody likes.</summary>
    private void PostOpen()
    {
        if (Interlocked.Exchange(ref isOpenPosted, 1) != 0) return;
        Post(() =>
        {
            Volatile.Write(ref isOpenPosted, 0);
            Open();
        });
    }

    private void OpenIfWanted() => isOpenDue = true;

    /// <summary>Without an icon the person would not find the window. Whether a panel shows one is known a moment after the start.</summary>
    private void OpenIfDue()
    {
        if (!isOpenDue || (!options.OpenWindow && tray is not { HasTray: true } && item is { IsDecided: false })) return;
        isOpenDue = false;
        if (saidGoodbyeAt == 0 && (options.OpenWindow || (tray is not { HasTray: true } && item is not { IsAccepted: true }))) Open();
    }

    private void ReadEvents()
    {
        XEvent xevent;
        while (LibX11.XPending(Connection.Display) > 0)
        {
            _ = LibX11.XNextEvent(Connection.Display, &xevent);
            Connection.ThrowIfLost();
            if (xevent.Type == LibX11.GenericEvent) HandleDevice(&xevent);
            else Handle(&xevent);
        }
        Connection.ThrowIfLost();
    }

    private void HandleDevice(XEvent* xevent)
    {
        if (Stage.Devices.Read(xevent) is not { } did) return;
        banners?.Handle(did);
        tray?.Handle(did);
        foreach (SheetWindow window in Windows()) window.Handle(did);
    }

    private void Handle(XEvent* xevent)
    {
        // What programs send in the name of the server changes nothing here, but for what window managers and trays have to send.
        bool isSent = xevent->IsSent != 0;
        if (!isSent)
        {
            Stage.Layout.Handle(xevent);
            banners?.Handle(xevent);
            keys?.Handle(xevent);
        }
        if (!isSent || xevent->Type == LibX11Window.ClientMessage) tray?.Handle(xevent);
        if (isSent && xevent->Type is not (LibX11Window.ClientMessage or LibX11.ConfigureNotify)) return;
        foreach (SheetWindow window in Windows()) window.Handle(xevent);
    }

    private SheetWindow[] Windows() => [Main.Sheet, notice?.Sheet ?? throw NotPrepared(), tour?.Sheet ?? throw NotPrepared(), gone ?? throw NotPrepared()];

    private void Refresh()
    {
        SurfaceStage at = Stage;
        Desk.Look();
        SurfaceStatus status = Desk.Status;
        BannerWords? words = status.Sessions.Count == 0 ? null : BannerWords.For(status, at.Texts, at.Times, Desk.Now, keys is { CanStop: true });
        banners?.Refresh(words);
        if (words is not null) ShowIcon(FigureKind.Person, at.Texts.Fill("tray.session", HarmlessText.Line(status.Sessions[0].Technician, 100)));
        else if (status.BlockedUntil is not null) ShowIcon(FigureKind.Blocked, at.Texts["tray.blocked"]);
        else ShowIcon(FigureKind.Nobody, at.Texts["tray.idle"]);
        if (Desk.IsChanged)
        {
            Desk.IsChanged = false;
            foreach (SheetWindow window in Windows()) window.Invalidate();
            notice?.Refresh();
        }
        Draw();
        isShown = banners is { AreSeen: true };
        // What was drawn a moment ago counts when it was looked at; until then it is what was there before that the person sees.
        if (isShown && banners is { AreLookedAt: true }) seen = status;
        agent.ReportShown(isShown ? seen : null);
    }

    /// <summary>In the tray that there is; a panel with both kinds shows it once.</summary>
    private void ShowIcon(FigureKind kind, string words)
    {
        tray?.Refresh(kind, words, item is not { IsAccepted: true });
        if (figure == (kind, words)) return;
        figure = (kind, words);
        item?.Show(new StatusItemLook(words, [TrayFigure.Picture(Stage, kind, Stage.Px(24)), TrayFigure.Picture(Stage, kind, Stage.Px(48))]));
    }

    private void Draw()
    {
        foreach (SheetWindow window in Windows()) window.Refresh();
        _ = LibX11.XFlush(Connection.Display);
        Volatile.Write(ref look, new SurfaceLook(banners?.Looks ?? [], tray?.Look ?? throw NotPrepared(), Main.Sheet.Look, notice?.Sheet.Look, tour?.Sheet.Look, gone?.Look, isShown, keys is { CanStop: true, CanOpen: true }, item is { IsAccepted: true }));
    }

    /// <summary>The agent is gone: what was shown is no longer known to be so, and only that is still said.</summary>
    private void SayGoodbye()
    {
        isShown = false;
        saidGoodbyeAt = Stage.Time.GetTimestamp();
        banners?.Dispose();
        tray?.Dispose();
        item?.End();
        keys?.Dispose();
        keys = null;
        foreach (SheetWindow window in Windows()) window.Close();
        gone?.Open();
        Draw();
    }

    private void Linger()
    {
        if (Stage.Time.GetElapsedTime(saidGoodbyeAt) >= FarewellTime) Stop();
        Draw();
    }

    private void BuildFarewell(SheetBuilder sheet)
    {
        sheet.Name = "gone";
        sheet.Heading(Stage.Texts["gone.heading"]);
        sheet.Text(Stage.Texts["gone.text"]);
        sheet.Gap(12);
        sheet.Button("gone/close", Stage.Texts["gone.close"], Stop, ControlKind.Primary);
    }

    private void TakeDown()
    {
        gone?.Dispose();
        tour?.Dispose();
        notice?.Dispose();
        main?.Dispose();
        tray?.Dispose();
        banners?.Dispose();
        keys?.Dispose();
        stage?.Dispose();
        _ = LibX11.XFlush(Connection.Display);
    }
}
