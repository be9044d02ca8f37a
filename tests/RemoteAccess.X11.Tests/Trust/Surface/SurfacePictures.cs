using RemoteAccess.Picture;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

/// <summary>Pictures of the surface, to be looked at: run with <c>-explicit only</c>; they go to artifacts/surface, or where REMOTEACCESS_PICTURES says.</summary>
public sealed class SurfacePictures
{
    private static readonly SurfaceStatus Full = ScriptedAgent.Watched with { Notices = [ScriptedAgent.Notice] };

    [Theory(Explicit = true)]
    [InlineData("en-GB", 1, false)]
    [InlineData("de-DE", 1, true)]
    [InlineData("ja-JP", 1.5, false)]
    [InlineData("fr-FR", 1, false)]
    [InlineData("es-ES", 2, false)]
    public async Task Surface_Pictures_AreTaken(string language, double scale, bool highContrast)
    {
        Programs.Require("xwd", "openbox", "trayer");
        string name = language == "en-GB" ? "surface" : $"surface-{language}-{scale}";
        X11SurfaceOptions Options(X11SurfaceOptions options) => options with { Culture = System.Globalization.CultureInfo.GetCultureInfo(language), Scale = scale, HighContrast = highContrast };
        await using (SurfaceScene scene = await SurfaceScene.OpenAsync(ScriptedAgent.Idle, withPerson: true, windowManager: "openbox", openWindow: true, options: Options))
        {
            await scene.Inner.RunAsync("xsetroot", "-solid", "#5b6b7a");
            scene.Inner.Start("trayer", "--edge", "bottom", "--align", "right", "--widthtype", "request", "--height", "28");
            await Eventually.Is(() => scene.Look.Tray.IsDocked, "the icon is in the tray");
            await Tray(scene, $"{name}-tray-idle");
            scene.Agent.Say(ScriptedAgent.Watched);
            await Eventually.Is(() => scene.Look.Banners.Count == 1 && scene.Banner.IsSeen, "the strip is there");
            await Tray(scene, $"{name}-tray-session");
            await Take(scene, scene.Banner.Area, $"{name}-banner");
            await Take(scene, scene.Window.Area, $"{name}-window");
            await Take(scene, new PixelRect(0, 0, 1100, 900), $"{name}-desktop");
            scene.Agent.Say(ScriptedAgent.Watched with { Sessions = [ScriptedAgent.Session with { IsWatching = false, Withdrawn = Operations.ControlInput }] });
            await Eventually.Is(() => !scene.Banner.Words.IsWatched && scene.Banner.IsSeen, "the strip says otherwise");
            await Take(scene, scene.Banner.Area, $"{name}-banner-unwatched");
            scene.Agent.Say(ScriptedAgent.Watched with { Sessions = [ScriptedAgent.Session with { IsRecording = true, Operations = ScriptedAgent.Session.Operations | Operations.RecordSession }] });
            await Eventually.Is(() => scene.Banner.Words.Note.Contains('●') && scene.Banner.IsSeen, "the strip says that it is recorded");
            await Take(scene, scene.Banner.Area, $"{name}-banner-recorded");
            await Take(scene, scene.Window.Area, $"{name}-window-recorded");
            foreach (string page in new[] { "block", "history", "report", "revoke" })
            {
                await scene.FocusAsync($"page/{page}");
                await scene.PersonAsync("key", "Return");
                await Eventually.Is(() => scene.Window.Name == page, $"the page {page}");
                if (page == "history") await Eventually.Is(() => scene.Window.Controls.Any(control => control.Id == "history/older"), "the history is read");
                if (page == "revoke")
                {
                    await Take(scene, scene.Window.Area, $"{name}-revoke-choose");
                    await scene.PressAsync($"choose/{ScriptedAgent.GrantId}");
                    await scene.PressAsync("revoke/next");
                    await Eventually.Is(() => scene.Window.Name == "revoke/confirm", "the wizard asks");
                }
                await Take(scene, scene.Window.Area, $"{name}-{page}");
            }
            scene.Agent.Say(ScriptedAgent.Idle with { BlockedUntil = ScriptedAgent.Began.AddHours(3) });
            await Eventually.Is(() => scene.Look.Tray.Kind == FigureKind.Blocked, "the icon says blocked");
            await Tray(scene, $"{name}-tray-blocked");
            scene.Agent.Say(ScriptedAgent.Idle with { Notices = [ScriptedAgent.Notice, ScriptedAgent.GrantNotice] });
            await Eventually.Is(() => scene.Look.Notice is { IsActive: true }, "the notice is there");
            await Take(scene, scene.Look.Notice!.Area, $"{name}-notice");
        }
        await using SurfaceScene first = await SurfaceScene.OpenAsync(Full with { Sessions = [], Notices = [] }, withPerson: true, withTour: true, windowManager: "openbox", options: Options);
        for (int step = 1; step <= 4; step++)
        {
            int now = step;
            await Eventually.Is(() => first.Look.Tour is { IsMapped: true } tour && tour.Name == $"tour/{now}", $"the tour's step {now}");
            await Take(first, first.Look.Tour!.Area, step == 1 ? $"{name}-tour" : $"{name}-tour-{step}");
            await first.PersonAsync("key", "Return");
        }
        await Eventually.Is(() => first.Look.Tour is null, "the tour is over");
        first.Agent.Go();
        await Eventually.Is(() => first.Look.Gone is { IsMapped: true }, "the end is said");
        await Take(first, first.Look.Gone!.Area, $"{name}-gone");
    }

    private static Task Tray(SurfaceScene scene, string name) => Take(scene, new PixelRect(1100 - 200, 900 - 44, 200, 44), name);

    private static async Task Take(SurfaceScene scene, PixelRect area, string name)
    {
        // What was drawn last is on the display once the same picture came twice.
        XwdPicture screen = await scene.Inner.DumpAsync();
        for (bool isStill = false; !isStill;)
        {
            XwdPicture next = await scene.Inner.DumpAsync();
            isStill = next.Pixels.AsSpan().SequenceEqual(screen.Pixels);
            screen = next;
        }
        area = area.Intersect(new PixelRect(0, 0, screen.Size.Width, screen.Size.Height));
        string folder = Environment.GetEnvironmentVariable("REMOTEACCESS_PICTURES") ?? Path.Combine("artifacts", "surface");
        Directory.CreateDirectory(folder);
        uint[] pixels = new uint[area.Width * area.Height];
        for (int y = 0; y < area.Height; y++) screen.Pixels.AsSpan(((area.Y + y) * screen.Size.Width) + area.X, area.Width).CopyTo(pixels.AsSpan(y * area.Width));
        await using FileStream file = File.Create(Path.Combine(folder, $"{name}.png"));
        PngWriter.Write(file, new PixelSize(area.Width, area.Height), area.Width * 4, System.Runtime.InteropServices.MemoryMarshal.AsBytes(pixels.AsSpan()));
    }
}
