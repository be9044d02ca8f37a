using RemoteAccess.Picture;
using RemoteAccess.Sessions;
using RemoteAccess.Transport;

namespace RemoteAccess.Tests;

public sealed class PictureTests
{
    /// <summary>Late, jittering, in odd little pieces: but nothing is lost.</summary>
    private static readonly BadNetworkOptions Slow = new()
    {
        Seed = 7,
        Sending = new BadDirection { Delay = TimeSpan.FromMilliseconds(3), Jitter = TimeSpan.FromMilliseconds(4), ChunkBytes = 97 },
        Receiving = new BadDirection { Delay = TimeSpan.FromMilliseconds(3), Jitter = TimeSpan.FromMilliseconds(4), ChunkBytes = 1021 },
    };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Picture_ThroughAScriptedSequence_EqualsTheDesktopAfterEveryUpdate(bool overBadNetwork)
    {
        await using Helpdesk desk = await Helpdesk.OpenAsync(new HelpdeskSetup { IsBlank = false, Size = new(800, 600) });
        Visit visit = await desk.ConnectAsync(network: overBadNetwork ? Slow : null);
        await using Sight sight = visit.Watch();
        await sight.NextAsync();
        sight.AssertShows(desk.Desktop);
        Action[] script =
        [
            () => desk.Desktop.TypeAsCustomer("Grüße, 漢字"),
            () => desk.Desktop.ClickAsCustomer(VirtualPart.CountButton),
            () => desk.Desktop.ClickAsCustomer(VirtualPart.LampButton),
            () => desk.Desktop.MoveWindow(VirtualPart.ControlsWindow, 31, 17),
            () => desk.Desktop.MoveWindow(VirtualPart.NotesWindow, 203, 111),
            () => desk.Desktop.TypeAsCustomer("\nsecond line"),
            () => desk.Desktop.Draw(new PixelRect(793, 593, 7, 7), Enumerable.Repeat((byte)0x5A, 7 * 7 * 4).ToArray()),
            () => desk.DrawNoise(new Random(3), new PixelRect(1, 2, 797, 500)),
            () => desk.Desktop.MoveWindow(VirtualPart.NotesWindow, 10, 10),
        ];
        foreach (Action act in script)
        {
            act();
            await sight.NextFrameAsync();
            sight.AssertShows(desk.Desktop);
        }
    }

    [Fact]
    public async Task Picture_ResolutionAndMonitorsChangeWhileWatched_NewLayoutAndWholePicture()
    {
        await using Helpdesk desk = await Helpdesk.OpenAsync(new HelpdeskSetup { IsBlank = false });
        Visit visit = await desk.ConnectAsync();
        await using Sight sight = visit.Watch();
        await sight.NextAsync();
        Action[] changes =
        [
            () => desk.Desktop.SetSize(new PixelSize(1024, 700)),
            () => desk.Desktop.AddMonitor(new PixelSize(333, 444)),
            () => desk.Desktop.SetSize(new PixelSize(500, 300)),
            desk.Desktop.RemoveMonitor,
        ];
        foreach (Action change in changes)
        {
            change();
            await sight.UntilAsync(_ => sight.Shows(desk.Desktop));
            ScreenLayout layout = sight.Picture.Layout, real = desk.Desktop.Layout;
            Assert.Equal(real.Size, layout.Size);
            Assert.Equal(real.Monitors, layout.Monitors);
            Assert.Contains(sight.Picture.Damage, area => area.X == 0 && area.Y == 0);
        }
    }

    [Fact]
    public async Task Cursor_MovesAndChangesShape_ArrivesWithoutPixels()
    {
        await using Helpdesk desk = await Helpdesk.OpenAsync(new HelpdeskSetup { IsBlank = false });
        Visit visit = await desk.ConnectAsync();
        await using Sight sight = visit.Watch();
        PixelRect field = desk.Desktop.AreaOf(VirtualPart.TextField);
        await sight.NextAsync();

        await visit.Session.Input.MoveAsync(field.X + 5, field.Y + 5);
        await sight.UntilAsync(update => (update.Cursor.X, update.Cursor.Y) == (field.X + 5, field.Y + 5));
        AssertShape(desk, sight);
        CursorShape beam = sight.Picture.Cursor.Shape!;
        await visit.Session.Input.MoveAsync(field.X + 6, field.Y + 7);
        await sight.UntilAsync(update => (update.Cursor.X, update.Cursor.Y) == (field.X + 6, field.Y + 7));
        Assert.Empty(sight.Picture.Damage);
        Assert.Same(beam, sight.Picture.Cursor.Shape);
        await visit.Session.Input.MoveAsync(0, 0);
        await sight.UntilAsync(update => (update.Cursor.X, update.Cursor.Y) == (0, 0));

        Assert.Empty(sight.Picture.Damage);
        Assert.NotEqual(beam.Pixels.ToArray(), sight.Picture.Cursor.Shape!.Pixels.ToArray());
        AssertShape(desk, sight);
    }

