using System.Globalization;
using System.Runtime.Versioning;
using RemoteAccess.Sessions;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

/// <summary>The surface's page of what happened, after a real session and from its real ledger; the picture in the docs is this one (<see cref="TakenPicture"/>).</summary>
[SupportedOSPlatform("linux")]
[Collection(nameof(Office))]
[Trait("Group", "Office")]
[Trait("Category", "Slow")]
public sealed class HistoryPictureTests
{
    /// <summary>Pixels of the ten lines and more that such a session leaves, at the very least.</summary>
    private const int Words = 600;

    [Fact]
    public async Task History_AfterARealSession_IsShownLineByLine()
    {
        await using PersonAtScreen person = await PersonAtScreen.SitDownAsync();
        await using Helpdesk desk = await Helpdesk.OpenAsync(new HelpdeskSetup { Surface = new SurfaceRequirement(), IsBlank = false });
        await using SurfaceConnection connection = await SurfaceConnection.OpenAsync(desk.State, CultureInfo.GetCultureInfo("en-GB"), Helpdesk.Limit());
        string tour = Path.Combine(desk.State, "..", "tour");
        await File.WriteAllTextAsync(tour, "");
        await using var surface = new SurfaceThread(connection, new X11SurfaceOptions
        {
            Display = person.Screen.Display, TourFile = tour, Scale = 1, HighContrast = false, Culture = CultureInfo.GetCultureInfo("en-GB"), Zone = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin"), OpenWindow = true,
        });
        await surface.StartAsync(CancellationToken.None);
        await WorkAsync(desk);

        await Eventually.Is(() => surface.Look.Window is { IsMapped: true, IsActive: true }, "the window is there");
        PixelRect area = surface.Look.Window!.Area;
        await person.ActAsync("mousemove", Text(area.X + 4), Text(area.Bottom - 4));
        PixelRect tab = surface.Look.Window!.Controls.Single(control => control.Id == "page/history").Area;
        await person.ActAsync("mousemove", Text(area.X + tab.X + (tab.Width / 2)), Text(area.Y + tab.Y + (tab.Height / 2)), "click", "1");
        await Eventually.Is(() => surface.Look.Window is { Name: "history" }, "the page is there");

        TakenPicture picture = await TakenPicture.TakeAsync(person.Screen, area);
        for (CancellationToken limit = Helpdesk.Limit(); picture.Count(Palette.Normal.Text) < Words; limit.ThrowIfCancellationRequested()) picture = await TakenPicture.TakeAsync(person.Screen, area);
        picture.Keep("surface-history");
        IReadOnlyList<SurfaceHistoryLine> told = await connection.ReadHistoryAsync(0, 50, Helpdesk.Limit());
        foreach (string what in (string[])["Alex Tester connected from ", "began to see the screen", "began to use keyboard and mouse", "no longer allows to use keyboard and mouse", "The session ended after "])
            Assert.Contains(told, line => line.Text.Contains(what, StringComparison.Ordinal));
        Assert.Equal(Palette.Normal.Paper, picture.MostCommon);
        surface.TakeBack();
    }

    private static async Task WorkAsync(Helpdesk desk)
    {
        CancellationToken limit = Helpdesk.Limit();
        Visit? visit = null;
        while (visit is null)
        {
            try
            {
                visit = await desk.ConnectAsync(new ConnectOptions { Operations = Operations.ViewScreen | Operations.ControlInput, Reason = "Updates of the booking system after closing time" });
            }
            catch (AccessRefusedException refused) when (refused.Reason == RefusalReason.SurfaceLost)
            {
                await Task.Delay(50, limit);
            }
        }
        await using (Sight sight = visit.Watch()) await sight.NextAsync();
        await visit.Session.Input.TypeAsync("hello", limit);
        await visit.Session.PingAsync(limit);
        LiveSession live = Assert.Single(desk.Trust.Gate.Sessions);
        await live.WithdrawAsync(Operations.ControlInput, "Erika Mustermann", limit);
        await live.RestoreAsync(Operations.ControlInput, "Erika Mustermann", limit);
        await visit.Session.DisposeAsync();
        await Eventually.Is(() => desk.Trust.SessionCount == 0, "the session is over");
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
