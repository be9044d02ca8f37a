using RemoteAccess.Interop;
using RemoteAccess.Picture;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

/// <summary>Pictures of the surface as the X server has it, to be looked at: run with <c>-explicit only</c>; they go to artifacts/surface beside the tests.</summary>
[Collection(OneDesktop.Name)]
public sealed class SurfacePictures
{
    /// <summary>The button for storing a password, and what is said when it is stored.</summary>
    [Theory(Explicit = true)]
    [InlineData("en-GB")]
    [InlineData("de-DE")]
    [InlineData("es-ES")]
    [InlineData("fr-FR")]
    [InlineData("ja-JP")]
    public async Task Password_Pictures_AreTaken(string language)
    {
        SurfaceStatus status = ScriptedAgent.Idle;
        SurfaceGrant grant = status.Grants[0] with { Operations = Operations.ViewScreen | Operations.ControlInput | Operations.FillCredential };
        await using SurfaceScene scene = await SurfaceScene.OpenAsync(status with { Grants = [grant], CanStorePasswords = true }, openWindow: true, options: own => own with { Culture = System.Globalization.CultureInfo.GetCultureInfo(language) });
        await scene.PressAsync($"password/{grant.Id}");
        await scene.DoneAsync<SurfaceAction.StorePassword>();
        await Take(scene.Window.Area, $"windows-password-{language}");
    }

    [Theory(Explicit = true)]
    [InlineData("en-GB", 1, false)]
    [InlineData("en-GB", 1, true)]
    [InlineData("de-DE", 1, true)]
    [InlineData("ja-JP", 1.5, false)]
    public async Task Surface_Pictures_AreTaken(string language, double scale, bool highContrast)
    {
        string name = language != "en-GB" ? $"windows-{language}-{scale}" : highContrast ? "windows-contrast" : "windows";
        IReadOnlyList<SurfaceHistoryLine> recorded = await RecordedAsync(language[..2]);
        WindowsSurfaceOptions Options(WindowsSurfaceOptions options) => options with { Culture = System.Globalization.CultureInfo.GetCultureInfo(language), Scale = scale, HighContrast = highContrast };
        await using (SurfaceScene scene = await SurfaceScene.OpenAsync(openWindow: true, options: Options))
        {
            scene.Agent.History = recorded;
            await Take(Tray(), $"{name}-tray-idle");
            foreach (string page in new[] { "block", "history", "report", "revoke" })
            {
                await scene.GoAsync(page);
                if (page == "history") await Eventually.Is(() => !scene.Agent.Read.IsEmpty, "the history is read");
                if (page == "revoke")
                {
                    await scene.PressAsync($"choose/{ScriptedAgent.GrantId}");
                    await scene.PressAsync("revoke/next");
                    await Eventually.Is(() => scene.Window.Name == "revoke/confirm", "the wizard asks");
                }
                await Take(scene.Window.Area, $"{name}-{page}");
            }
            await scene.GoAsync("status");
            scene.Agent.Say(ScriptedAgent.Watched);
            await scene.IsSeenAsync();
            await Eventually.Is(() => scene.Tray.Balloons == 1, "the balloon is asked for");
            await BalloonAsync();
            await CloseBalloonAsync();
            await Take(Tray(), $"{name}-tray-session");
            await Take(scene.Banner.Area, $"{name}-banner");
            await Take(scene.Window.Area, $"{name}-window");
            await Take(Whole(), $"{name}-desktop");
            scene.AtIcon(User32Message.ContextMenu, 980, 300);
            await Eventually.Is(() => scene.Tray.HasMenu, "the menu is open");
            await SurfaceScene.PersonMovesToAsync(981, 301);
            await SurfaceScene.PersonAsync("key", "Down", "key", "Down", "key", "Right");
            await Take(Whole(), $"{name}-menu");
            await SurfaceScene.PersonAsync("key", "Escape", "key", "Escape");
            await Eventually.Is(() => !scene.Tray.HasMenu, "the menu is closed");
            scene.Agent.Say(ScriptedAgent.Idle with { Notices = [ScriptedAgent.Notice, ScriptedAgent.GrantNotice], BlockedUntil = DateTimeOffset.MaxValue });
            await Eventually.Is(() => scene.Look.Notice is { IsActive: true }, "the notice is there");
            await Take(Whole(), $"{name}-notice");
        }
        await using SurfaceScene first = await SurfaceScene.OpenAsync(withTour: true, options: Options);
        await Eventually.Is(() => first.Look.Tour is { IsMapped: true }, "the tour");
        await Take(first.Look.Tour!.Area, $"{name}-tour");
        first.Agent.Go();
        await Eventually.Is(() => first.Look.Gone is { IsMapped: true }, "the end is said");
        await Take(first.Look.Gone!.Area, $"{name}-gone");
    }

