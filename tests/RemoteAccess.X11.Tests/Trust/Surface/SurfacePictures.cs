using System.Diagnostics;
using System.Globalization;
using RemoteAccess.Picture;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

/// <summary>Pictures of the surface, for the docs and to be looked at (<see cref="TakenPicture"/>), in the colours and with the parts that they should have.</summary>
public sealed class SurfacePictures
{
    private static readonly SurfaceStatus Full = ScriptedAgent.Watched with { Notices = [ScriptedAgent.Notice] };

    [Theory]
    [InlineData("en-GB", 1, false)]
    [InlineData("de-DE", 1, true)]
    [InlineData("ja-JP", 1.5, false)]
    [InlineData("fr-FR", 1, false)]
    [InlineData("es-ES", 2, false)]
    public async Task Surface_Pictures_HaveTheirColoursAndParts(string language, double scale, bool highContrast)
    {
        Programs.Require("xwd", "xwininfo", "openbox", "trayer");
        string name = language == "en-GB" ? "surface" : $"surface-{language}-{scale}";
        Palette palette = highContrast ? Palette.HighContrast : Palette.Normal;
        X11SurfaceOptions Options(X11SurfaceOptions options) => options with { Culture = CultureInfo.GetCultureInfo(language), Scale = scale, HighContrast = highContrast };
        await using (SurfaceScene scene = await SurfaceScene.OpenAsync(ScriptedAgent.Idle, withPerson: true, windowManager: "openbox", openWindow: true, options: Options))
        {
            await scene.Inner.RunAsync("xsetroot", "-solid", "#5b6b7a");
            scene.Inner.Start("trayer", "--edge", "bottom", "--align", "right", "--widthtype", "request", "--height", "28");
            await Eventually.Is(() => scene.Look.Tray.IsDocked, "the icon is in the tray");
            TakenPicture idle = await Tray(scene, $"{name}-tray-idle");
            await Eventually.Is(() => scene.Look.Window is { IsMapped: true }, "the window is there");
            await Sheet(scene, () => scene.Window, palette, $"{name}-window-idle");
            scene.Agent.Say(ScriptedAgent.Watched);
            await Eventually.Is(() => scene.Look.Banners.Count == 1 && scene.Banner.IsSeen, "the strip is there");
            TakenPicture session = await Tray(scene, $"{name}-tray-session");
            TakenPicture banner = await Take(scene, scene.Banner.Area, $"{name}-banner");
            Assert.Equal(palette.Watched, banner.MostCommon);
            Assert.True(banner.Count(palette.OnWatched) > 100, "words are on the strip");
            await Sheet(scene, () => scene.Window, palette, $"{name}-window");
            await Take(scene, new PixelRect(0, 0, 1100, 900), $"{name}-desktop");
            scene.Agent.Say(ScriptedAgent.Watched with { Sessions = [ScriptedAgent.Session with { IsWatching = false, Withdrawn = Operations.ControlInput }] });
            await Eventually.Is(() => !scene.Banner.Words.IsWatched && scene.Banner.IsSeen, "the strip says otherwise");
            Assert.Equal(palette.Unwatched, (await Take(scene, scene.Banner.Area, $"{name}-banner-unwatched")).MostCommon);
            scene.Agent.Say(ScriptedAgent.Watched with { Sessions = [ScriptedAgent.Session with { IsRecording = true, Operations = ScriptedAgent.Session.Operations | Operations.RecordSession }] });
            await Eventually.Is(() => scene.Banner.Words.Note.Contains('●') && scene.Banner.IsSeen, "the strip says that it is recorded");
            await Take(scene, scene.Banner.Area, $"{name}-banner-recorded");
            await Sheet(scene, () => scene.Window, palette, $"{name}-window-recorded");
            foreach (string page in new[] { "block", "history", "report", "revoke" })
            {
                await scene.FocusAsync($"page/{page}");
                await scene.PersonAsync("key", "Return");
                await Eventually.Is(() => scene.Window.Name == page, $"the page {page}");
                if (page == "history") await Eventually.Is(() => scene.Window.Controls.Any(control => control.Id == "history/older"), "the history is read");
                if (page == "revoke")
                {
                    await Sheet(scene, () => scene.Window, palette, $"{name}-revoke-choose");
                    await scene.PressAsync($"choose/{ScriptedAgent.GrantId}");
                    await scene.PressAsync("revoke/next");
                    await Eventually.Is(() => scene.Window.Name == "revoke/confirm", "the wizard asks");
                }
                await Sheet(scene, () => scene.Window, palette, page == "history" ? $"{name}-history-long" : $"{name}-{page}");
            }
            scene.Agent.Say(ScriptedAgent.Watched with { Sessions = [ScriptedAgent.Session with { Chat = [new(ScriptedAgent.Began.AddMinutes(30), true, "May I restart the booking system?"), new(ScriptedAgent.Began.AddMinutes(32), false, "Yes"), new(ScriptedAgent.Began.AddMinutes(47), true, "And the whole computer? It takes two minutes.")] }] });
            await Eventually.Is(() => scene.Window.Controls.Any(control => control.Id == "page/chat"), "the chat is offered");
            await scene.PressAsync("page/chat");
            await scene.FocusAsync($"chat/{ScriptedAgent.SessionId}/text");
            await scene.PersonAsync("type", "--delay", "5", "In ten minutes, please.");
            await Eventually.Is(() => scene.Window.Controls.Any(control => control.Text is { Text.Length: 23 }), "what was typed stands there");
            await Sheet(scene, () => scene.Window, palette, $"{name}-chat");
            scene.Agent.Say(ScriptedAgent.Idle with { BlockedUntil = ScriptedAgent.Began.AddHours(3) });
            await Eventually.Is(() => scene.Look.Tray.Kind == FigureKind.Blocked, "the icon says blocked");
            TakenPicture blocked = await Tray(scene, $"{name}-tray-blocked");
            Assert.False(idle.Pixels.AsSpan().SequenceEqual(session.Pixels) || session.Pixels.AsSpan().SequenceEqual(blocked.Pixels) || blocked.Pixels.AsSpan().SequenceEqual(idle.Pixels), "each figure is another");
            scene.Agent.Say(ScriptedAgent.Idle with { Notices = [ScriptedAgent.Notice, ScriptedAgent.GrantNotice] });
            await Eventually.Is(() => scene.Look.Notice is { IsActive: true }, "the notice is there");
            await Sheet(scene, () => scene.Look.Notice!, palette, $"{name}-notice");
        }
        await using SurfaceScene first = await SurfaceScene.OpenAsync(Full with { Sessions = [], Notices = [] }, withPerson: true, withTour: true, windowManager: "openbox", options: Options);
        for (int step = 1; step <= 4; step++)
        {
            int now = step;
            await Eventually.Is(() => first.Look.Tour is { IsMapped: true } tour && tour.Name == $"tour/{now}", $"the tour's step {now}");
            await Sheet(first, () => first.Look.Tour!, palette, step == 1 ? $"{name}-tour" : $"{name}-tour-{step}");
            await first.PersonAsync("key", "Return");
        }
        await Eventually.Is(() => first.Look.Tour is null, "the tour is over");
        first.Agent.Go();
        await Eventually.Is(() => first.Look.Gone is { IsMapped: true }, "the end is said");
        await Sheet(first, () => first.Look.Gone!, palette, $"{name}-gone");
    }

