namespace RemoteAccess.Trust;

/// <summary>Who is connected and may do what, who may connect, and what is wrong.</summary>
internal sealed class StatusPage(SurfaceDesk desk, HotKeys keys, Action<string> revoke) : ISurfacePage
{
    /// <summary>Characters of a path; it is wrapped.</summary>
    private const int MaxPath = 1024;

    public string Name => "status";

    private SurfaceTexts Texts => desk.Texts;

    public void Open()
    {
    }

    public bool Back() => false;

    public void Build(SheetBuilder sheet)
    {
        SurfaceStatus status = desk.Status;
        if (status.Trouble is { } trouble) sheet.Box($"{Texts["trouble.heading"]}: {HarmlessText.Line(trouble)}", isBad: true);
        if (status.BlockedUntil is { } until)
        {
            sheet.Box(BlockPage.Blocked(desk, until), isBad: true);
            sheet.Button("unblock", Texts["block.unblock"], () => desk.Do(new SurfaceAction.Unblock(), Texts["done.unblock"]));
        }
        if (status.Sessions.Count == 0) sheet.Text(Texts["status.nobody"], LetterStyle.Strong);
        else Sessions(sheet, status.Sessions);
        sheet.Gap(4);
        sheet.Line();
        sheet.Heading(Texts["status.grants"]);
        if (status.Grants.Count == 0) sheet.Text(Texts["status.nogrants"]);
        foreach (SurfaceGrant grant in status.Grants) Grant(sheet, grant);
        Folders(sheet, status);
        if (keys is { CanStop: true, CanOpen: true }) sheet.Note(Texts.Fill("status.keys", Texts.Chord("key.stop"), Texts.Chord("key.open")));
    }

    private void Sessions(SheetBuilder sheet, IReadOnlyList<SurfaceSession> sessions)
    {
        sheet.Heading(Texts["status.connected"]);
        sheet.Button("stop", Texts["status.stop"], () => desk.Do(new SurfaceAction.StopSessions(), Texts["done.stop"]), ControlKind.Danger);
        foreach (SurfaceSession session in sessions) Session(sheet, session);
    }

    private void Session(SheetBuilder sheet, SurfaceSession session)
    {
        sheet.Card(() =>
        {
            sheet.Text(session.Technician, LetterStyle.Name);
            sheet.Text(Texts.Fill("status.since", desk.Times.Moment(session.Began, desk.Now), desk.Times.Moment(session.ExpiresAt, desk.Now)));
            sheet.Text(Texts[session.IsWatching ? "status.watching" : "status.notwatching"]);
            if (session.IsRecording) sheet.Text(Texts.Fill("status.recorded", Texts["op.RecordSession"]), LetterStyle.Strong);
            if (session.Reason.Length > 0) sheet.Text(Texts.Fill("status.reason", HarmlessText.Line(session.Reason)));
            if (session.Nickname.Length > 0) sheet.Text(Texts.Fill("status.under", HarmlessText.Line(session.Nickname)));
            sheet.Gap(6);
            sheet.Note(Texts["status.may"]);
            foreach (Operations operation in Each(session.Operations)) Switch(sheet, session, operation);
        });
    }

    private void Switch(SheetBuilder sheet, SurfaceSession session, Operations operation)
    {
        bool isOn = (session.Withdrawn & operation) == 0;
        string name = Texts[$"op.{operation}"];
        SurfaceAction act = isOn ? new SurfaceAction.Withdraw(session.Id, operation) : new SurfaceAction.Restore(session.Id, operation);
        sheet.Switch($"op/{session.Id}/{operation}", (session.Used & operation) != 0 ? Texts.Fill("status.used", name) : name, session.Technician, isOn, Texts[isOn ? "switch.on" : "switch.off"], () => desk.Do(act, ""));
    }

