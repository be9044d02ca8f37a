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

    /// <summary>The answer waits for the surface that says it shows the mark; where none does, nothing is recorded.</summary>
    [Fact]
    public async Task Recording_BeginsOnlyWhenTheSurfaceShowsIt()
    {
        await using Helpdesk desk = await Helpdesk.OpenAsync(new HelpdeskSetup
        {
            Time = time, Surface = new SurfaceRequirement(), Operations = Operations.ViewScreen | Operations.RecordSession, Policy = new GrantPolicy { Recording = RecordingRule.Allowed },
        });
        await using SurfaceConnection surface = await ConnectSurfaceAsync(desk);
        await ShowAsync(surface, true);
        Visit visit = await desk.ConnectAsync(new ConnectOptions { Operations = Operations.ViewScreen | Operations.RecordSession });
        await Eventually.Is(() => surface.Status.Sessions.Count == 1, "the surface knows of the session");
        await ShowAsync(surface, true);
        SurfaceStatus before = surface.Status;

        Task starting = visit.Session.Recording.StartAsync(new MemoryStream(), Helpdesk.Limit());
        await Eventually.Is(() => surface.Status.Sessions[0].IsRecording, "the surface is told");
        Assert.Single(desk.History("recording.started"));
        // It shows what it showed before: that is not enough.
        surface.ReportShown(before);
        await surface.Reported;
        await visit.Session.PingAsync(Helpdesk.Limit());
        Assert.False(starting.IsCompleted);
        await ShowAsync(surface, true);
        await starting.WaitAsync(Helpdesk.Limit());
        await visit.Session.Recording.StopAsync(Helpdesk.Limit());
        await Eventually.Is(() => !surface.Status.Sessions[0].IsRecording, "the mark goes");

        await ShowAsync(surface, true);
        before = surface.Status;
        starting = visit.Session.Recording.StartAsync(new MemoryStream(), Helpdesk.Limit());
        await Eventually.Is(() => surface.Status.Sessions[0].IsRecording, "the surface is told");
        surface.ReportShown(before);
        await surface.Reported;
        await Task.Delay(50, Helpdesk.Limit());
        time.Advance(SurfacePresence.StopsAfter);
        AccessRefusedException refusal = await Assert.ThrowsAsync<AccessRefusedException>(() => starting.WaitAsync(Helpdesk.Limit()));
        Assert.Equal(RefusalReason.SurfaceLost, refusal.Reason);
        Assert.Equal("SurfaceLost", (string?)desk.History("recording.stopped")[^1].Data()["reason"]);
        Assert.False(visit.Session.Recording.IsRecording);
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
