namespace RemoteAccess.Trust;

/// <summary>Keeps everybody out for a while, and lets them in again.</summary>
internal sealed class BlockPage(SurfaceDesk desk) : ISurfacePage
{
    private const int MostDays = 366;
    private int days = 1;

    public string Name => "block";

    private SurfaceTexts Texts => desk.Texts;

    private DateOnly Day => desk.Times.DayOf(desk.Now).AddDays(days);

    public static string Blocked(SurfaceDesk desk, DateTimeOffset until) =>
        until == DateTimeOffset.MaxValue ? desk.Texts["blocked.forever"] : desk.Texts.Fill("blocked.until", desk.Times.Moment(until, desk.Now));

    public static void Hour(SurfaceDesk desk) => Block(desk, desk.Now.AddHours(1));

    /// <summary>Until midnight.</summary>
    public static void Today(SurfaceDesk desk) => Block(desk, desk.Times.EndOf(desk.Times.DayOf(desk.Now)));

    public static void Forever(SurfaceDesk desk) => Block(desk, null);

    public void Open() => days = 1;

    public bool Back() => false;

    public void Build(SheetBuilder sheet)
    {
        sheet.Heading(Texts["block.heading"]);
        if (desk.Status.BlockedUntil is { } until)
        {
            sheet.Box(Blocked(desk, until), isBad: true);
            sheet.Button("unblock", Texts["block.unblock"], () => desk.Do(new SurfaceAction.Unblock(), Texts["done.unblock"]));
        }
        else
        {
            sheet.Box(Texts["block.not"], isBad: false);
        }
        sheet.Text(Texts["block.text"]);
        sheet.Gap(10);
        sheet.Buttons(
            ("block/hour", ControlKind.Button, Texts["block.hour"], false, () => Hour(desk)),
            ("block/today", ControlKind.Button, Texts["block.today"], false, () => Today(desk)),
            ("block/forever", ControlKind.Button, Texts["block.forever"], false, () => Forever(desk)));
        sheet.Gap(4);
        sheet.Stepper("block/day", Texts.Fill("block.date", desk.Times.Day(Day)), () => Step(-1), () => Step(1));
        sheet.Button("block/date", Texts["block.date.button"], () => Block(desk, desk.Times.EndOf(Day)));
    }

    private void Step(int by)
    {
        days = Math.Clamp(days + by, 1, MostDays);
        desk.IsChanged = true;
    }

    private static void Block(SurfaceDesk desk, DateTimeOffset? until) => desk.Do(new SurfaceAction.Block(until), desk.Texts["done.block"]);
}
