namespace RemoteAccess.Trust;

/// <summary>
/// The small window with what the customer has not seen yet, the oldest first. It comes up without asking for the keyboard and stays until somebody looks;
/// what is put off comes again at the next start, and stands on the window's page. On the surface's thread.
/// </summary>
internal sealed class NoticePopup : IDisposable
{
    private readonly SurfaceDesk desk;
    private readonly NoticesPage page;
    private readonly HashSet<string> later = new(StringComparer.Ordinal);

    public NoticePopup(SurfaceStage stage, SurfaceDesk desk, Action<string> revoke)
    {
        this.desk = desk;
        page = new NoticesPage(desk, revoke);
        Sheet = new SheetWindow(stage, desk.Texts["notice.heading"], 520, null, isQuiet: true, Build, _ => Later());
    }

    public SheetWindow Sheet { get; }

    private SurfaceNotice[] Waiting => [.. desk.Status.Notices.Where(notice => !later.Contains(notice.Id))];

    /// <summary>Shows it while there is something to show.</summary>
    public void Refresh()
    {
        later.IntersectWith(desk.Status.Notices.Select(notice => notice.Id));
        bool isWanted = Waiting.Length > 0;
        if (isWanted && !Sheet.IsOpen) Sheet.Open();
        else if (!isWanted && Sheet.IsOpen) Sheet.Close();
    }

    public void Dispose() => Sheet.Dispose();

    private void Build(SheetBuilder sheet)
    {
        SurfaceNotice[] waiting = Waiting;
        if (waiting.Length == 0) return;
        sheet.Name = waiting[0].Id;
        if (waiting.Length > 1) sheet.Note(desk.Texts.Fill("notice.count", 1, waiting.Length));
        page.One(sheet, waiting[0], [("notice/later", ControlKind.Button, desk.Texts["notice.later"], false, Later)]);
    }

    private void Later()
    {
        later.UnionWith(desk.Status.Notices.Select(notice => notice.Id));
        desk.IsChanged = true;
    }
}
