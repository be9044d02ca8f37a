using System.Diagnostics;
using RemoteAccess.Sessions;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

/// <summary>A real surface on a real display whose drawing hangs while its process, its connection and its heartbeat go on.</summary>
[Collection(nameof(Office))]
[Trait("Group", "Office")]
[Trait("Category", "Slow")]
public sealed class HangingSurfaceTests
{
    public enum Hang { DrawingThread, Display }

    [Theory]
    [InlineData(Hang.DrawingThread)]
    [InlineData(Hang.Display)]
    public async Task Drawing_Hangs_PictureStopsAndThenTheSessionEnds(Hang hang)
    {
        Programs.Require("Xvfb");
        await using XServer screen = await XServer.StartXvfbAsync(800, 600);
        await using Helpdesk desk = await Helpdesk.OpenAsync(new HelpdeskSetup { Surface = new SurfaceRequirement() });
        await using SurfaceConnection connection = await SurfaceConnection.OpenAsync(desk.State, Helpdesk.Limit());
        await using var agent = new AgentBehindAThread(connection);
        string tour = Path.Combine(desk.State, "..", "tour");
        await File.WriteAllTextAsync(tour, "");
        using var over = new CancellationTokenSource();
        var surface = new X11Surface(new X11SurfaceOptions { Display = screen.Display, TourFile = tour, Scale = 1 });
        Task showing = surface.RunAsync(agent, over.Token);
        Visit visit = await ConnectAsync(desk);
        await using Sight sight = visit.Watch();
        await sight.NextAsync();
        await Eventually.Is(() => connection.Status.Sessions is [{ IsWatching: true }], "the technician watches");
        await Eventually.Is(() => agent.Seen?.Sessions.Count == 1, "the strip is drawn and seen");

        // Once for each status that comes: the session is still there, and nobody watches any more.
        bool hasStopped = false;
        connection.StatusChanged += (_, _) => hasStopped |= connection.Status.Sessions is [{ IsWatching: false }];
        try
        {
            if (hang == Hang.DrawingThread) agent.Hang();
            else screen.Stop();
            long beats = connection.Beats;
            await Eventually.Is(() => hasStopped, "the picture stops before the session ends");
            SessionEnd end = await visit.EndAsync();

            Assert.Equal((SessionEndKind.EndedByComputer, RefusalReason.SurfaceLost), (end.Kind, end.Reason));
            Assert.True(connection.IsConnected);
            Assert.True(connection.Beats > beats, "the heartbeat went on");
            Assert.Equal(RefusalReason.SurfaceLost, (await Assert.ThrowsAsync<AccessRefusedException>(() => desk.ConnectAsync())).Reason);
        }
        finally
        {
            agent.GoOn();
            screen.GoOn();
        }

        await over.CancelAsync();
        await showing;
        desk.AssertNothingIsHeld();
        desk.AssertLedgerIsWhole();
    }

    /// <summary>Until the surface shows, nobody gets in; that costs nothing.</summary>
    private static async Task<Visit> ConnectAsync(Helpdesk desk)
    {
        CancellationToken limit = Helpdesk.Limit();
        while (true)
        {
            try
            {
                return await desk.ConnectAsync(new ConnectOptions { Operations = Operations.ViewScreen | Operations.ControlInput });
            }
            catch (AccessRefusedException refused) when (refused.Reason == RefusalReason.SurfaceLost)
            {
                await Task.Delay(50, limit);
            }
        }
    }

    /// <summary>The agent, but for that the thread that asks it for its status can be made to wait: the one that draws.</summary>
    private sealed class AgentBehindAThread(SurfaceConnection agent) : ISurfaceAgent
    {
        private readonly ManualResetEventSlim goesOn = new(true);

        private SurfaceStatus? seen;

        /// <summary>What the surface said last that it saw.</summary>
        public SurfaceStatus? Seen => Volatile.Read(ref seen);

        public SurfaceStatus Status
        {
            get
            {
                goesOn.Wait();
                return agent.Status;
            }
        }

        public event EventHandler? StatusChanged
        {
            add => agent.StatusChanged += value;
            remove => agent.StatusChanged -= value;
        }

        public bool IsConnected => agent.IsConnected;

        public void Hang() => goesOn.Reset();

        public void GoOn() => goesOn.Set();

        public void ReportShown(SurfaceStatus? shown)
        {
            Volatile.Write(ref seen, shown);
            agent.ReportShown(shown);
        }

        public Task DoAsync(SurfaceAction action, CancellationToken cancellationToken) => agent.DoAsync(action, cancellationToken);

        public Task<IReadOnlyList<SurfaceHistoryLine>> ReadHistoryAsync(int skip, int count, CancellationToken cancellationToken) => agent.ReadHistoryAsync(skip, count, cancellationToken);

        public Task<string> ReadReportAsync(string period, CancellationToken cancellationToken) => agent.ReadReportAsync(period, cancellationToken);

        public ValueTask DisposeAsync()
        {
            goesOn.Set();
            goesOn.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
