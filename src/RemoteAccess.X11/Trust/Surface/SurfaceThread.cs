using System.Collections.Concurrent;
using RemoteAccess.Interop;
using Tmds.DBus.Protocol;

namespace RemoteAccess.Trust;

/// <summary>Everything that is shown, from outside; for tests.</summary>
internal sealed record SurfaceLook(IReadOnlyList<BannerLook> Banners, TrayLook Tray, SheetLook? Window, SheetLook? Notice, SheetLook? Tour, SheetLook? Gone, bool IsShown, bool HasKeys, bool HasItem);

/// <summary>The customer's surface on a thread and connection of its own: each turn takes what happened, and shows what is so.</summary>
internal sealed unsafe class SurfaceThread(ISurfaceAgent agent, X11SurfaceOptions options) : DisplayThread(options.Display, "RemoteAccess X11 surface")
{
    /// <summary>Reports have to come five times a second.</summary>
    private const int TickMilliseconds = 50, IdleTickMilliseconds = 100;

    private readonly ConcurrentQueue<Action> posted = new();
    private readonly TaskCompletionSource end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private SurfaceStage? stage;
    private StatusItem? item;
    private DesktopIcons? icons;
    private SurfaceShow? show;
    private SurfaceLook? look;
    private int isOpenPosted;

    /// <summary>Completes when the agent was gone and that was said, or <see cref="TakeBack"/>; fails when the display was lost.</summary>
    public Task Ended => end.Task;

    /// <summary>As it was a moment ago. Any thread.</summary>
    public SurfaceLook Look => Volatile.Read(ref look) ?? throw NotPrepared();

    private SurfaceStage Stage => stage ?? throw NotPrepared();

    private DesktopIcons Icons => icons ?? throw NotPrepared();

    private SurfaceShow Show => show ?? throw NotPrepared();

    /// <summary>Takes everything away. Any thread.</summary>
    public void TakeBack() => Stop();

    /// <summary>Awaits what was on its way to the agent. After the thread's end.</summary>
    public Task FinishAsync() => Task.WhenAll(item?.DisposeAsync().AsTask() ?? Task.CompletedTask, show?.Desk.DisposeAsync().AsTask() ?? Task.CompletedTask);

    protected override void Prepare()
    {
        stage = new SurfaceStage(Connection, options);
        _ = LibX11.XSelectInput(Connection.Display, Connection.Root, LibX11Window.SubstructureNotifyMask | LibX11.StructureNotifyMask);
        item = new StatusItem(options.SessionBus switch { null => DBusAddress.Session, "" => null, var given => given }, Stage.Texts["title"], PostOpen, Wake, options.Logger, options.TimeProvider);
        item.Start();
        icons = new DesktopIcons(Stage, item, () => Show.Open());
        show = new SurfaceShow(agent, Stage, icons, new ReportFolder(options.ReportFolder), options.TourFile ?? UsualTourFile(), options.OpenWindow, Post, Stop);
        Stage.Paste = (isPrimary, take) => Show.Desk.Run(token => PastedText.ReadAsync(options.Display, isPrimary, take, token));
        agent.StatusChanged += OnStatusChanged;
        show.Start();
        TakeLook();
        if (Connection.Sync() is not 0 and var error) throw new DesktopException(DesktopError.UnsupportedFormat, $"The surface's windows could not be made (X error {error}).");
    }

    protected override void Work()
    {
        while (!IsStopping)
        {
            ReadEvents();
            while (posted.TryDequeue(out Action? action)) action();
            Show.Turn();
            TakeLook();
            WaitForActivity(Show.Banners.Windows.Count > 0 ? TickMilliseconds : IdleTickMilliseconds);
        }
    }

    protected override void Fail(Exception error) => end.TrySetException(error);

    protected override void CleanUp()
    {
        agent.StatusChanged -= OnStatusChanged;
        show?.Desk.End();
        item?.End();
        // Nobody is told that something is shown which is being taken away.
        agent.ReportShown(null);
        if (!Connection.IsLost) TakeDown();
        end.TrySetResult();
    }

    private static InvalidOperationException NotPrepared() => new("The surface has not been prepared.");

    private static string UsualTourFile()
    {
        string? state = Environment.GetEnvironmentVariable("XDG_STATE_HOME");
        string home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        return Path.Combine(Path.IsPathRooted(state) ? state : Path.Combine(home, ".local", "state"), "remoteaccess", "surface-tour-seen");
    }

    private void OnStatusChanged(object? sender, EventArgs change) => Wake();

    private void Post(Action action)
    {
        posted.Enqueue(action);
        Wake();
    }

    /// <summary>Asked for from another thread, as often as anybody likes.</summary>
    private void PostOpen()
    {
        if (Interlocked.Exchange(ref isOpenPosted, 1) != 0) return;
        Post(() =>
        {
            Volatile.Write(ref isOpenPosted, 0);
            Show.Open();
        });
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
        foreach (BannerWindow banner in Show.Banners.Windows) banner.Handle(did);
        Icons.Handle(did);
        foreach (SheetWindow window in Show.Sheets) window.Handle(did);
    }

    private void Handle(XEvent* xevent)
    {
        // What programs send in the name of the server changes nothing here, but for what window managers and trays have to send.
        bool isSent = xevent->IsSent != 0;
        if (!isSent)
        {
            if (xevent->Type == LibX11.MappingNotify) _ = LibX11Keyboard.XRefreshKeyboardMapping(xevent);
            Stage.Layout.Handle(xevent);
            foreach (BannerWindow banner in Show.Banners.Windows) banner.Handle(xevent);
            Show.Keys.Handle(xevent);
        }
        if (!isSent || xevent->Type == LibX11Window.ClientMessage) Icons.Handle(xevent);
        if (isSent && xevent->Type is not (LibX11Window.ClientMessage or LibX11.ConfigureNotify)) return;
        foreach (SheetWindow window in Show.Sheets) window.Handle(xevent);
    }

    private void TakeLook()
    {
        _ = LibX11.XFlush(Connection.Display);
        Volatile.Write(ref look, new SurfaceLook(
            Show.Banners.Looks, Icons.Look, Show.Main.Sheet.Look, Show.Notice.Look, Show.Tour.Look, Show.Gone.Look, Show.IsShown, Show.Keys is { CanStop: true, CanOpen: true }, Icons.HasItem));
    }

    private void TakeDown()
    {
        show?.Dispose();
        icons?.Dispose();
        stage?.Dispose();
        _ = LibX11.XFlush(Connection.Display);
    }
}
