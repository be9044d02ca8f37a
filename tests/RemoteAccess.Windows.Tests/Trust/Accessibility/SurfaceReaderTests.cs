using RemoteAccess.Trust;
using ComObject = RemoteAccess.Interop.ComObject;

namespace RemoteAccess.Tests;

/// <summary>A client of UI Automation reads the customer's surface, and can do nothing with it.</summary>
[Collection(OneDesktop.Name)]
public sealed class SurfaceReaderTests
{
    private const int Button = 50000, Switch = 50002, Choice = 50013, Stepper = 50016, Page = 50019, Text = 50020;

    [Fact]
    public async Task Window_StatusPage_IsReadWithItsSwitchesAndPages()
    {
        await using SurfaceScene scene = await SurfaceScene.OpenAsync(ScriptedAgent.Watched, openWindow: true);
        HeardElement[] heard = await ScreenReaderProgram.ReadAsync((nint)scene.Window.Window);

        Assert.Equal("Remote access to this computer", heard[0].Name);
        Assert.Equal(["Status, chosen", "Block", "Revoke", "History", "Report", "Notices"], heard.Where(element => element.Role == Page).Select(element => element.Name));
        HeardElement[] switches = [.. heard.Where(element => element.Role == Switch)];
        Assert.NotEmpty(switches);
        Assert.All(switches, element => Assert.EndsWith(", on", element.Name, StringComparison.Ordinal));
        Assert.Contains(heard, element => element.Role == Text && element.Name.Contains("Connected since", StringComparison.Ordinal));
        Assert.Contains(heard, element => element is { Role: Button, Name: "Stop now: end every connection" });
        foreach (Control control in scene.Window.Controls)
        {
            HeardElement element = heard.Single(one => one.Id == control.Id);
            PixelRect place = scene.PlaceOf(control.Id);
            Assert.Equal((place.X, place.Y, place.Right, place.Bottom), (element.Left, element.Top, element.Right, element.Bottom));
            Assert.Equal(place.Bottom <= scene.Window.Area.Y || place.Y >= scene.Window.Area.Bottom, element.IsOffscreen);
        }
        Assert.All(heard, element => Assert.Empty(element.Patterns));
    }

    [Fact]
    public async Task Window_PersonsKeyboard_IsFollowedByTheFocusAndOtherPagesAreReadAnew()
    {
        await using SurfaceScene scene = await SurfaceScene.OpenAsync(ScriptedAgent.Watched, openWindow: true);
        using FocusListener listener = FocusListener.Start();
        _ = ScreenReader.Read((nint)scene.Window.Window);
        await scene.GoAsync("block");

        await Eventually.Is(() => listener.Heard.Contains("page/block"), "the focus is told");
        await Eventually.Is(() => ScreenReader.Read((nint)scene.Window.Window) is var heard && heard.Any(element => element is { Role: Stepper }) && heard.Any(element => element is { Role: Page, Name: "Block, chosen", HasFocus: true }), "the other page is read");
        Assert.DoesNotContain(ScreenReader.Read((nint)scene.Window.Window), element => element.Role == Switch);
    }

    [Fact]
    public async Task Window_AskedForAnyPatternOrTheFocus_GivesNone()
    {
        await using SurfaceScene scene = await SurfaceScene.OpenAsync(ScriptedAgent.Idle with { BlockedUntil = DateTimeOffset.MaxValue }, openWindow: true);
        await scene.GoAsync("block");
        ComObject[] parts = Providers.Of(scene.Automation);
        string focus = scene.Window.Focus;
        Assert.NotEmpty(parts);
        foreach (ComObject part in parts)
        {
            for (int pattern = 9990; pattern < 10100; pattern++) Assert.Equal((0, (nint)0), Providers.Pattern(part, pattern));
            Assert.True(Providers.SetFocus(part) < 0);
            part.Dispose();
        }
        await Eventually.Never(() => scene.Window.Focus != focus || !scene.Agent.Done.IsEmpty, "anything is done");
    }

    [Fact]
    public async Task Strip_IsReadWithItsWordsAndButtons()
    {
        await using SurfaceScene scene = await SurfaceScene.OpenAsync(ScriptedAgent.Watched);
        await scene.IsSeenAsync();
        HeardElement[] heard = await ScreenReaderProgram.ReadAsync((nint)scene.Banner.Window);

        Assert.Equal(["headline", "note", "details", "stop"], heard.Skip(1).Select(element => element.Id));
        Assert.Equal((scene.Banner.Words.Headline, scene.Banner.Words.Note), (heard[1].Name, heard[2].Name));
        Assert.Equal((scene.Banner.Stop.X, scene.Banner.Stop.Bottom, "Stop now", Button), (heard[4].Left, heard[4].Bottom, heard[4].Name, heard[4].Role));
        Assert.All(heard, element => Assert.Empty(element.Patterns));
    }

    [Fact]
    public void Choice_Chosen_IsSaid()
    {
        Sheet sheet = new([], [], [new Control("one", ControlKind.Choice, new PixelRect(0, 0, 9, 9), ["First", "line"], null) { IsOn = true }, new Control("two", ControlKind.Choice, new PixelRect(0, 30, 9, 9), ["Second"], null)],
            [new Passage("between", new PixelRect(0, 15, 9, 9))], 100, 100);

        IReadOnlyList<ReadElement> read = Readings.Of(sheet, scrolled: 10, height: 20, "chosen");

        Assert.Equal([("one", "First line, chosen", -10, true), ("text/0", "between", 5, false), ("two", "Second", 20, true)], read.Select(element => (element.Id, element.Name, element.Area.Y, element.IsOutOfView)));
        Assert.Equal([Choice, Text, Choice], read.Select(element => (int)element.Role));
    }
}
