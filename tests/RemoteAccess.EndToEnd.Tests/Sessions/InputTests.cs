using RemoteAccess.Sessions;

namespace RemoteAccess.Tests;

public sealed class InputTests
{
    private const string Text = "Zeile 1: €ä漢😀 \"'\\<>&\n\tZeile 2\n";

    [Fact]
    public async Task Type_AnyText_StandsInTheFieldExactly()
    {
        await using Helpdesk desk = await Windows();
        Visit visit = await desk.ConnectAsync();

        await visit.Session.Input.TypeAsync(Text);
        await visit.Session.PingAsync(Helpdesk.Limit());

        Assert.Equal(Text, desk.Desktop.Text);
        Assert.Null(visit.Session.Input.Refused);
        desk.AssertNothingIsHeld();
    }

    [Fact]
    public async Task Type_LongerThanAMessage_ArrivesWholeAndInOrder()
    {
        await using Helpdesk desk = await Windows();
        Visit visit = await desk.ConnectAsync();
        string text = string.Concat(Enumerable.Range(0, 700).Select(number => $"{number}😀漢;"));

        await visit.Session.Input.TypeAsync(text);
        await visit.Session.PingAsync(Helpdesk.Limit());

        Assert.Equal(text, desk.Desktop.Text);
    }

    [Fact]
    public async Task Type_TextWithAControlCharacter_ThrowsAndTypesNothing()
    {
        await using Helpdesk desk = await Windows();
        Visit visit = await desk.ConnectAsync();

        await Assert.ThrowsAsync<ArgumentException>(async () => await visit.Session.Input.TypeAsync("ab\u001b[31m"));
        await Assert.ThrowsAsync<ArgumentException>(async () => await visit.Session.Input.TypeAsync("ab\ud83d"));
        await visit.Session.PingAsync(Helpdesk.Limit());

        Assert.Equal("", desk.Desktop.Text);
    }

    [Fact]
    public async Task Ping_AfterManyEvents_ReturnsWhenAllOfThemAreDone()
    {
        await using Helpdesk desk = await Windows();
        Visit visit = await desk.ConnectAsync();
        string expected = "";
        for (int round = 0; round < 50; round++)
        {
            for (int press = 0; press < 10; press++) await visit.Session.Input.PressAsync("x");
            expected += "xxxxxxxxxx";
            await visit.Session.PingAsync(Helpdesk.Limit());
            Assert.Equal(expected, desk.Desktop.Text);
        }
    }

    [Fact]
    public async Task Keys_HeldAndReleased_AreDownInBetween()
    {
        await using Helpdesk desk = await Windows();
        Visit visit = await desk.ConnectAsync();

        await visit.Session.Input.KeyAsync(Keysym.Control, true);
        await visit.Session.Input.KeyAsync('a', true);
        await visit.Session.PingAsync(Helpdesk.Limit());
        Assert.Equal(['a', Keysym.Control], desk.Desktop.PressedKeys);
        await visit.Session.Input.KeyAsync('a', false);
        await visit.Session.Input.KeyAsync(Keysym.Control, false);
        await visit.Session.PingAsync(Helpdesk.Limit());

        desk.AssertNothingIsHeld();
        Assert.Equal("", desk.Desktop.Text);
    }

    [Fact]
    public async Task Chords_EditTheText_LikeAPersonWould()
    {
        await using Helpdesk desk = await Windows();
        Visit visit = await desk.ConnectAsync();

        await visit.Session.Input.TypeAsync("abd");
        foreach (string chord in (string[])["left", "c", "end", "shift+e", "ctrl+alt+x", "f", "backspace", "home", "delete", "enter"]) await visit.Session.Input.PressAsync(chord);
        await visit.Session.PingAsync(Helpdesk.Limit());

        Assert.Equal("\nbcdE", desk.Desktop.Text);
        desk.AssertNothingIsHeld();
        await Assert.ThrowsAsync<ArgumentException>(async () => await visit.Session.Input.PressAsync("ctrl+nosuchkey"));
    }

    [Fact]
    public async Task Mouse_ClickDragAndWheel_DoWhatTheyDoAtTheComputer()
    {
        await using Helpdesk desk = await Windows();
        Visit visit = await desk.ConnectAsync();
        PixelRect button = desk.Desktop.AreaOf(VirtualPart.CountButton), title = desk.Desktop.AreaOf(VirtualPart.ControlsTitleBar);

        await visit.Session.Input.ClickAsync(button.X + 4, button.Y + 4);
        await visit.Session.Input.ClickAsync(button.X + 4, button.Y + 4);
        await visit.Session.PingAsync(Helpdesk.Limit());
        Assert.Equal(2, desk.Desktop.Clicks);
        PixelRect window = desk.Desktop.AreaOf(VirtualPart.ControlsWindow);
        await visit.Session.Input.MoveAsync(title.X + 10, title.Y + 5);
        await visit.Session.Input.ButtonAsync(MouseButton.Left, true);
        await visit.Session.Input.MoveAsync(title.X - 30, title.Y + 25);
        await visit.Session.PingAsync(Helpdesk.Limit());
        Assert.Equal([MouseButton.Left], desk.Desktop.PressedButtons);
        await visit.Session.Input.ButtonAsync(MouseButton.Left, false);
        await visit.Session.PingAsync(Helpdesk.Limit());

        Assert.Equal(window with { X = window.X - 40, Y = window.Y + 20 }, desk.Desktop.AreaOf(VirtualPart.ControlsWindow));
        desk.AssertNothingIsHeld();
    }

    [Fact]
    public async Task Wheel_OverALongText_ScrollsThePicture()
    {
        await using Helpdesk desk = await Windows();
        Visit visit = await desk.ConnectAsync();
        PixelRect field = desk.Desktop.AreaOf(VirtualPart.TextField);
        await visit.Session.Input.TypeAsync(string.Concat(Enumerable.Range(0, 100).Select(line => $"line {line}\n")));
        await visit.Session.Input.MoveAsync(field.X + 9, field.Y + 9);
        await visit.Session.PingAsync(Helpdesk.Limit());
        byte[] before = desk.Desktop.CopyPixels();

        await visit.Session.Input.WheelAsync(0, -240);
        await visit.Session.PingAsync(Helpdesk.Limit());
        byte[] scrolled = desk.Desktop.CopyPixels();
        await visit.Session.Input.WheelAsync(0, 240);
        await visit.Session.PingAsync(Helpdesk.Limit());

        Assert.False(before.AsSpan().SequenceEqual(scrolled));
        Assert.True(before.AsSpan().SequenceEqual(desk.Desktop.CopyPixels()));
    }

    private static Task<Helpdesk> Windows() => Helpdesk.OpenAsync(new HelpdeskSetup { IsBlank = false, Size = new(900, 700) });
}
