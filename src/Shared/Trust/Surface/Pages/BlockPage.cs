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
            ("block/hour", ControlKind.Button, Texts["block.hour"], false, () => Block(desk.Now.AddHours(1))),
            ("block/today", ControlKind.Button, Texts["block.today"], false, () => Block(desk.Times.EndOf(desk.Times.DayOf(desk.Now)))),
            ("block/forever", ControlKind.Button, Texts["block.forever"], false, () => Block(null)));
        sheet.Gap(4);
        sheet.Stepper("block/day", Texts.Fill("block.date", desk.Times.Day(Day)), () => Step(-1), () => Step(1));
        sheet.Button("block/date", Texts["block.date.button"], () => Block(desk.Times.EndOf(Day)));
    }

    private void Step(int by)
    {
        days = Math.Clamp(days + by, 1, MostDays);
        desk.IsChanged = true;
    }

    private void Block(DateTimeOffset? until) => desk.Do(new SurfaceAction.Block(until), Texts["done.block"]);
}
