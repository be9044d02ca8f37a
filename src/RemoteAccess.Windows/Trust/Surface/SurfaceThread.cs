using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using RemoteAccess.Interop;

namespace RemoteAccess.Trust;

/// <summary>Everything that is shown, from outside; for tests.</summary>
internal sealed record SurfaceLook(IReadOnlyList<BannerLook> Banners, IReadOnlyList<nint> Frame, SheetLook? Window, SheetLook? Notice, SheetLook? Tour, SheetLook? Gone, bool IsShown, bool HasKeys, bool TakesKeys,
    (int X, int Y) Pointer, long Counted, long Ignored, long Turns);

/// <summary>The customer's surface on a thread of its own: each turn takes what happened, and shows what is so.</summary>
internal sealed class SurfaceThread(ISurfaceAgent agent, WindowsSurfaceOptions options) : DesktopThread("RemoteAccess surface")
{
    /// <summary>Reports have to come five times a second.</summary>
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(50);
    private const uint TimerTick = 50;
    /// <summary>Messages between two turns, however many there are.</summary>
    private const int MostAtOnce = 64;

    [ThreadStatic] private static SurfaceThread? ofThisThread;

    private readonly ConcurrentQueue<Action> posted = new();
    private readonly TaskCompletionSource end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private SurfaceStage? stage;
    private SurfaceShow? show;
    private TrayThread? tray;
    private Task trayStarted = Task.CompletedTask;
    private SurfaceLook? look;
    private Exception? failure;
    private nuint timer;
    private bool isTurning, isAskedAtTheIcon;
    private long turns;

    /// <summary>Completes when the agent was gone and that was said, or <see cref="TakeBack"/>; fails when the desktop was lost.</summary>
    public Task Ended => end.Task;

    /// <summary>As it was a moment ago. Any thread.</summary>
    public SurfaceLook Look => Volatile.Read(ref look) ?? throw NotPrepared();

    /// <summary>The icon; any thread.</summary>
    public TrayLook Tray => tray?.Look ?? throw NotPrepared();

    /// <summary>What screen readers are told of the window with the pages; for tests.</summary>
    public AutomationWindow Automation => Show.Main.Sheet.Automation ?? throw NotPrepared();

    private SurfaceStage Stage => stage ?? throw NotPrepared();

    private SurfaceShow Show => show ?? throw NotPrepared();

    /// <summary>Takes everything away. Any thread.</summary>
    public void TakeBack() => Stop();

    /// <summary>Awaits what was on its way to the agent, and the icon's end. After the thread's end.</summary>
    public async Task FinishAsync()
    {
        await trayStarted.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (tray is not null) await tray.DisposeAsync().ConfigureAwait(false);
        if (show is not null) await show.Desk.DisposeAsync().ConfigureAwait(false);
    }

    protected override unsafe void Prepare()
    {
        PersonsDesktop.Demand();
        _ = Imm32.ImmDisableIME(0);
        ofThisThread = this;
        stage = new SurfaceStage(options);
        LateIcon icon = new();
        show = new SurfaceShow(agent, Stage, icon, new ReportFolder(options.ReportFolder), options.TourFile ?? UsualTourFile(), options.OpenWindow, Post, Stop);
        tray = new TrayThread(Stage.Texts, options.HighContrast, show.Keys.CanStop, command => Post(() => Do(command)), options.Logger);
        icon.Icon = tray;
        trayStarted = tray.StartAsync(CancellationToken.None);
        Stage.Paste = take => Show.Desk.Run(token => PastedText.ReadAsync(options.TimeProvider, take, token));
        agent.StatusChanged += OnStatusChanged;
        show.Start();
        TakeLook();
        // While Windows moves a window or shows a menu of it, its own loop takes the messages; this goes on.
        timer = User32Message.SetTimer(0, 0, TimerTick, &OnTimer);
    }

    protected override void Work()
    {
        while (!IsStopping)
        {
            ReadMessages();
            if (IsStopping) return;
            Turn();
            if (failure is { } error) throw new InvalidOperationException("The surface failed inside a loop of the system's.", error);
            Signal.WaitForMessages(Tick);
        }
    }

    protected override void Fail(Exception error) => end.TrySetException(error);

