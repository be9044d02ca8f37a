using System.Diagnostics.Metrics;
using Google.Protobuf;
using RemoteAccess.Picture;
using RemoteAccess.Transport;
using RemoteAccess.Transport.Wire;

namespace RemoteAccess.Tests;

public sealed class PictureFlowTests
{
    private static readonly PixelRect Window = new(64, 64, 320, 256);

    private static readonly HelpdeskSetup OneClock = new() { HasOneClock = true };

    /// <summary>5 Mbit/s with 10 ms each way.</summary>
    private static readonly BadNetworkOptions Narrow = new()
    {
        Seed = 3,
        Sending = new BadDirection { Delay = TimeSpan.FromMilliseconds(10) },
        Receiving = new BadDirection { Delay = TimeSpan.FromMilliseconds(10), Jitter = TimeSpan.FromMilliseconds(5), BitsPerSecond = 5_000_000 },
    };

    [Fact]
    public async Task Film_WhileItRuns_IsLossy_AndOnceItStandsStillExactAndProven()
    {
        using var proofs = new Count("remoteaccess.picture.proofs_held");
        await using Helpdesk desk = await Helpdesk.OpenAsync();
        Visit visit = await desk.ConnectAsync();
        await using Sight sight = visit.Watch();
        await sight.NextAsync();
        Assert.True(sight.Picture.IsExact);
        var film = new Film(1);
        // The blank desktop before it counts as text, and is held to be text for half a second.
        while (sight.Picture.IsExact)
        {
            film.Show(desk.Desktop, Window);
            await sight.NextFrameAsync();
        }

        await sight.UntilAsync(static update => update.IsExact);

        sight.AssertShows(desk.Desktop);
        // The proof goes out once the last step was acknowledged, which reading on does.
        Task<PictureUpdate> next = sight.NextAsync();
        await Eventually.Is(() => proofs.Value > 0, "the proof holds");
        desk.DrawNoise(new Random(1), new PixelRect(0, 0, 8, 8));
        await next;
    }

    [Fact]
    public async Task Film_WithLosslessAskedFor_IsExactInEveryFrame()
    {
        await using Helpdesk desk = await Helpdesk.OpenAsync();
        Visit visit = await desk.ConnectAsync();
        await using Sight sight = visit.Watch(new PictureOptions { Quality = PictureQuality.Lossless });
        await sight.NextAsync();
        var film = new Film(5);
        for (int frame = 0; frame < 15; frame++)
        {
            film.Show(desk.Desktop, Window);
            await sight.NextFrameAsync();
            Assert.True(sight.Picture.IsExact);
            sight.AssertShows(desk.Desktop);
        }
    }

    [Fact]
    public async Task Film_OverANarrowLink_QueuesNoMoreThanTwoFramesAndEndsWithTheNewest()
    {
        await using Helpdesk desk = await Helpdesk.OpenAsync(OneClock);
        Visit visit = await desk.ConnectAsync(network: Narrow);
        await using Sight sight = visit.Watch();
        await sight.NextAsync();
        long first = sight.Picture.Sequence;
        var film = new Film(7);
        Task watching = sight.UntilAsync(update => update.IsExact && sight.Shows(desk.Desktop));
        for (int frame = 0; frame < 60; frame++)
        {
            film.Show(desk.Desktop, Window);
            // The computer answers a ping at once: only what is on the line already is ahead of it, and pictures wait behind it.
            await visit.Session.PingAsync(Helpdesk.Limit());
        }

        await watching;
        sight.AssertShows(desk.Desktop);
        Assert.InRange(sight.Picture.Sequence - first, 5, 500);
    }

    [Fact]
    public async Task Link_CutInAFilmAndConnectedAgain_ShowsWhatIsThereNow()
    {
        await using Helpdesk desk = await Helpdesk.OpenAsync();
        var random = new Random(19);
        for (int round = 0; round < 6; round++)
        {
            var cut = new BadNetworkOptions { Seed = round, Receiving = new BadDirection { CutAfterBytes = 20_000 + random.Next(120_000) } };
            Visit cutVisit = await desk.ConnectAsync(network: cut);
            await using Sight doomed = cutVisit.Watch();
            Task<Exception?> ended = doomed.EndAsync();
            var film = new Film(round);
            while (!ended.IsCompleted)
            {
                film.Show(desk.Desktop, Window);
                // To its end: a frame drawn late would be in the screen, and not in the picture that is compared with it.
                await Task.Run(() => film.Show(desk.Desktop, Window));
            }

            Assert.Equal(ChannelError.Truncated, Assert.IsType<ChannelException>(await ended).Error);

            Visit visit = await desk.ConnectAsync();
            await using Sight sight = visit.Watch();
            await sight.NextAsync();
            sight.AssertResembles(desk.Desktop);
            if (!sight.Picture.IsExact) await sight.UntilAsync(update => update.IsExact);
            sight.AssertShows(desk.Desktop);
        }
    }

    [Fact]
    public async Task Region_IsAllThatComes_AndIsExactByItself()
    {
        await using Helpdesk desk = await Helpdesk.OpenAsync();
        desk.DrawNoise(new Random(2), new PixelRect(0, 0, 640, 400));
        Visit visit = await desk.ConnectAsync();
        var region = new PixelRect(320, 0, 320, 200);
        await using Sight sight = visit.Watch(new PictureOptions { Region = region });
        await sight.NextAsync();

        Assert.True(sight.Picture.IsExact);
        Assert.Equal(new PixelSize(640, 400), sight.Picture.Size);
        AssertShowsOnly(desk, sight, region);

        desk.DrawNoise(new Random(3), new PixelRect(0, 300, 640, 100));
        desk.DrawNoise(new Random(4), new PixelRect(300, 100, 60, 60));
        await sight.NextFrameAsync();
        AssertShowsOnly(desk, sight, region);
    }

