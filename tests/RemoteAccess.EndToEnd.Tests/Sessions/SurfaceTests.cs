using RemoteAccess.Picture;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

/// <summary>What a technician sees of it when the customer's surface is lost: over the whole way, by a clock that the test moves.</summary>
public sealed class SurfaceTests
{
    private readonly FakeTime time = new();

    [Fact]
    public async Task Surface_NotShownForAMoment_PictureGoesOnByItselfAndHeldKeysAreReleased()
    {
        await using Helpdesk desk = await OpenAsync();
        await using SurfaceConnection surface = await ConnectSurfaceAsync(desk);
        Visit visit = await ConnectAsync(desk, surface);
        await using Sight sight = visit.Watch();
        await sight.NextAsync();
        await Eventually.Is(() => surface.Status.Sessions[0].IsWatching, "the surface says that the technician watches");
        await visit.Session.Input.KeyAsync('a', true);
        await visit.Session.PingAsync(Helpdesk.Limit());
        Assert.NotEmpty(desk.Desktop.PressedKeys);

        await ShowAsync(surface, false);
        time.Advance(SurfacePresence.StopsAfter);
        Assert.Empty(desk.Desktop.PressedKeys);
        await Eventually.Is(() => !surface.Status.Sessions[0].IsWatching, "the picture stops");
        desk.DrawNoise(new Random(5), new PixelRect(10, 10, 300, 200));
        await ShowAsync(surface, true);
        Task resumed = sight.UntilAsync(_ => sight.Shows(desk.Desktop));
        while (!resumed.IsCompleted)
        {
            time.Advance(SurfaceWatch.Period);
            await ShowAsync(surface, false);
            await ShowAsync(surface, true);
        }

        await resumed;
        await visit.Session.Input.KeyAsync('b', true);
        await visit.Session.PingAsync(Helpdesk.Limit());
        Assert.NotEmpty(desk.Desktop.PressedKeys);
        Assert.Null(visit.Session.Input.Refused);
        await visit.Session.Input.KeyAsync('b', false);
        LedgerEntry refused = Assert.Single(desk.History("operation.refused"));
        Assert.Equal("SurfaceLost", (string?)refused.Data()["refusal"]);
    }

    [Fact]
    public async Task Surface_Lost_TheTechnicianIsToldWhy()
    {
        await using Helpdesk desk = await OpenAsync();
        await using SurfaceConnection surface = await ConnectSurfaceAsync(desk);
        Visit visit = await ConnectAsync(desk, surface);
        await using Sight sight = visit.Watch();
        await sight.NextAsync();
        Task<Exception?> reading = sight.EndAsync();

        await surface.DisposeAsync();
        time.Advance(SurfacePresence.EndsAfter);
        SessionEnd end = await visit.EndAsync();

        Assert.Equal((SessionEndKind.EndedByComputer, RefusalReason.SurfaceLost), (end.Kind, end.Reason));
        var told = Assert.IsType<AccessRefusedException>(await reading.WaitAsync(Helpdesk.Limit()));
        Assert.Contains("shows its user", told.Message, StringComparison.Ordinal);
        AccessRefusedException next = await Assert.ThrowsAsync<AccessRefusedException>(() => desk.ConnectAsync());
        Assert.Equal(RefusalReason.SurfaceLost, next.Reason);
        desk.AssertNothingIsHeld();
        desk.AssertLedgerIsWhole();
    }

    private Task<Helpdesk> OpenAsync() => Helpdesk.OpenAsync(new HelpdeskSetup { IsBlank = false, Time = time, Surface = new SurfaceRequirement() });

    private Task<SurfaceConnection> ConnectSurfaceAsync(Helpdesk desk) => SurfaceConnection.OpenSocketAsync(Path.Combine(desk.State, "surface"), time, Helpdesk.Limit());

    private static async Task<Visit> ConnectAsync(Helpdesk desk, SurfaceConnection surface)
    {
        await ShowAsync(surface, true);
        Visit visit = await desk.ConnectAsync(new ConnectOptions { Operations = Operations.ViewScreen | Operations.ControlInput });
        await Eventually.Is(() => surface.Status.Sessions.Count == 1, "the surface knows of the session");
        return visit;
    }

    /// <summary>When it completes the agent has heard it: what is asked after a heartbeat is answered after it.</summary>
    private static async Task ShowAsync(SurfaceConnection surface, bool isShown)
    {
        surface.ReportShown(isShown ? surface.Status : null);
        await surface.Reported;
        await surface.ReadHistoryAsync(0, 1, Helpdesk.Limit());
    }
}