    protected override void CleanUp()
    {
        agent.StatusChanged -= OnStatusChanged;
        if (timer != 0) _ = User32Message.KillTimer(0, timer);
        show?.Desk.End();
        tray?.End();
        // Nobody is told that something is shown which is being taken away.
        agent.ReportShown(null);
        show?.Dispose();
        stage?.Dispose();
        ofThisThread = null;
        end.TrySetResult();
    }

    private static InvalidOperationException NotPrepared() => new("The surface has not been prepared.");

    private static string UsualTourFile() =>
        Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "RemoteAccess", "surface-tour-seen");

    [UnmanagedCallersOnly]
    private static void OnTimer(nint window, uint message, nuint id, uint time)
    {
        if (ofThisThread is not { } thread || thread.IsStopping) return;
        try
        {
            thread.Turn();
        }
        catch (Exception error)
        {
            // Nothing may escape into the system; without turns there are no reports, and the main loop ends with it.
            thread.failure ??= error;
        }
    }

    private void OnStatusChanged(object? sender, EventArgs change) => Wake();

    private void Post(Action action)
    {
        posted.Enqueue(action);
        Wake();
    }

    private unsafe void ReadMessages()
    {
        ThreadMessage message;
        for (int i = 0; i < MostAtOnce && !IsStopping && User32Message.PeekMessage(&message, 0, 0, 0, User32Message.Remove) != 0; i++)
        {
            // Anybody can post it; the surface ends when its owner says so.
            if (message.Message != User32Message.Quit) Stage.Gate.Dispatch(&message);
        }
    }

    private void Turn()
    {
        if (isTurning || failure is not null) return;
        isTurning = true;
        while (posted.TryDequeue(out Action? action)) action();
        Show.Turn();
        SayWhatFailed();
        turns++;
        TakeLook();
        isTurning = false;
    }

    /// <summary>Chosen at the icon. On this thread.</summary>
    private void Do(TrayCommand command)
    {
        isAskedAtTheIcon = command is TrayCommand.Stop or TrayCommand.BlockHour or TrayCommand.BlockToday or TrayCommand.BlockForever;
        switch (command)
        {
            case TrayCommand.Stop: Show.Stop(); break;
            case TrayCommand.BlockHour: BlockPage.Hour(Show.Desk); break;
            case TrayCommand.BlockToday: BlockPage.Today(Show.Desk); break;
            case TrayCommand.BlockForever: BlockPage.Forever(Show.Desk); break;
            case TrayCommand.Unblock: Show.Show("block"); break;
            case TrayCommand.Details: Show.Show("status"); break;
            case TrayCommand.History: Show.Show("history"); break;
            case TrayCommand.Report: Show.Show("report"); break;
            case TrayCommand.Revoke: Show.Show("revoke"); break;
            case TrayCommand.Open: Show.Open(); break;
        }
    }

    /// <summary>What was asked for at the icon and was not done is said in the window, which then opens.</summary>
    private void SayWhatFailed()
    {
        if (!isAskedAtTheIcon || Show.Desk.Said.Length == 0) return;
        isAskedAtTheIcon = false;
        if (Show.Desk.IsSaidBad) Show.Open();
    }

    private void TakeLook()
    {
        SurfaceShow at = Show;
        Volatile.Write(ref look, new SurfaceLook(at.Banners.Looks, [.. at.Banners.Windows.SelectMany(window => window.Frame)], at.Main.Sheet.Look, at.Notice.Look, at.Tour.Look, at.Gone.Look,
            at.IsShown, at.Keys is { CanStop: true, CanOpen: true }, at.Sheets.Any(window => window.TakesKeys),
            Stage.Hands.Person?.Pointer ?? (-1, -1), Stage.Hands.Person?.Counted ?? 0, Stage.Hands.Person?.Ignored ?? 0, turns));
    }

    /// <summary>The tray is made after what it tells, which needs it.</summary>
    private sealed class LateIcon : ISurfaceIcon
    {
        public TrayThread? Icon { get; set; }

        public bool? IsShown => Icon?.IsShown;

        public void Refresh(FigureKind kind, string words, SurfaceStatus status) => Icon?.Refresh(kind, words, status);

        public void Clear() => Icon?.Clear();
    }
}