    [Fact]
    public async Task Picture_ReaderLeavesAndComesBack_IsRightEachTime()
    {
        await using Helpdesk desk = await Helpdesk.OpenAsync();
        Visit visit = await desk.ConnectAsync();
        var random = new Random(11);
        for (int round = 0; round < 12; round++)
        {
            desk.DrawNoise(random, new PixelRect(0, 0, 600, 300));
            await using Sight sight = visit.Watch();
            // Half of the readers leave without having seen anything, with a frame under way to them.
            for (int seen = 0; seen < round % 2 * 3; seen++)
            {
                await sight.UntilAsync(_ => sight.Shows(desk.Desktop));
                desk.DrawNoise(random, new PixelRect(random.Next(300), random.Next(200), 40, 40));
            }
        }

        await using Sight last = visit.Watch();
        await last.UntilAsync(_ => last.Shows(desk.Desktop));
        Assert.Equal(SessionEndKind.Finished, await FinishAsync(visit));
    }

    [Fact]
    public async Task Picture_ReaderIsCancelledBeforeItsFirstFrame_NextReaderSeesAll()
    {
        await using Helpdesk desk = await Helpdesk.OpenAsync(new HelpdeskSetup { Size = new(1600, 1000) });
        Visit visit = await desk.ConnectAsync();
        var random = new Random(5);
        desk.DrawNoise(random, new PixelRect(0, 0, 1600, 1000));
        for (int round = 0; round < 8; round++)
        {
            using var cancel = new CancellationTokenSource();
            await using IAsyncEnumerator<PictureUpdate> updates = visit.Session.Picture.ReadUpdatesAsync(cancel.Token).GetAsyncEnumerator(cancel.Token);
            Task<bool> first = updates.MoveNextAsync().AsTask();
            long before = visit.Session.BytesReceived;
            await Eventually.Is(() => visit.Session.BytesReceived >= before + 20_000 || first.IsCompleted, "part of a frame arrives");
            await cancel.CancelAsync();
            await Record.ExceptionAsync(() => first);
        }

        await using Sight sight = visit.Watch();
        await sight.NextAsync();
        sight.AssertShows(desk.Desktop);
    }

    [Fact]
    public async Task Picture_SlowReader_SkipsFramesAndEndsRight()
    {
        await using Helpdesk desk = await Helpdesk.OpenAsync();
        Visit visit = await desk.ConnectAsync();
        await using Sight sight = visit.Watch();
        var random = new Random(17);
        await sight.NextAsync();
        long before = sight.Picture.Sequence;
        for (int frame = 0; frame < 100; frame++)
        {
            desk.DrawNoise(random, new PixelRect(random.Next(500), random.Next(300), 64, 64));
            await visit.Session.PingAsync(Helpdesk.Limit());
        }

        await sight.UntilAsync(_ => sight.Shows(desk.Desktop));
        Assert.InRange(sight.Picture.Sequence - before, 1, 4);
    }

    [Fact]
    public async Task Picture_TwoViewersAtOnce_BothAreRight()
    {
        await using Helpdesk desk = await Helpdesk.OpenAsync();
        Visit one = await desk.ConnectAsync(), other = await desk.ConnectAsync();
        Assert.Equal(2, desk.Agent.Sessions.Count);
        await using Sight first = one.Watch(), second = other.Watch();
        var random = new Random(23);
        for (int round = 0; round < 10; round++)
        {
            desk.DrawNoise(random, new PixelRect(random.Next(500), random.Next(300), 50, 70));
            await first.UntilAsync(_ => first.Shows(desk.Desktop));
            await second.UntilAsync(_ => second.Shows(desk.Desktop));
        }

        await first.DisposeAsync();
        Assert.Equal(SessionEndKind.Finished, await FinishAsync(one));
        desk.DrawNoise(random, new PixelRect(0, 0, 100, 100));
        await second.UntilAsync(_ => second.Shows(desk.Desktop));
    }

    private static async Task<SessionEndKind> FinishAsync(Visit visit)
    {
        await visit.Session.DisposeAsync();
        return (await visit.EndAsync()).Kind;
    }

    private static void AssertShape(Helpdesk desk, Sight sight)
    {
        CursorShape real = desk.Desktop.Cursor.Shape!, shown = sight.Picture.Cursor.Shape!;
        Assert.Equal((real.Size, real.HotX, real.HotY), (shown.Size, shown.HotX, shown.HotY));
        Assert.Equal(real.Pixels.ToArray(), shown.Pixels.ToArray());
    }
}