    [Fact(Explicit = true)]
    public async Task Balloon_Picture_IsTaken()
    {
        await using SurfaceScene scene = await SurfaceScene.OpenAsync();
        scene.Agent.Say(ScriptedAgent.Watched);
        await scene.IsSeenAsync();
        await BalloonAsync();
        await Take(new PixelRect(0, 0, 1040, 130), "windows-balloon");
    }

    /// <summary>What a real agent recorded in a week, newest first, in the words that it sends.</summary>
    private static async Task<IReadOnlyList<SurfaceHistoryLine>> RecordedAsync(string language)
    {
        await using TrustFixture fixture = new();
        TrustFlow trust = fixture.Open();
        Grant grant = await fixture.GrantAsync(trust);
        CancellationToken cancel = TestContext.Current.CancellationToken;
        foreach (string reason in (string[])["Ticket 4711: the printer prints nothing", "Updates of the booking system", "Ticket 4720: the till is slow"])
        {
            fixture.Time.Advance(TimeSpan.FromHours(26.4));
            await using LiveSession session = await TrustFixture.ConnectAsync(trust, fixture.Request(grant, Operations.ViewScreen | Operations.ControlInput) with { Reason = reason, Peer = "tcp 192.0.2.17:51820" });
            _ = await session.PermitAsync(Operations.ViewScreen, cancel);
            fixture.Time.Advance(TimeSpan.FromMinutes(2));
            _ = await session.PermitAsync(Operations.ControlInput, cancel);
            fixture.Time.Advance(TimeSpan.FromMinutes(11));
            await session.EndAsync(RefusalReason.SessionEnded, "finished by the technician", cancel);
        }
        fixture.Time.Advance(TimeSpan.FromHours(3));
        await trust.BlockAsync(DateTimeOffset.MaxValue, "Erika Mustermann", cancel);
        fixture.Time.Advance(TimeSpan.FromHours(5));
        Assert.Equal(RefusalReason.Blocked, (await TrustFixture.AdmitAsync(trust, fixture.Request(grant) with { Peer = "tcp 192.0.2.17:51833" })).Refusal);
        fixture.Time.Advance(TimeSpan.FromHours(12));
        await trust.UnblockAsync("Erika Mustermann", cancel);
        return SurfaceHistory.Read(SurfaceHistory.Read(trust, 0, 100, language));
    }

    /// <summary>Wine's taskbar shows it when it comes to it.</summary>
    private static async Task BalloonAsync()
    {
        _ = await XSide.PictureAsync(static screen => (screen.Pixels[(75 * screen.Size.Width) + 30] & 0xffffff) != 0, "there is a balloon");
    }

    /// <summary>Wine shows it below the icon, and takes it away when it is clicked.</summary>
    private static async Task CloseBalloonAsync()
    {
        const uint background = 0;
        PixelRect inside = new(30, 75, 2, 2);
        using CancellationTokenSource limit = new(Eventually.Limit);
        for (XwdPicture screen = await XSide.DumpAsync(); (screen.Pixels[(inside.Y * screen.Size.Width) + inside.X] & 0xffffff) != background; screen = await XSide.DumpAsync())
        {
            Assert.False(limit.IsCancellationRequested, "The balloon stays.");
            await SurfaceScene.PersonClicksAsync(inside);
        }
    }

    private static PixelRect Tray() => SurfaceScene.IconPlace() is var at ? new PixelRect(at.X, at.Y, 160, 20) : default;

    private static PixelRect Whole() => MonitorLayout.VirtualScreen();

    internal static async Task Take(PixelRect area, string name)
    {
        // What was drawn last is on the display once the same picture came twice.
        XwdPicture screen = await XSide.DumpAsync();
        for (int i = 0; i < 5; i++)
        {
            XwdPicture next = await XSide.DumpAsync();
            bool isStill = next.Pixels.AsSpan().SequenceEqual(screen.Pixels);
            screen = next;
            if (isStill) break;
        }
        area = area.Intersect(new PixelRect(0, 0, screen.Size.Width, screen.Size.Height));
        string folder = Path.Combine(AppContext.BaseDirectory, "artifacts", "surface");
        Directory.CreateDirectory(folder);
        uint[] pixels = new uint[area.Width * area.Height];
        for (int y = 0; y < area.Height; y++) screen.Pixels.AsSpan(((area.Y + y) * screen.Size.Width) + area.X, area.Width).CopyTo(pixels.AsSpan(y * area.Width));
        await using FileStream file = File.Create(Path.Combine(folder, $"{name}.png"));
        PngWriter.Write(file, new PixelSize(area.Width, area.Height), area.Width * 4, System.Runtime.InteropServices.MemoryMarshal.AsBytes(pixels.AsSpan()));
    }
}
