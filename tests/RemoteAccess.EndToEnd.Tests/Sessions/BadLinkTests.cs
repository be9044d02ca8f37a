using System.Security.Cryptography;
using RemoteAccess.Picture;
using RemoteAccess.Sessions;
using RemoteAccess.Transport;

namespace RemoteAccess.Tests;

/// <summary>Sessions over links that are cut or alter bytes, by seed. Whatever happens, nobody is shown or does anything wrong.</summary>
[Trait("Category", "Slow")]
public sealed class BadLinkTests
{
    /// <summary>More than any handshake takes in either direction.</summary>
    private const int Handshake = 1000;

    private static readonly PixelSize Size = new(240, 160);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Link_CutAnywhere_IsTruncatedAtTheViewerAndOverAtTheAgent(int seed)
    {
        await using Helpdesk desk = await Helpdesk.OpenAsync(new HelpdeskSetup { Size = Size });
        var random = new Random(seed);
        for (int round = 0; round < 18; round++)
        {
            bool isSending = random.Next(2) == 0;
            long bytes = round % 6 == 0 ? random.Next(Handshake) : Handshake + random.Next(isSending ? 8_000 : 150_000);
            var cut = new BadDirection { CutAfterBytes = bytes };
            var network = new BadNetworkOptions { Seed = seed, Sending = isSending ? cut : new BadDirection(), Receiving = isSending ? new BadDirection() : cut };

            string place = $"seed {seed}, round {round}, {(isSending ? "sending" : "receiving")} cut after {bytes}";
            int sessions = desk.History("session.accepted").Count;
            if (await TryConnectAsync(desk, network) is { } visit)
            {
                Exception? seen = await new Bustle(desk, visit, random).RunAsync();
                SessionEnd end = await visit.EndAsync();
                Assert.True(end.Kind == SessionEndKind.Truncated, $"{place}: {end}");
                Assert.True(seen is ChannelException { Error: ChannelError.Truncated }, $"{place}: {seen}");
            }

            desk.AssertNothingIsHeld();
            desk.AssertLedgerIsWhole();
            int accepted = desk.History("session.accepted").Count;
            Assert.InRange(accepted - sessions, 0, 1);
            Assert.Equal(accepted, desk.History("session.ended").Count);
            Assert.Empty(desk.Agent.Sessions);
            await desk.Trust.UnlockAsync(desk.Grant.Id, "Erika Mustermann", Helpdesk.Limit());
        }

        Visit after = await desk.ConnectAsync();
        await after.Session.PingAsync(Helpdesk.Limit());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Link_TurnsOneBit_NeverShowsOrDoesAnythingElse(int seed)
    {
        await using Helpdesk desk = await Helpdesk.OpenAsync(new HelpdeskSetup { Size = Size });
        var random = new Random(1000 + seed);
        for (int round = 0; round < 15; round++)
        {
            bool isSending = random.Next(2) == 0;
            long bit = (Handshake + random.Next(isSending ? 4_000 : 100_000)) * 8L + random.Next(8);
            var turned = new BadDirection { FlipBits = [bit] };
            var network = new BadNetworkOptions { Seed = seed, Sending = isSending ? turned : new BadDirection(), Receiving = isSending ? new BadDirection() : turned };
            string place = $"seed {seed}, round {round}, {(isSending ? "sending" : "receiving")} bit {bit}";
            Visit visit = await desk.ConnectAsync(network: network);

            Exception? seen = await new Bustle(desk, visit, random).RunAsync();
            SessionEnd end = await visit.EndAsync();

            string recorded = (string?)desk.History("session.ended")[^1].Data()["text"] ?? "";
            if (isSending)
            {
                // The agent noticed; it cut the link without a word, because nothing on it can be trusted.
                Assert.True(end.Kind == SessionEndKind.Truncated, $"{place}: {end}");
                Assert.True(recorded is "the channel failed: NotAuthentic" or "the channel failed: Malformed", $"{place}: {recorded}");
            }
            else
            {
                Assert.True(end.Kind == SessionEndKind.ProtocolViolation, $"{place}: {end}");
                Assert.True(seen is ChannelException { Error: ChannelError.NotAuthentic or ChannelError.Malformed }, $"{place}: {seen}");
                Assert.True(recorded == "the connection was cut", $"{place}: {recorded}");
            }

            desk.AssertNothingIsHeld();
            desk.AssertLedgerIsWhole();
        }
    }

    private static async Task<Visit?> TryConnectAsync(Helpdesk desk, BadNetworkOptions network)
    {
        try
        {
            return await desk.ConnectAsync(network: network);
        }
        catch (ChannelException error)
        {
            Assert.Equal(ChannelError.Truncated, error.Error);
            return null;
        }
    }

    /// <summary>Both directions full of work until the session ends; every picture that is shown is one that the desktop had.</summary>
    private sealed class Bustle(Helpdesk desk, Visit visit, Random random)
    {
        private readonly HashSet<string> pictures = [];
        private readonly Lock gate = new();

        /// <summary>Runs to the session's end and returns what the reader of the picture was told.</summary>
        public async Task<Exception?> RunAsync()
        {
            Draw();
            using var stop = new CancellationTokenSource();
            Task busy = Task.Run(() => SendAsync(stop.Token));
            Exception? seen = await Record.ExceptionAsync(ReadAsync);
            await visit.Session.Completion.WaitAsync(Helpdesk.Limit());
            await stop.CancelAsync();
            await busy;
            return seen;
        }

        private async Task ReadAsync()
        {
            // Noise that changes for half a second is video: lossy, unless nothing may be.
            await foreach (PictureUpdate update in visit.Session.Picture.ReadUpdatesAsync(new PictureOptions { Quality = PictureQuality.Lossless }, Helpdesk.Limit()))
            {
                string digest = Convert.ToHexString(SHA256.HashData(update.Pixels));
                lock (gate) Assert.Contains(digest, pictures);
                Draw();
            }
        }

        private void Draw()
        {
            lock (gate)
            {
                byte[] pixels = desk.Desktop.CopyPixels();
                var area = new PixelRect(random.Next(100), random.Next(60), 100, 80);
                byte[] noise = new byte[area.Area * 4];
                random.NextBytes(noise);
                for (int row = 0; row < area.Height; row++)
                    for (int x = 0; x < area.Width * 4; x++)
                        pixels[(((area.Y + row) * Size.Width) + area.X) * 4 + x] = x % 4 == 3 ? (byte)0 : noise[row * area.Width * 4 + x];
                pictures.Add(Convert.ToHexString(SHA256.HashData(desk.Desktop.CopyPixels())));
                pictures.Add(Convert.ToHexString(SHA256.HashData(pixels)));
                desk.Desktop.Draw(area, noise);
            }
        }

        private async Task SendAsync(CancellationToken stop)
        {
            try
            {
                await visit.Session.Input.KeyAsync(Keysym.Control, true, stop);
                await visit.Session.Input.ButtonAsync(MouseButton.Left, true, stop);
                // Never waits for an answer: a turned bit of a length makes the agent wait for more, and more comes.
                for (int step = 0; !stop.IsCancellationRequested; step++)
                {
                    await visit.Session.Input.MoveAsync(step % Size.Width, step % Size.Height, stop);
                    await Task.Yield();
                }
            }
            catch (Exception error) when (error is ChannelException or OperationCanceledException)
            {
                Assert.NotNull(error.Message);
            }
        }
    }
}
