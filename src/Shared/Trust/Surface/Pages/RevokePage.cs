namespace RemoteAccess.Trust;

/// <summary>The wizard that takes an agreement back: which one, what happens then, and sure. What is not pressed changes nothing; the first focus is Back.</summary>
internal sealed class RevokePage(SurfaceDesk desk) : ISurfacePage
{
    private string? chosen;
    private bool isConfirming;

    public string Name => "revoke";

    private SurfaceTexts Texts => desk.Texts;

    private SurfaceGrant? Chosen => desk.Status.Grants.FirstOrDefault(grant => grant.Id == chosen && StatusPage.CanRevoke(grant));

    public void Open() => (chosen, isConfirming) = (null, false);

    /// <summary>The person has chosen it elsewhere.</summary>
    public void Choose(string grant)
    {
        chosen = grant;
        isConfirming = Chosen is not null;
        desk.Say("");
    }

    public bool Back()
    {
        if (!isConfirming) return false;
        isConfirming = false;
        desk.IsChanged = true;
        return true;
    }

    public void Build(SheetBuilder sheet)
    {
        sheet.Heading(Texts["revoke.heading"]);
        if (isConfirming && Chosen is { } grant) Confirm(sheet, grant);
        else Choose(sheet);
    }

    private void Choose(SheetBuilder sheet)
    {
        isConfirming = false;
        SurfaceGrant[] grants = [.. desk.Status.Grants.Where(StatusPage.CanRevoke)];
        if (grants.Length == 0)
        {
            sheet.Text(Texts["revoke.none"]);
            return;
        }
        sheet.Text(Texts["revoke.choose"]);
        sheet.Gap(6);
        foreach (SurfaceGrant grant in grants)
        {
            string until = grant.NotAfter is { } end ? $" – {Texts.Fill("grant.until", desk.Times.Moment(end, desk.Now))}" : "";
            sheet.Choice($"choose/{grant.Id}", HarmlessText.Line(grant.Nickname) + until, grant.Id == chosen, () => Take(grant.Id));
        }
        sheet.Gap(10);
        if (Chosen is not null) sheet.Button("revoke/next", Texts["revoke.next"], Next, ControlKind.Primary);
    }

    private void Confirm(SheetBuilder sheet, SurfaceGrant grant)
    {
        string nickname = HarmlessText.Line(grant.Nickname);
        sheet.Name += "/confirm";
        sheet.FirstFocus = "revoke/back";
        sheet.Text(Texts.Fill("revoke.confirm.heading", nickname), LetterStyle.Strong);
        sheet.Gap(6);
        sheet.Card(() =>
        {
            for (int i = 1; i <= 4; i++) sheet.Point(Texts[$"revoke.what.{i}"]);
        });
        sheet.Buttons(
            ("revoke/back", ControlKind.Primary, Texts["revoke.back"], false, () => Back()),
            ("revoke/confirm", ControlKind.Danger, Texts["revoke.confirm"], false, () => Revoke(grant.Id, nickname)));
    }

    private void Take(string grant)
    {
        chosen = grant;
        desk.IsChanged = true;
    }

    private void Next()
    {
        isConfirming = true;
        desk.Say("");
    }

    private void Revoke(string grant, string nickname)
    {
        (chosen, isConfirming) = (null, false);
        desk.Do(new SurfaceAction.Revoke(grant), Texts.Fill("revoke.done", nickname));
    }
}
