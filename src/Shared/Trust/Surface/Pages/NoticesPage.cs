namespace RemoteAccess.Trust;

/// <summary>What the customer has not seen yet, oldest first; also what the notice window shows, one at a time.</summary>
internal sealed class NoticesPage(SurfaceDesk desk, Action<string> revoke) : ISurfacePage
{
    public string Name => "notices";

    private SurfaceTexts Texts => desk.Texts;

    public void Open()
    {
    }

    public bool Back() => false;

    public void Build(SheetBuilder sheet)
    {
        sheet.Heading(Texts["notice.heading"]);
        if (desk.Status.Notices.Count == 0) sheet.Text(Texts["notice.none"]);
        foreach (SurfaceNotice notice in desk.Status.Notices) One(sheet, notice, []);
    }

    /// <summary>A notice with its buttons, and further ones behind them.</summary>
    public void One(SheetBuilder sheet, SurfaceNotice notice, (string, ControlKind, string, bool, Action)[] more)
    {
        string? grant = desk.Status.Grants.Any(one => one.Id == notice.GrantId && StatusPage.CanRevoke(one)) ? notice.GrantId : null;
        sheet.Card(() =>
        {
            sheet.Text(notice.Title, LetterStyle.Name);
            sheet.Note(desk.Times.Moment(notice.At, desk.Now));
            sheet.Gap(6);
            sheet.Text(notice.Text);
            if (grant is null) return;
            sheet.Gap(6);
            sheet.Text(Texts["notice.keep.text"], LetterStyle.Strong);
        });
        Action seen = () => desk.Do(new SurfaceAction.Dismiss(notice.Id), "");
        if (grant is not null)
        {
            sheet.Buttons([
                ($"keep/{notice.Id}", ControlKind.Button, Texts["notice.keep"], false, seen),
                ($"remove/{notice.Id}", ControlKind.Danger, Texts["notice.remove"], false, () => revoke(grant)),
                .. more]);
            return;
        }
        sheet.Buttons([($"seen/{notice.Id}", ControlKind.Primary, Texts["notice.seen"], false, seen), .. more]);
    }
}
