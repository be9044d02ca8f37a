namespace RemoteAccess.Trust;

/// <summary>What happened, newest first, a page at a time.</summary>
internal sealed class HistoryPage(SurfaceDesk desk) : ISurfacePage
{
    private const int LinesAPage = 25;
    private IReadOnlyList<SurfaceHistoryLine>? lines;
    private int skip;
    private bool hasOlder;

    public string Name => "history";

    private SurfaceTexts Texts => desk.Texts;

    public void Open()
    {
        lines = null;
        Read(0);
    }

    public bool Back() => false;

    public void Build(SheetBuilder sheet)
    {
        sheet.Heading(Texts["history.heading"]);
        if (lines is null) sheet.Note(desk.IsBusy ? Texts["history.reading"] : "");
        else if (lines.Count == 0) sheet.Text(Texts["history.empty"]);
        else Days(sheet, lines);
        sheet.Gap(8);
        if (skip > 0 && hasOlder) sheet.Buttons(Newer, Older);
        else if (skip > 0) sheet.Buttons(Newer);
        else if (hasOlder) sheet.Buttons(Older);
    }

    private (string, ControlKind, string, bool, Action) Newer => ("history/newer", ControlKind.Button, Texts["history.newer"], false, () => Read(Math.Max(0, skip - LinesAPage)));

    private (string, ControlKind, string, bool, Action) Older => ("history/older", ControlKind.Button, Texts["history.older"], false, () => Read(skip + LinesAPage));

    private void Days(SheetBuilder sheet, IReadOnlyList<SurfaceHistoryLine> shown)
    {
        DateOnly? day = null;
        foreach (SurfaceHistoryLine line in shown)
        {
            if (desk.Times.DayOf(line.At) is var of && of != day)
            {
                if (day is not null) sheet.Gap(6);
                sheet.Text(desk.Times.Day(of), LetterStyle.Heading);
                sheet.Gap(2);
                day = of;
            }
            sheet.Entry(desk.Times.Clock(line.At), line.Text);
        }
    }

    private void Read(int from) => desk.Run(async token =>
    {
        // One more than is shown tells whether there is more.
        IReadOnlyList<SurfaceHistoryLine> read = await desk.Agent.ReadHistoryAsync(from, LinesAPage + 1, token).ConfigureAwait(false);
        return () =>
        {
            (skip, hasOlder, lines) = (from, read.Count > LinesAPage, [.. read.Take(LinesAPage)]);
            desk.IsChanged = true;
        };
    });
}
