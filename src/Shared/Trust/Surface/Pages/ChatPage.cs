namespace RemoteAccess.Trust;

/// <summary>What technicians of running sessions write, the newest first, and answers for a person to press. As everywhere on a sheet, only a person's devices press them.</summary>
internal sealed class ChatPage(SurfaceDesk desk) : ISurfacePage
{
    private const int MostShown = 20;
    private static readonly string[] Answers = ["yes", "no", "moment", "call"];

    public string Name => "chat";

    private SurfaceTexts Texts => desk.Texts;

    /// <summary>When a technician wrote last; null when none did.</summary>
    public static DateTimeOffset? LastWritten(SurfaceStatus status) => status.Sessions.SelectMany(static session => session.Chat).Where(static said => said.IsTechnicians).Max(static said => (DateTimeOffset?)said.At);

    public void Open()
    {
    }

    public bool Back() => false;

    public void Build(SheetBuilder sheet)
    {
        sheet.Heading(Texts["chat.heading"]);
        SurfaceSession[] talking = [.. desk.Status.Sessions.Where(static session => session.Chat.Count > 0)];
        if (talking.Length == 0) sheet.Text(Texts["chat.none"]);
        foreach (SurfaceSession session in talking) One(sheet, session);
    }

    private void One(SheetBuilder sheet, SurfaceSession session)
    {
        string technician = HarmlessText.Line(session.Technician, 100);
        sheet.Text(technician, LetterStyle.Name);
        sheet.Gap(6);
        if (session.Withdrawn.HasFlag(Operations.Chat)) sheet.Note(Texts["chat.off"]);
        else sheet.Buttons([.. Answers.Select(answer => ($"chat/{session.Id}/{answer}", ControlKind.Button, Texts[$"chat.answer.{answer}"], false, (Action)(() => Say(session.Id, answer))))]);
        sheet.Card(() =>
        {
            foreach (SurfaceChatText said in session.Chat.Reverse().Take(MostShown))
            {
                sheet.Note($"{(said.IsTechnicians ? technician : Texts["chat.you"])} – {desk.Times.Moment(said.At, desk.Now)}");
                sheet.Text(said.Text);
                sheet.Gap(6);
            }
        });
    }

    private void Say(string session, string answer) => desk.Do(new SurfaceAction.Say(session, Texts[$"chat.answer.{answer}"]), "");
}
