namespace RemoteAccess.Trust;

/// <summary>What the figure means, where to stop, block and revoke: shown once, at the first run. On the surface's thread.</summary>
internal sealed class Tour : IDisposable
{
    private const int Steps = 4;
    private readonly SurfaceDesk desk;
    private readonly string file;
    private readonly Action after;
    private int step = 1;

    /// <param name="stage">Where.</param>
    /// <param name="desk">With which words.</param>
    /// <param name="file">Exists once it was seen.</param>
    /// <param name="after">What comes up when it is over.</param>
    public Tour(SurfaceStage stage, SurfaceDesk desk, string file, Action after)
    {
        this.after = after;
        this.desk = desk;
        this.file = Path.GetFullPath(file);
        Sheet = new SheetWindow(stage, desk.Texts["tour.title"], 560, null, isQuiet: false, Build, _ => End());
    }

    public SheetWindow Sheet { get; }

    /// <summary>Shows it, unless it was seen.</summary>
    public void Start()
    {
        if (Path.Exists(file)) after();
        else Sheet.Open();
    }

    public void Dispose() => Sheet.Dispose();

    private void Build(SheetBuilder sheet)
    {
        SurfaceTexts texts = desk.Texts;
        Palette colours = sheet.Colours;
        sheet.Name = $"tour/{step}";
        sheet.FirstFocus = "tour/next";
        sheet.Note(texts.Fill("tour.step", step, Steps));
        sheet.Gap(4);
        (FigureKind kind, uint ink, uint paper) = step switch
        {
            3 => (FigureKind.Blocked, colours.Bad, colours.BadPaper),
            4 => (FigureKind.Nobody, colours.OnUnwatched, colours.Unwatched),
            _ => (FigureKind.Person, colours.OnWatched, colours.Watched),
        };
        sheet.Figure(kind, ink, paper);
        sheet.Title(texts[$"tour.{step}.heading"]);
        sheet.Gap(6);
        sheet.Text(step switch
        {
            2 => texts.Fill("tour.2.text", texts.Chord("key.stop")),
            3 => texts.Fill("tour.3.text", texts.Chord("key.open")),
            _ => texts[$"tour.{step}.text"],
        });
        sheet.Gap(14);
        (string, ControlKind, string, bool, Action) next = ("tour/next", ControlKind.Primary, texts[step == Steps ? "tour.done" : "tour.next"], false, () => Go(step + 1));
        if (step == 1) sheet.Buttons(next, ("tour/skip", ControlKind.Button, texts["tour.skip"], false, End));
        else sheet.Buttons(next, ("tour/back", ControlKind.Button, texts["tour.back"], false, () => Go(step - 1)));
    }

    private void Go(int to)
    {
        if (to > Steps) End();
        else (step, desk.IsChanged) = (to, true);
    }

    private void End()
    {
        Sheet.Close();
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file) ?? "/");
            File.Open(file, FileMode.OpenOrCreate).Dispose();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // It is shown again at the next start, and that is said here.
            desk.Say(error.Message, isBad: true);
        }
        after();
    }
}
