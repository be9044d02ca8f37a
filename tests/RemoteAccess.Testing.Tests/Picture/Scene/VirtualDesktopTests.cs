using System.Text;
using RemoteAccess.Picture;
using RemoteAccess.Sessions;

namespace RemoteAccess.Tests;

public sealed class VirtualDesktopTests
{
    [Fact]
    public async Task Text_Typed_IsInTheFieldAndInThePictureAndChangesNothingElse()
    {
        await using var seat = new Seat();
        byte[] before = seat.Desktop.CopyPixels();
        seat.Desktop.TypeAsCustomer("Größe: 5 €");
        byte[] after = seat.Desktop.CopyPixels();
        PixelRect field = seat.Desktop.AreaOf(VirtualPart.TextField);
        Assert.Equal("Größe: 5 €", seat.Desktop.Text);
        Assert.True(DrawnText.TryFind(after, new(1280, 800), 1280 * 4, "Größe: 5 €", out PixelRect found));
        Assert.Equal(found, found.Intersect(field));
        Assert.False(DrawnText.TryFind(before, new(1280, 800), 1280 * 4, "Größe", out _));
        Assert.False(DrawnText.TryFind(after, new(1280, 800), 1280 * 4, "Grösse", out _));
        PixelRect changed = PictureDifference.Between(before, after, 1280);
        Assert.False(changed.IsEmpty);
        Assert.Equal(changed, changed.Intersect(field));
    }

    [Theory]
    [InlineData(0x6F22, "漢")]
    [InlineData(0x1F600, "😀")]
    [InlineData(0x0301, "\u0301")]
    public async Task Text_CharacterWithoutAPicture_IsShownAsABoxOfItsOwn(int code, string text)
    {
        await using var seat = new Seat();
        seat.Desktop.ActAsCustomer(InputEvent.Text(new Rune(code)));
        Assert.Equal(text, seat.Desktop.Text);
        byte[] picture = seat.Desktop.CopyPixels();
        Assert.True(DrawnText.TryFind(picture, new(1280, 800), 1280 * 4, text, out _));
        Assert.False(DrawnText.TryFind(picture, new(1280, 800), 1280 * 4, char.ConvertFromUtf32(code + 1), out _));
    }

    [Fact]
    public async Task Text_EditedWithKeys_FollowsTheCaret()
    {
        await using var seat = new Seat();
        VirtualDesktop desktop = seat.Desktop;
        desktop.TypeAsCustomer("abc\ndef");
        Press(desktop, 0xFF52); // up
        Press(desktop, 0xFF08); // back space: removes c
        Press(desktop, 0xFF50); // home
        Press(desktop, 0xFFFF); // delete: removes a
        Assert.Equal("b\ndef", desktop.Text);
        Press(desktop, 0xFF57, 0xFF53, 0xFF53); // end, right over the line end, right over d
        desktop.TypeAsCustomer("!");
        Assert.Equal("b\nd!ef", desktop.Text);
        PixelRect field = desktop.AreaOf(VirtualPart.TextField);
        desktop.ActAsCustomer(InputEvent.PointerMove(field.X + 12, field.Y + 14));
        desktop.ActAsCustomer(InputEvent.Button(MouseButton.Left, true));
        desktop.ActAsCustomer(InputEvent.Button(MouseButton.Left, false));
        desktop.TypeAsCustomer("?");
        Assert.Equal("?b\nd!ef", desktop.Text);
    }

    [Fact]
    public async Task Text_LongerThanTheField_WrapsScrollsAndTurnsWithTheWheel()
    {
        await using var seat = new Seat(640, 480);
        VirtualDesktop desktop = seat.Desktop;
        desktop.TypeAsCustomer("First words " + string.Concat(Enumerable.Repeat("and more words ", 150)) + "Last");
        Assert.False(IsVisible(desktop, "First words"));
        Assert.True(IsVisible(desktop, "Last"));
        PixelRect field = desktop.AreaOf(VirtualPart.TextField);
        desktop.ActAsCustomer(InputEvent.PointerMove(field.X + 20, field.Y + 20));
        byte[] before = desktop.CopyPixels();
        desktop.ActAsCustomer(InputEvent.Wheel(0, -120 * 100));
        PixelRect changed = PictureDifference.Between(before, desktop.CopyPixels(), 640);
        Assert.Equal(changed, changed.Intersect(field));
        Assert.True(IsVisible(desktop, "First words"));
        Assert.False(IsVisible(desktop, "Last"));
    }