    [Fact]
    public async Task Proof_ThatTheViewerAnswersWithAnotherHash_BringsANewEpoch()
    {
        // The film's own clock: what counts as a film is a matter of time, which a busy machine must not decide.
        var time = new FakeTime();
        await using Helpdesk desk = await Helpdesk.OpenAsync(OneClock with { Time = time });
        await using RawTechnician technician = await RawTechnician.ConnectAsync(desk);
        await technician.SendAsync(new ControlMessage { Picture = new PictureRequest { On = true } });
        var film = new Film(9);
        uint epoch = 0, proven = 0;
        PictureHeader first = default;
        // Longer than the blank desktop before it is held to be text: some of the film is lossy, and settles when it ends.
        for (int frame = 0; frame < 30; frame++)
        {
            while (!await IsWholeFrameAsync()) continue;
            time.Advance(TimeSpan.FromMilliseconds(40));
            film.Show(desk.Desktop, Window);
        }

        await using (time.Run())
        {
            while (epoch != 2) await IsWholeFrameAsync();
        }

        Assert.NotEqual(0u, proven);

        // The next message, and its answer.
        async Task<bool> IsWholeFrameAsync()
        {
            ReceivedMessage message = await technician.ReceiveAsync();
            if (message.Body is ControlMessage { KindCase: ControlMessage.KindOneofCase.Proof } control)
            {
                proven = control.Proof.Sequence;
                Assert.Equal(32, control.Proof.Sha256.Length);
                await technician.SendAsync(new ControlMessage { Proof = new Transport.Wire.PictureProof { Sequence = proven, Sha256 = ByteString.CopyFrom(new byte[32]) } });
            }

            if (message.Stream != MessageStream.Picture || !PictureHeader.TryRead(message.Payload.Span, first, out PictureHeader header, out _)) return false;
            if (header.IsFirstPart) first = header;
            epoch = header.Epoch;
            if (header.IsLastPart) await technician.SendAsync(new ControlMessage { PictureAck = new PictureAck { Sequence = header.Sequence } });
            return header.IsLastPart;
        }
    }

    [Fact]
    public async Task Proof_OfAnotherPicture_MakesTheUpdateInexact()
    {
        await using Helpdesk desk = await Helpdesk.OpenAsync();
        await using RawAgent agent = await RawAgent.AnswerAsync(desk);
        RemoteSession session = await agent.AcceptAsync();
        await using var sight = new Sight(session, Helpdesk.Limit());
        Task<PictureUpdate> first = sight.NextAsync();
        await agent.PictureWantedAsync();
        await agent.SendAsync(MessageStream.Picture, RawPicture.Frame(1, isNewEpoch: true));
        Assert.True((await first).IsExact);
        Task<PictureUpdate> next = sight.NextAsync();

        await agent.SendAsync(new ControlMessage { Proof = new Transport.Wire.PictureProof { Sequence = 1, Sha256 = ByteString.CopyFrom(new byte[32]) } });

        Assert.False((await next).IsExact);
    }

    [Fact]
    public async Task Latencies_AreMeasuredOnBothSides()
    {
        using var input = new Count("remoteaccess.picture.input_to_present");
        using var capture = new Count("remoteaccess.picture.capture_to_present");
        await using Helpdesk desk = await Helpdesk.OpenAsync(OneClock with { IsBlank = false });
        Visit visit = await desk.ConnectAsync();
        await using Sight sight = visit.Watch();
        await sight.NextAsync();
        await visit.Session.Input.TypeAsync("x", Helpdesk.Limit());
        await sight.UntilAsync(_ => desk.Desktop.Text == "x" && sight.Shows(desk.Desktop));
        Task<PictureUpdate> next = sight.NextAsync();

        await Eventually.Is(() => input.Value > 0 && capture.Value > 0, "both were measured");

        desk.Desktop.TypeAsCustomer("y");
        await next;
    }

    private static void AssertShowsOnly(Helpdesk desk, Sight sight, PixelRect region)
    {
        ReadOnlySpan<byte> real = desk.Desktop.CopyPixels();
        for (int y = 0; y < 400; y++)
            for (int x = 0; x < 640; x++)
            {
                int at = (y * 640 + x) * 4;
                bool inside = x >= region.X && x < region.Right && y >= region.Y && y < region.Bottom;
                Assert.True(sight.Picture.Pixels.Slice(at, 4).SequenceEqual(inside ? real.Slice(at, 4) : new byte[4]), $"{x}, {y}");
            }
    }

    /// <summary>How often an instrument measured, in this process.</summary>
    private sealed class Count : IDisposable
    {
        private readonly MeterListener listener = new();
        private int value;

        public Count(string instrument)
        {
            listener.InstrumentPublished = (found, self) =>
            {
                if (found.Meter.Name == "RemoteAccess.Picture" && found.Name == instrument) self.EnableMeasurementEvents(found);
            };
            listener.SetMeasurementEventCallback<double>((_, _, _, _) => Interlocked.Increment(ref value));
            listener.SetMeasurementEventCallback<int>((_, _, _, _) => Interlocked.Increment(ref value));
            listener.Start();
        }

        public int Value => Volatile.Read(ref value);

        public void Dispose() => listener.Dispose();
    }
}
