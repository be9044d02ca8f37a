namespace RemoteAccess.Trust;

/// <summary>The window with the pages. On the surface's thread.</summary>
internal sealed class SurfaceWindow : IDisposable
{
    private readonly SurfaceDesk desk;
    private readonly RevokePage revoking;
    private readonly ISurfacePage[] pages;
    private ISurfacePage page;

    public SurfaceWindow(SurfaceStage stage, SurfaceDesk desk, HotKeys keys, ReportFolder folder)
    {
        this.desk = desk;
        revoking = new RevokePage(desk);
        pages = [new StatusPage(desk, keys, Revoke), new BlockPage(desk), revoking, new HistoryPage(desk), new ReportPage(desk, folder), new NoticesPage(desk, Revoke), new ChatPage(desk)];
        page = pages[0];
        Sheet = new SheetWindow(stage, desk.Texts["title"], 660, 640, isQuiet: false, Build, Back);
    }

    public SheetWindow Sheet { get; }

    /// <summary>Opens it where it was.</summary>
    public void Open() => Sheet.Open();

    /// <summary>Turns to a page.</summary>
    public void Go(string name) => Go(pages.First(one => one.Name == name));

    /// <summary>Opens it at the wizard, with the agreement chosen.</summary>
    public void Revoke(string grant)
    {
        Go(revoking);
        revoking.Choose(grant);
        Sheet.Open();
    }

    public void Dispose() => Sheet.Dispose();

    private void Build(SheetBuilder sheet)
    {
        SurfaceTexts texts = desk.Texts;
        sheet.Name = page.Name;
        sheet.FirstFocus = Tab(page);
        sheet.Buttons([.. pages.Where(IsOffered).Select(one => (Tab(one), ControlKind.Tab, Label(texts, one), one == page, (Action)(() => Go(one))))]);
        sheet.Line();
        if (desk.Said.Length > 0) sheet.Box(desk.Said, desk.IsSaidBad);
        page.Build(sheet);
    }

    /// <summary>The chat only once somebody wrote.</summary>
    private bool IsOffered(ISurfacePage one) => one is not ChatPage || one == page || ChatPage.LastWritten(desk.Status) is not null;

    private static string Tab(ISurfacePage page) => $"page/{page.Name}";

    private string Label(SurfaceTexts texts, ISurfacePage one) =>
        one is NoticesPage && desk.Status.Notices.Count > 0 ? texts.Fill("page.notices.count", desk.Status.Notices.Count) : texts[$"page.{one.Name}"];

    private void Go(ISurfacePage to)
    {
        page = to;
        desk.Say("");
        to.Open();
    }

    private void Back(bool isClosing)
    {
        if (isClosing || !page.Back()) Sheet.Close();
    }
}
