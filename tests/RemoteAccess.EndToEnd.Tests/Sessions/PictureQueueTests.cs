using RemoteAccess.Picture;
using RemoteAccess.Transport;
using RemoteAccess.Transport.Wire;

namespace RemoteAccess.Tests;

/// <summary>Whatever the network does, at most two frames are on their way, and what comes after them is the newest.</summary>
public sealed class PictureQueueTests
{
    private const int UnderWay = 2;

    private static readonly HelpdeskSetup OneClock = new() { HasOneClock = true };

    /// <summary>A technician's side that acknowledges when chance says so, and reads the picture with the decoder alone.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Acknowledgements_ByChance_NeverAreMoreThanTwoFramesOnTheWay(int seed)
    {
        await using Helpdesk desk = await Helpdesk.OpenAsync(OneClock);
        await using RawTechnician technician = await RawTechnician.ConnectAsync(desk);
        await technician.SendAsync(new ControlMessage { Picture = new PictureRequest { On = true } });
        var random = new Random(seed);
        var film = new Film(seed);
        var picture = new Framebuffer();
        var decoder = new PictureDecoder();
        uint begun = 0, whole = 0, acknowledged = 0;
        int full = 0;
        for (ulong round = 1; round <= 250; round++)
        {
            if (random.Next(3) == 0) desk.DrawNoise(random, new PixelRect(random.Next(500), random.Next(300), 80, 60));
            else film.Show(desk.Desktop, new PixelRect(64, 64, 320, 256));
            foreach ((MessageStream stream, byte[] payload) in await technician.DrainAsync(round))
            {
                if (stream != MessageStream.Picture) continue;
                PictureHeader header = decoder.Decode(payload, picture);
                picture.ClearDamage();
                begun = header.Sequence;
                if (header.IsLastPart) whole = header.Sequence;
                Assert.InRange(begun - acknowledged, 0u, (uint)UnderWay);
            }

            if (begun - acknowledged == 2) full++;
            if (acknowledged < whole && random.Next(3) == 0) await technician.SendAsync(new ControlMessage { PictureAck = new PictureAck { Sequence = acknowledged = whole - (uint)random.Next((int)(whole - acknowledged)) } });
        }

        Assert.InRange(full, 20, 250);
        Assert.InRange(whole, 20u, 250u);
        // Now that it reads as it should, it has what is there in a few frames, and exactly once all has settled.
        while (!picture.Pixels.SequenceEqual(desk.Desktop.CopyPixels()))
        {
            if (acknowledged < whole) await technician.SendAsync(new ControlMessage { PictureAck = new PictureAck { Sequence = acknowledged = whole } });
            ReceivedMessage message = await technician.ReceiveAsync();
            if (message.Stream != MessageStream.Picture) continue;
            PictureHeader header = decoder.Decode(message.Payload.Span, picture);
            picture.ClearDamage();
            if (header.IsLastPart) whole = header.Sequence;
        }
    }

    /// <summary>A link that carries nothing for a while, again and again: the two frames that were under way, and then the newest.</summary>
    [Fact]
    public async Task Link_StallsAndGoesOn_TwoOldFramesAtMostThenTheNewest()
    {
        await using Helpdesk desk = await Helpdesk.OpenAsync(OneClock);
        await using var relay = new StallingRelay();
        Task serving = desk.Serve(relay.Agent);
        await using (RemoteSession session = await desk.Viewer.ConnectAsync(relay.Technician, desk.Grant, Helpdesk.Code, null, Helpdesk.Limit()))
        {
            await using var sight = new Sight(session, Helpdesk.Limit(), new PictureOptions { Quality = PictureQuality.Lossless });
            await sight.NextAsync();
            var random = new Random(31);
            for (int round = 0; round < 15; round++)
            {
                relay.Stall();
                int versions = random.Next(3, 40);
                for (int version = 0; version < versions; version++)
                {
                    desk.DrawNoise(random, new PixelRect(random.Next(400), random.Next(200), random.Next(8, 64), random.Next(8, 48)));
                    await Task.Delay(random.Next(4));
                }

                relay.GoOn();
                long before = sight.Picture.Sequence;
                await sight.UntilAsync(_ => sight.Shows(desk.Desktop));
                Assert.InRange(sight.Picture.Sequence - before, 1, UnderWay + 1);
            }
        }

        await serving.WaitAsync(Helpdesk.Limit());
    }

    /// <summary>A large photo settles in steps; what changes meanwhile is in the next frame that is captured, not behind them.</summary>
    [Fact]
    public async Task Settling_TextIsTypedMeanwhile_GoesFirst()
    {
        var window = new PixelRect(0, 0, 1280, 640);
        // The film's own clock: what counts as a film is a matter of time, which a busy machine must not decide.
        var time = new FakeTime();
        await using Helpdesk desk = await Helpdesk.OpenAsync(OneClock with { Size = new PixelSize(1280, 800), Time = time });
        await using RawTechnician technician = await RawTechnician.ConnectAsync(desk);
        await technician.SendAsync(new ControlMessage { Picture = new PictureRequest { On = true } });
        var film = new Film(3);
        var random = new Random(3);
        var picture = new Framebuffer();
        var decoder = new PictureDecoder();
        var typed = new PixelRect(200, 720, 40, 16);
        bool isTyped = false;
        int settling = 0, after = 0;
        for (int frame = 0; frame < 30; frame++)
        {
            uint sequence = await FrameAsync();
            time.Advance(TimeSpan.FromMilliseconds(40));
            film.Show(desk.Desktop, window);
            await AcknowledgeAsync(sequence);
        }

        await using (time.Run())
        {
            while (!isTyped || !IsShown())
            {
                uint sequence = await FrameAsync();
                if (isTyped) Assert.InRange(++after, 1, UnderWay);
                else if (decoder.Inexact.Count is > 0 and < 12_000 && ++settling == 3)
                {
                    desk.DrawNoise(random, typed);
                    isTyped = true;
                }

                await AcknowledgeAsync(sequence);
            }
        }

        // Something of the photo was still to settle.
        Assert.InRange(decoder.Inexact.Count, 1, 12_800);

        async Task<uint> FrameAsync()
        {
            while (true)
            {
                ReceivedMessage message = await technician.ReceiveAsync();
                if (message.Stream == MessageStream.Picture && decoder.Decode(message.Payload.Span, picture) is { IsLastPart: true } header) return header.Sequence;
            }
        }

        ValueTask AcknowledgeAsync(uint sequence)
        {
            picture.ClearDamage();
            return technician.SendAsync(new ControlMessage { PictureAck = new PictureAck { Sequence = sequence } });
        }

        bool IsShown()
        {
            ReadOnlySpan<byte> real = desk.Desktop.CopyPixels();
            for (int y = typed.Y; y < typed.Bottom; y++)
                if (!picture.Pixels.Slice(y * picture.Stride + typed.X * 4, typed.Width * 4).SequenceEqual(real.Slice(y * picture.Stride + typed.X * 4, typed.Width * 4))) return false;
            return true;
        }
    }
}