    [Fact]
    public async Task Buttons_ClickedByTechnician_CountAndSwitchAndShowIt()
    {
        await using var seat = new Seat();
        await using IInputInjector input = await seat.OpenInputAsync();
        for (int i = 0; i < 3; i++) await ClickAsync(input, seat.Desktop.AreaOf(VirtualPart.CountButton));
        byte[] before = seat.Desktop.CopyPixels();
        await ClickAsync(input, seat.Desktop.AreaOf(VirtualPart.LampButton));
        Assert.Equal((3, true), (seat.Desktop.Clicks, seat.Desktop.LampIsOn));
        PixelRect changed = PictureDifference.Between(before, seat.Desktop.CopyPixels(), 1280);
        Assert.Equal(changed, changed.Intersect(seat.Desktop.AreaOf(VirtualPart.Lamp)));
        Assert.False(changed.IsEmpty);
    }

    [Fact]
    public async Task Button_LetGoOutside_LooksPressedButDoesNotAct()
    {
        await using var seat = new Seat();
        PixelRect button = seat.Desktop.AreaOf(VirtualPart.CountButton);
        seat.Desktop.ClickAsCustomer(VirtualPart.ControlsTitleBar);
        byte[] before = seat.Desktop.CopyPixels();
        seat.Desktop.ActAsCustomer(InputEvent.PointerMove(button.X + 5, button.Y + 5));
        seat.Desktop.ActAsCustomer(InputEvent.Button(MouseButton.Left, true));
        PixelRect changed = PictureDifference.Between(before, seat.Desktop.CopyPixels(), 1280);
        Assert.Equal(button, changed.Union(button));
        Assert.False(changed.IsEmpty);
        seat.Desktop.ActAsCustomer(InputEvent.PointerMove(button.X - 5, button.Y + 5));
        seat.Desktop.ActAsCustomer(InputEvent.Button(MouseButton.Left, false));
        Assert.Equal(0, seat.Desktop.Clicks);
        Assert.True(PictureDifference.Between(before, seat.Desktop.CopyPixels(), 1280).IsEmpty);
    }

    [Fact]
    public async Task Window_DraggedByItsTitleBar_MovesAndComesToTheFront()
    {
        await using var seat = new Seat();
        VirtualDesktop desktop = seat.Desktop;
        await using IInputInjector input = await seat.OpenInputAsync();
        byte[] untouched = desktop.CopyPixels();
        PixelRect before = desktop.AreaOf(VirtualPart.ControlsWindow), grip = desktop.AreaOf(VirtualPart.ControlsTitleBar);
        await input.InjectAsync(InputEvent.PointerMove(grip.X + 50, grip.Y + 10), Seat.Token);
        await input.InjectAsync(InputEvent.Button(MouseButton.Left, true), Seat.Token);
        await input.InjectAsync(InputEvent.PointerMove(grip.X + 50 - 200, grip.Y + 10 + 90), Seat.Token);
        await input.InjectAsync(InputEvent.Button(MouseButton.Left, false), Seat.Token);
        await input.InjectAsync(InputEvent.PointerMove(700, 700), Seat.Token);
        Assert.Equal(before with { X = before.X - 200, Y = before.Y + 90 }, desktop.AreaOf(VirtualPart.ControlsWindow));
        desktop.TypeAsCustomer("not for Notes");
        Assert.Equal("", desktop.Text);
        desktop.MoveWindow(VirtualPart.ControlsWindow, before.X, before.Y);
        desktop.ClickAsCustomer(VirtualPart.NotesTitleBar);
        Assert.True(PictureDifference.Between(untouched, desktop.CopyPixels(), 1280).IsEmpty);
        desktop.TypeAsCustomer("for Notes");
        Assert.Equal("for Notes", desktop.Text);
    }

