using System.Globalization;

namespace RemoteAccess.Trust;

/// <summary>Saves the report of a month or a week as a file of the person's.</summary>
internal sealed class ReportPage(SurfaceDesk desk, ReportFolder folder) : ISurfacePage
{
    private const int MostBack = 600;
    private bool isWeek;
    private int back;
    private string? saved;

    public string Name => "report";

    private SurfaceTexts Texts => desk.Texts;

    public void Open() => (back, saved) = (0, null);

    public bool Back() => false;

    public void Build(SheetBuilder sheet)
    {
        sheet.Heading(Texts["report.heading"]);
        sheet.Text(Texts["report.text"]);
        sheet.Gap(8);
        sheet.Choice("report/month", Texts["report.month"], !isWeek, () => Choose(false));
        sheet.Choice("report/week", Texts["report.week"], isWeek, () => Choose(true));
        sheet.Gap(8);
        (string period, string words) = Period();
        sheet.Stepper("report/period", words, () => Step(1), () => Step(-1));
        sheet.Button("report/save", Texts["report.save"], () => Save(period), ControlKind.Primary);
        if (saved is not { } file) return;
        sheet.Box(Texts.Fill("report.saved", file), isBad: false);
        if (folder.CanOpen) sheet.Button("report/open", Texts["report.open"], () => OpenFile(file));
    }

    /// <summary>As the agent names it, and as the person reads it.</summary>
    private (string Period, string Words) Period()
    {
        DateOnly today = desk.Times.DayOf(desk.Now);
        if (!isWeek)
        {
            DateOnly month = new DateOnly(today.Year, today.Month, 1).AddMonths(-back);
            return (month.ToString("yyyy-MM", CultureInfo.InvariantCulture), desk.Times.Month(month));
        }
        DateOnly monday = today.AddDays(-(((int)today.DayOfWeek + 6) % 7) - (7 * back));
        int year = ISOWeek.GetYear(monday.ToDateTime(TimeOnly.MinValue)), week = ISOWeek.GetWeekOfYear(monday.ToDateTime(TimeOnly.MinValue));
        return (string.Create(CultureInfo.InvariantCulture, $"{year:0000}-W{week:00}"), Texts.Fill("report.weekname", week, year, desk.Times.ShortDay(monday)));
    }

    private void Choose(bool week) => Change(() => (isWeek, back) = (week, 0));

    private void Step(int by) => Change(() => back = Math.Clamp(back + by, 0, MostBack));

    private void Change(Action change)
    {
        change();
        saved = null;
        desk.IsChanged = true;
    }

    private void Save(string period)
    {
        saved = null;
        desk.Run(async token =>
        {
            string page = await desk.Agent.ReadReportAsync(period, token).ConfigureAwait(false);
            try
            {
                string file = folder.Save(period, page);
                return () => (saved, desk.IsChanged) = (file, true);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                return () => desk.Say(Texts.Fill("report.unsaved", HarmlessText.Line(error.Message)), isBad: true);
            }
        });
    }

    private void OpenFile(string file)
    {
        if (DocumentOpener.Open(file) is { } problem) desk.Say(problem, isBad: true);
    }
}