    private static Task<TakenPicture> Tray(SurfaceScene scene, string name) => Take(scene, new PixelRect(1100 - 200, 900 - 44, 200, 44), name);

    /// <summary>A window: its paper, its words, and nothing where a control should be is empty.</summary>
    private static async Task Sheet(SurfaceScene scene, Func<SheetLook> find, Palette palette, string name)
    {
        SheetLook look = find();
        TakenPicture picture = await Take(scene, await WhereAsync(scene, look), name);
        // A window that is mapped may not have been drawn yet, or be moved by the window manager.
        for (long begin = Stopwatch.GetTimestamp(); picture.MostCommon != palette.Paper && picture.MostCommon != palette.Band; picture = await Take(scene, await WhereAsync(scene, look), name))
        {
            Assert.True(Stopwatch.GetElapsedTime(begin) < TimeSpan.FromSeconds(30), $"{name} is drawn: most of it is {picture.MostCommon:x6}");
            look = find();
        }
        Assert.True(picture.Count(palette.Text) > 200, $"words are on {name}");
        Assert.NotEmpty(look.Controls);
        foreach (Control control in look.Controls) Assert.False(picture.Colours(control.Area) < 2, $"{control.Id} on {name} is empty");
    }

    /// <summary>Where the server says that the window is: after a change of its size the window itself may know its place in the window manager's frame only.</summary>
    private static async Task<PixelRect> WhereAsync(SurfaceScene scene, SheetLook look)
    {
        string said = await scene.Inner.RunTextAsync("xwininfo", "-id", look.Window.ToString(CultureInfo.InvariantCulture));
        int Number(string what) => int.Parse(said.Split(what + ":")[1].Split('\n')[0], NumberStyles.Integer, CultureInfo.InvariantCulture);
        return new PixelRect(Number("Absolute upper-left X"), Number("Absolute upper-left Y"), Number("Width"), Number("Height"));
    }

    private static async Task<TakenPicture> Take(SurfaceScene scene, PixelRect area, string name)
    {
        TakenPicture picture = await TakenPicture.TakeAsync(scene.Inner, area);
        picture.Keep(name);
        return picture;
    }
}