    [Fact]
    public async Task MoveWindow_FarAway_KeepsTheTitleBarWithinReach()
    {
        await using var seat = new Seat();
        var screen = new PixelRect(0, 0, 1280, 800 - 40);
        foreach ((int x, int y) in new[] { (-9999, -9999), (9999, 9999) })
        {
            seat.Desktop.MoveWindow(VirtualPart.NotesWindow, x, y);
            PixelRect grip = seat.Desktop.AreaOf(VirtualPart.NotesTitleBar).Intersect(screen);
            Assert.True(grip is { Width: >= 64, Height: 32 });
        }
    }

    [Fact]
    public async Task Clock_ASecondPasses_DamagesTheClockOnlyAndOnlyThen()
    {
        await using var seat = new Seat();
        await using IScreenCapture capture = await seat.OpenCaptureAsync();
        byte[] before = seat.Desktop.CopyPixels();
        Assert.True(DrawnText.TryFind(before, new(1280, 800), 1280 * 4, "14:05:09", out PixelRect time));
        Assert.True(DrawnText.TryFind(before, new(1280, 800), 1280 * 4, "2026-03-01", out _));
        PixelRect clock = seat.Desktop.AreaOf(VirtualPart.Clock);
        Assert.Equal(time, time.Intersect(clock));
        (await capture.CaptureAsync(Seat.Token)).Dispose();
        ValueTask<ScreenFrame> waiting = capture.CaptureAsync(Seat.Token);
        seat.Time.Move(TimeSpan.FromMilliseconds(749));
        Assert.False(waiting.IsCompleted);
        seat.Time.Move(TimeSpan.FromMilliseconds(1));
        using ScreenFrame frame = await waiting;
        PixelRect damage = Assert.Single(frame.Damage.ToArray());
        Assert.Equal(damage, damage.Intersect(clock));
        Assert.True(DrawnText.TryFind(frame.Pixels, new(1280, 800), frame.Stride, "14:05:10", out _));
        seat.Time.Move(TimeSpan.FromHours(10));
        byte[] nextDay = seat.Desktop.CopyPixels();
        Assert.True(DrawnText.TryFind(nextDay, new(1280, 800), 1280 * 4, "00:05:10", out _));
        Assert.True(DrawnText.TryFind(nextDay, new(1280, 800), 1280 * 4, "2026-03-02", out _));
    }

    [Fact]
    public async Task PhysicalIdleTime_OnlyTheCustomersInputResetsIt()
    {
        await using var seat = new Seat();
        await using IInputInjector input = await seat.OpenInputAsync();
        seat.Time.Move(TimeSpan.FromMinutes(3));
        await input.InjectAsync(InputEvent.PointerMove(5, 5), Seat.Token);
        await input.InjectAsync(InputEvent.Key('a', true), Seat.Token);
        Assert.Equal(TimeSpan.FromMinutes(3), seat.Desktop.PhysicalIdleTime);
        seat.Desktop.ActAsCustomer(InputEvent.PointerMove(6, 6));
        Assert.Equal(TimeSpan.Zero, seat.Desktop.PhysicalIdleTime);
        seat.Time.Move(TimeSpan.FromSeconds(7));
        Assert.Equal(TimeSpan.FromSeconds(7), seat.Desktop.PhysicalIdleTime);
    }