    private void Grant(SheetBuilder sheet, SurfaceGrant grant) => sheet.Card(() =>
    {
        sheet.Text(grant.Nickname, LetterStyle.Name);
        sheet.Text(Texts[$"grant.{grant.State}"], LetterStyle.Strong);
        if (grant.NotAfter is { } end) sheet.Text(Texts.Fill("grant.until", desk.Times.Moment(end, desk.Now)));
        sheet.Text(grant.Hours is { } hours ? Texts.Fill("grant.hours", HarmlessText.Line(hours)) : Texts["grant.anytime"]);
        if (grant.ConsentedBy.Length > 0) sheet.Text(Texts.Fill("grant.by", HarmlessText.Line(grant.ConsentedBy)));
        if (grant.FailedAttempts > 0) sheet.Text(Texts.Fill("grant.failed", grant.FailedAttempts));
        if (!CanRevoke(grant)) return;
        sheet.Gap(6);
        if (grant.Operations != Operations.None) sheet.Note(Texts["grant.may"]);
        foreach (Operations operation in Each(grant.Operations)) Switch(sheet, grant, operation);
        sheet.Gap(6);
        if (grant.NeedsUnlock) sheet.Button($"unlock/{grant.Id}", Texts["grant.unlock"], () => desk.Do(new SurfaceAction.Unlock(grant.Id), Texts["done.unlock"]));
        if (CanStorePassword(grant)) sheet.Button($"password/{grant.Id}", Texts["grant.password"], () => desk.Do(new SurfaceAction.StorePassword(grant.Id, Texts.Language), Texts["done.password"]));
        sheet.Button($"revoke/{grant.Id}", Texts["grant.revoke"], () => revoke(grant.Id));
    });

    /// <summary>Taken back here, and shared by the command only: a technician with the mouse cannot press here, and a window that opens the disk is nothing to press by mistake.</summary>
    private void Folders(SheetBuilder sheet, SurfaceStatus status)
    {
        if (status.Folders.Count == 0 && !status.AreFoldersDamaged) return;
        sheet.Gap(4);
        sheet.Line();
        sheet.Heading(Texts["folders.heading"]);
        if (status.AreFoldersDamaged) sheet.Box(Texts["folders.damaged"], isBad: true);
        if (status.Folders.Count > 0) sheet.Note(Texts["folders.text"]);
        sheet.Gap(6);
        foreach (SurfaceFolder folder in status.Folders) Folder(sheet, folder);
    }

    private void Folder(SheetBuilder sheet, SurfaceFolder folder) => sheet.Card(() =>
    {
        sheet.Text(HarmlessText.Line(folder.Name), LetterStyle.Name);
        sheet.Text(HarmlessText.Line(folder.FullPath, MaxPath));
        sheet.Note(Texts[folder.IsReadOnly ? "folders.readonly" : "folders.both"]);
        if (!folder.IsCustomers) sheet.Note(Texts["folders.product"]);
        else sheet.Button($"folder/{folder.Name}", Texts["folders.takeback"], () => desk.Do(new SurfaceAction.TakeBackFolder(folder.Name), Texts["done.folder"]));
    });

    /// <summary>The agent's own window asks for it; what is typed there never comes here.</summary>
    private bool CanStorePassword(SurfaceGrant grant) => desk.Status.CanStorePasswords && (grant.Operations & ~grant.Withdrawn).HasFlag(Operations.FillCredential);

    /// <summary>Of the agreement itself: for everybody who comes under it, now and later.</summary>
    private void Switch(SheetBuilder sheet, SurfaceGrant grant, Operations operation)
    {
        bool isOn = (grant.Withdrawn & operation) == 0;
        SurfaceAction act = isOn ? new SurfaceAction.WithdrawFromGrant(grant.Id, operation) : new SurfaceAction.RestoreToGrant(grant.Id, operation);
        sheet.Switch($"allow/{grant.Id}/{operation}", Texts[$"op.{operation}"], grant.Nickname, isOn, Texts[isOn ? "switch.on" : "switch.off"], () => desk.Do(act, ""));
    }

    /// <summary>Whether there is anything left of it to take back.</summary>
    public static bool CanRevoke(SurfaceGrant grant) => grant.State is not (GrantState.Revoked or GrantState.Expired);

    private static IEnumerable<Operations> Each(Operations set) => Enum.GetValues<Operations>().Where(one => uint.IsPow2((uint)one) && (set & one) != 0);
}
