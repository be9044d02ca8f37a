namespace RemoteAccess.Trust;

/// <summary>
/// What the surface shows, whichever platform's windows: each turn brings every window to what is so, and tells the agent whether the person can see it.
/// A turn that does not come is a report that does not come. On the surface's thread.
/// </summary>
internal sealed class SurfaceShow : IDisposable
{
    /// <summary>How long what is said at the end stays when nobody closes it.</summary>
    public static readonly TimeSpan FarewellTime = TimeSpan.FromSeconds(30);

    private readonly ISurfaceAgent agent;
    private readonly SurfaceStage stage;
    private readonly ISurfaceIcon icon;
    private readonly Action end;
    private readonly bool openWindow;
    private readonly NoticePopup notice;
    private readonly Tour tour;
    private readonly SheetWindow gone;
    private SurfaceStatus? seen;
    private long saidGoodbyeAt;
    private DateTimeOffset? written;
    private bool isOpenDue;

    /// <param name="agent">What is so.</param>
    /// <param name="stage">Where.</param>
    /// <param name="icon">The caller's.</param>
    /// <param name="folder">For reports.</param>
    /// <param name="tourFile">Exists once the tour was seen.</param>
    /// <param name="openWindow">Whether the window opens at the start, also where there is an icon.</param>
    /// <param name="post">Brings work to this thread. Any thread.</param>
    /// <param name="end">Ends the surface.</param>
    public SurfaceShow(ISurfaceAgent agent, SurfaceStage stage, ISurfaceIcon icon, ReportFolder folder, string tourFile, bool openWindow, Action<Action> post, Action end)
    {
        this.agent = agent;
        this.stage = stage;
        this.icon = icon;
        this.end = end;
        this.openWindow = openWindow;
        Desk = new SurfaceDesk(agent, stage.Texts, stage.Times, stage.Time, post);
        Keys = new HotKeys(stage, Stop, Open);
        Banners = new Banners(stage, Stop, Open);
        Main = new SurfaceWindow(stage, Desk, Keys, folder);
        notice = new NoticePopup(stage, Desk, Main.Revoke);
        tour = new Tour(stage, Desk, tourFile, () => isOpenDue = true);
        gone = new SheetWindow(stage, stage.Texts["gone.title"], 520, null, isQuiet: true, BuildFarewell, _ => end());
        Sheets = [Main.Sheet, notice.Sheet, tour.Sheet, gone];
    }

    public SurfaceDesk Desk { get; }

    public HotKeys Keys { get; }

    public Banners Banners { get; }

    public SurfaceWindow Main { get; }

    public SheetWindow Notice => notice.Sheet;

    public SheetWindow Tour => tour.Sheet;

    public SheetWindow Gone => gone;

    /// <summary>Each window with a sheet, open or not.</summary>
    public IReadOnlyList<SheetWindow> Sheets { get; }

    /// <summary>Whether the person saw it, at the last turn.</summary>
    public bool IsShown { get; private set; }

    /// <summary>After everything was made.</summary>
    public void Start()
    {
        Refresh();
        tour.Start();
        OpenIfDue();
        Draw();
    }

    public void Turn()
    {
        if (saidGoodbyeAt != 0) Linger();
        else if (!agent.IsConnected) SayGoodbye();
        else Refresh();
        OpenIfDue();
    }

    /// <summary>Ends every session.</summary>
    public void Stop() => Desk.Do(new SurfaceAction.StopSessions(), stage.Texts["done.stop"]);

    /// <summary>Opens the window where it was; not once the agent is gone.</summary>
    public void Open() => Show(null);

    /// <summary>Opens the window at a page; null is where it was.</summary>
    public void Show(string? page)
    {
        if (saidGoodbyeAt != 0) return;
        if (page is not null) Main.Go(page);
        Main.Open();
    }

    public void Dispose()
    {
        foreach (SheetWindow window in Sheets) window.Dispose();
        Banners.Dispose();
        Keys.Dispose();
    }

    private void Refresh()
    {
        Desk.Look();
        SurfaceStatus status = Desk.Status;
        ShowChat(status);
        BannerWords? words = status.Sessions.Count == 0 ? null : BannerWords.For(status, stage.Texts, stage.Times, Desk.Now, Keys.CanStop);
        Banners.Refresh(words);
        if (words is not null) icon.Refresh(FigureKind.Person, stage.Texts.Fill("tray.session", HarmlessText.Line(status.Sessions[0].Technician, 100)), status);
        else if (status.BlockedUntil is not null) icon.Refresh(FigureKind.Blocked, stage.Texts["tray.blocked"], status);
        else icon.Refresh(FigureKind.Nobody, stage.Texts["tray.idle"], status);
        if (Desk.IsChanged)
        {
            Desk.IsChanged = false;
            foreach (SheetWindow window in Sheets) window.Invalidate();
            notice.Refresh();
        }
        Draw();
        IsShown = Banners.AreSeen;
        // What was drawn a moment ago counts when it was looked at; until then it is what was there before that the person sees.
        if (IsShown && Banners.AreLookedAt) seen = status;
        agent.ReportShown(IsShown ? seen : null);
    }

    /// <summary>What is written to the person opens the window; one that is open stays at its page, so that no technician turns it away under the person's hands.</summary>
    private void ShowChat(SurfaceStatus status)
    {
        DateTimeOffset? last = ChatPage.LastWritten(status);
        bool isNew = last is not null && (written is null || last > written);
        written = last;
        if (isNew && !Main.Sheet.IsOpen) Show("chat");
    }

    private void Draw()
    {
        foreach (SheetWindow window in Sheets) window.Refresh();
    }

    /// <summary>Without an icon the person would not find the window. Whether there is one is known a moment after the start.</summary>
    private void OpenIfDue()
    {
        if (!isOpenDue || (!openWindow && icon.IsShown is null)) return;
        isOpenDue = false;
        if (openWindow || icon.IsShown is false) Open();
    }

    /// <summary>The agent is gone: what was shown is no longer known to be so, and only that is still said.</summary>
    private void SayGoodbye()
    {
        IsShown = false;
        saidGoodbyeAt = stage.Time.GetTimestamp();
        Banners.Dispose();
        icon.Clear();
        Keys.Dispose();
        foreach (SheetWindow window in Sheets) window.Close();
        gone.Open();
        Draw();
    }

    private void Linger()
    {
        if (stage.Time.GetElapsedTime(saidGoodbyeAt) >= FarewellTime) end();
        Draw();
    }

    private void BuildFarewell(SheetBuilder sheet)
    {
        sheet.Name = "gone";
        sheet.Heading(stage.Texts["gone.heading"]);
        sheet.Text(stage.Texts["gone.text"]);
        sheet.Gap(12);
        sheet.Button("gone/close", stage.Texts["gone.close"], end, ControlKind.Primary);
    }
}
