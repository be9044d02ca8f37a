using System.Text;
using RemoteAccess.Sessions;

namespace RemoteAccess.Tests;

/// <summary>Acts that a technician, a customer, the clock and the hardware may come up with.</summary>
internal static class RandomActs
{
    private static readonly uint[] Keys = [0xFF08, 0xFF0D, 0xFF50, 0xFF51, 0xFF52, 0xFF53, 0xFF54, 0xFF55, 0xFF56, 0xFF57, 0xFFFF, 0xFF09, 'k', 'Q'];
    private static readonly int[] Characters = ['a', 'W', ' ', ' ', 'i', '\n', 'ä', '€', '漢', 0x1F600, '\t'];

    public static async ValueTask OneAsync(Random random, Seat seat, IInputInjector input)
    {
        PixelSize size = seat.Desktop.Layout.Size;
        InputEvent? act = random.Next(100) switch
        {
            < 30 => InputEvent.Text(new Rune(Characters[random.Next(Characters.Length)])),
            < 45 => InputEvent.Key(Keys[random.Next(Keys.Length)], true),
            < 65 => InputEvent.PointerMove(random.Next(-20, size.Width + 20), random.Next(-20, size.Height + 20)),
            < 72 => MoveTo(seat.Desktop.AreaOf((VirtualPart)random.Next(Enum.GetValues<VirtualPart>().Length)), random),
            < 92 => InputEvent.Button(random.Next(8) == 0 ? MouseButton.Right : MouseButton.Left, random.Next(2) == 0),
            < 95 => InputEvent.Wheel(0, random.Next(-300, 300)),
            _ => null,
        };
        if (act is { } injected) await input.InjectAsync(injected, Seat.Token);
        else Hardware(random, seat);
    }

    private static InputEvent MoveTo(PixelRect area, Random random) =>
        InputEvent.PointerMove(area.X + random.Next(area.Width + 1), area.Y + random.Next(area.Height + 1));

    private static void Hardware(Random random, Seat seat)
    {
        switch (random.Next(8))
        {
            case 0:
                seat.Desktop.SetSize(new PixelSize(random.Next(64, 700), random.Next(64, 500)));
                break;
            case 1 when seat.Desktop.Layout.Monitors.Count < 3:
                seat.Desktop.AddMonitor(new PixelSize(random.Next(64, 300), random.Next(64, 500)));
                break;
            case 1:
                seat.Desktop.RemoveMonitor();
                break;
            case 2:
                seat.Desktop.MoveWindow(random.Next(2) == 0 ? VirtualPart.NotesWindow : VirtualPart.ControlsWindow, random.Next(-300, 700), random.Next(-50, 500));
                break;
            default:
                seat.Time.Move(TimeSpan.FromMilliseconds(random.Next(2500)));
                break;
        }
    }
}
