namespace RemoteAccess.Trust;

/// <summary>
/// What technicians of running sessions write, the newest first, a line to write back in and answers to press. As everywhere on a sheet, only a person's devices do: nobody who is connected writes for them.
/// </summary>
/// <param name="desk">Says and does.</param>
internal sealed class ChatPage(SurfaceDesk desk) : ISurfacePage
{
    /// <summary>What the agent takes in one text.</summary>
    private const int MostBytes = 1000;

    private const int MostShown = 20;
    private static readonly string[] Answers = ["yes", "no", "moment", "call"];
    private readonly Dictionary<string, TextLine> drafts = new(StringComparer.Ordinal);

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
        foreach (string over in drafts.Keys.Where(id => desk.Status.Sessions.All(session => session.Id != id)).ToArray()) drafts.Remove(over);
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
        else Answer(sheet, session.Id, technician);
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

    private void Answer(SheetBuilder sheet, string session, string technician)
    {
        if (!drafts.TryGetValue(session, out TextLine? draft)) drafts[session] = draft = new TextLine(MostBytes);
        sheet.Field($"chat/{session}/text", Texts.Fill("chat.write", technician), draft, () => Send(session, draft));
        sheet.Button($"chat/{session}/send", Texts["chat.send"], () => Send(session, draft), ControlKind.Primary);
        sheet.Buttons([.. Answers.Select(answer => ($"chat/{session}/{answer}", ControlKind.Button, Texts[$"chat.answer.{answer}"], false, (Action)(() => Say(session, Texts[$"chat.answer.{answer}"]))))]);
    }

    private void Say(string session, string text) => desk.Do(new SurfaceAction.Say(session, text), "");

    /// <summary>The line is free at once for what comes next; what could not be sent comes back.</summary>
    private void Send(string session, TextLine draft)
    {
        if (!draft.HasWords) return;
        string text = draft.Text;
        draft.Clear();
        desk.Run(async token =>
        {
            try
            {
                await desk.Agent.DoAsync(new SurfaceAction.Say(session, text), token).ConfigureAwait(false);
                return static () => { };
            }
            catch (SurfaceException error)
            {
                return () =>
                {
                    draft.PutBack(text);
                    desk.Say(error.Message, isBad: true);
                };
            }
        });
    }
}