    [Fact]
    public async Task Draw_OnABlankDesktop_StaysAndIsTheOnlyDamage()
    {
        await using var seat = new Seat(300, 200, isBlank: true);
        await using IScreenCapture capture = await seat.OpenCaptureAsync();
        (await capture.CaptureAsync(Seat.Token)).Dispose();
        var area = new PixelRect(11, 7, 5, 3);
        var picture = new byte[5 * 3 * 4];
        new Random(5).NextBytes(picture);
        seat.Desktop.Draw(area, picture);
        seat.Time.Move(TimeSpan.FromMinutes(1));
        using ScreenFrame frame = await capture.CaptureAsync(Seat.Token);
        Assert.Equal([area], frame.Damage.ToArray());
        for (int i = 0; i < picture.Length; i++)
        {
            int at = (area.Y + i / 20) * frame.Stride + area.X * 4 + i % 20;
            Assert.Equal(i % 4 == 3 ? 0 : picture[i], frame.Pixels[at]);
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => seat.Desktop.Draw(new PixelRect(298, 0, 5, 3), picture));
        Assert.Throws<ArgumentException>(() => seat.Desktop.Draw(area, picture.AsSpan(1)));
    }

    [Theory]
    [InlineData(63, 64, 1, "Size")]
    [InlineData(64, 4321, 1, "Size")]
    [InlineData(64, 64, 0, "Monitors")]
    [InlineData(64, 64, 5, "Monitors")]
    public void Options_OutOfRange_NameTheSetting(int width, int height, int monitors, string setting)
    {
        var options = new VirtualDesktopOptions { Size = new(width, height), Monitors = monitors };
        Assert.Equal(setting, Assert.Throws<ArgumentOutOfRangeException>(() => new VirtualDesktop(options)).ParamName);
    }

    [Theory]
    [InlineData(64, 64, 4)]
    [InlineData(7680, 4320, 1)]
    public async Task Desktop_SmallestAndLargest_CanBeUsed(int width, int height, int monitors)
    {
        await using var seat = new Seat(width, height, monitors);
        await using IScreenCapture capture = await seat.OpenCaptureAsync();
        seat.Desktop.TypeAsCustomer("x");
        using ScreenFrame frame = await capture.CaptureAsync(Seat.Token);
        Assert.Equal(new PixelSize(width * monitors, height), frame.Size);
        Assert.Equal(frame.Size.Area * 4, frame.Pixels.Length);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(110)]
    public async Task Picture_PaintedBitByBit_EqualsOnePaintedAsAWhole(int seed)
    {
        await using var seat = new Seat(500, 380);
        var random = new Random(seed);
        await using IInputInjector input = await seat.OpenInputAsync();
        for (int act = 0; act < 2000; act++)
        {
            await RandomActs.OneAsync(random, seat, input);
            if (random.Next(8) != 0) continue;
            byte[] bitByBit = seat.Desktop.CopyPixels();
            ScreenLayout layout = seat.Desktop.Layout;
            seat.Desktop.SetSize(new PixelSize(layout.Monitors[0].Area.Width, layout.Monitors[0].Area.Height));
            PixelRect differing = PictureDifference.Between(bitByBit, seat.Desktop.CopyPixels(), layout.Size.Width);
            Assert.True(differing.IsEmpty, $"act {act}: {differing} of {layout.Size}");
        }
    }

    private static bool IsVisible(VirtualDesktop desktop, string text) =>
        DrawnText.TryFind(desktop.CopyPixels(), desktop.Layout.Size, desktop.Layout.Size.Width * 4, text, out _);

    private static void Press(VirtualDesktop desktop, params uint[] keys)
    {
        foreach (uint key in keys)
        {
            desktop.ActAsCustomer(InputEvent.Key(key, true));
            desktop.ActAsCustomer(InputEvent.Key(key, false));
        }
    }

    private static async Task ClickAsync(IInputInjector input, PixelRect area)
    {
        await input.InjectAsync(InputEvent.PointerMove(area.X + area.Width / 2, area.Y + area.Height / 2), Seat.Token);
        await input.InjectAsync(InputEvent.Button(MouseButton.Left, true), Seat.Token);
        await input.InjectAsync(InputEvent.Button(MouseButton.Left, false), Seat.Token);
    }
}
