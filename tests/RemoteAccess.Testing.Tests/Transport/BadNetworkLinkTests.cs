using System.IO.Pipelines;
using RemoteAccess.Transport;

namespace RemoteAccess.Tests;

public sealed class BadNetworkLinkTests
{
    private static readonly byte[] Sent = BadNetworkFixture.Pattern(1, 30_000);

    private readonly FakeTime time = new();

    [Fact]
    public async Task NothingBad_BytesPassAtOnceInBothDirections()
    {
        (BadNetworkLink bad, ILink peer) = BadNetworkLink.CreatePair(new BadNetworkOptions(), time);
        await using BadNetworkLink one = bad;
        BadNetworkFixture.Arrivals there = peer.Collect(time), back = bad.Collect(time);

        Task up = Write(bad, Sent), down = Write(peer, Sent);

        Assert.True(up.IsCompletedSuccessfully && down.IsCompletedSuccessfully);
        Assert.Equal(Sent, there.Bytes);
        Assert.Equal(Sent, back.Bytes);
        Assert.Equal(Sent.Length, bad.BytesSent);
        Assert.Equal(Sent.Length, bad.BytesReceived);
    }

    [Fact]
    public async Task Delay_BytesArriveThenAndNotBefore()
    {
        (BadNetworkLink bad, ILink peer) = BadNetworkLink.CreatePair(new BadNetworkOptions { Sending = new BadDirection { Delay = TimeSpan.FromMilliseconds(80) } }, time);
        await using BadNetworkLink one = bad;
        BadNetworkFixture.Arrivals there = peer.Collect(time), back = bad.Collect(time);

        _ = Write(bad, Sent);
        _ = Write(peer, Sent);

        Assert.Equal(Sent.Length, back.Count);
        time.Advance(TimeSpan.FromMilliseconds(79.9));
        Assert.Equal(0, there.Count);
        time.Advance(TimeSpan.FromMilliseconds(0.1));
        Assert.Equal(Sent, there.Bytes);
    }

    [Fact]
    public async Task Jitter_ArrivalsSpreadButKeepTheirOrder()
    {
        (BadNetworkLink bad, ILink peer) = BadNetworkLink.CreatePair(new BadNetworkOptions
        {
            Sending = new BadDirection { Delay = TimeSpan.FromMilliseconds(20), Jitter = TimeSpan.FromMilliseconds(30), BitsPerSecond = 10_000_000 },
        }, time);
        await using BadNetworkLink one = bad;
        BadNetworkFixture.Arrivals there = peer.Collect(time);

        _ = Write(bad, Sent);
        time.Advance(TimeSpan.FromMilliseconds(20 + 30 + 24 + 1));

        Assert.Equal(Sent, there.Bytes);
        Assert.True(there.Times[0].At >= TimeSpan.FromMilliseconds(20));
        List<double> gaps = [.. there.Times.Zip(there.Times.Skip(1), (a, b) => (b.At - a.At).TotalMilliseconds)];
        Assert.True(gaps.Max() > 2, "with 1.12 ms of line a chunk, a longer gap is jitter");
    }

    [Fact]
    public async Task BitsPerSecond_BytesTakeTheirTimeAndTheWriterWaits()
    {
        // 100,000 bytes at 10 Mbit/s are 80 ms.
        (BadNetworkLink bad, ILink peer) = BadNetworkLink.CreatePair(new BadNetworkOptions { Sending = new BadDirection { BitsPerSecond = 10_000_000 } }, time);
        await using BadNetworkLink one = bad;
        BadNetworkFixture.Arrivals there = peer.Collect(time);

        Task write = Write(bad, BadNetworkFixture.Pattern(2, 100_000));

        Assert.Equal(0, there.Count);
        time.Advance(TimeSpan.FromMilliseconds(40));
        Assert.InRange(there.Count, 50_000 - 1400, 50_000);
        Assert.False(write.IsCompleted);
        time.Advance(TimeSpan.FromMilliseconds(39));
        Assert.InRange(there.Count, 98_750 - 1400, 98_750);
        time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(100_000, there.Count);
        Assert.True(write.IsCompletedSuccessfully);
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task FlipBits_ExactlyTheNamedBitsAreTurned(bool sending)
    {
        BadDirection harm = new() { FlipBits = [0, 7, (12_345 * 8) + 3, (29_999 * 8) + 7] };
        (BadNetworkLink bad, ILink peer) = BadNetworkLink.CreatePair(sending ? new BadNetworkOptions { Sending = harm } : new BadNetworkOptions { Receiving = harm }, time);
        await using BadNetworkLink one = bad;
        BadNetworkFixture.Arrivals there = (sending ? peer : bad).Collect(time);

        _ = Write(sending ? bad : peer, Sent);

        byte[] expected = [.. Sent];
        expected[0] ^= 0x81;
        expected[12_345] ^= 0x08;
        expected[29_999] ^= 0x80;
        Assert.Equal(expected, there.Bytes);
    }

    [Fact]
    public async Task BitFlipRate_AboutThatManyByPositionAlone()
    {
        byte[] zeros = new byte[1_000_000];
        byte[] whole = await ArriveAsync(new BadNetworkOptions { Seed = 5, Sending = new BadDirection { BitFlipRate = 0.001 } }, [zeros]);
        byte[] inPieces = await ArriveAsync(new BadNetworkOptions { Seed = 5, Sending = new BadDirection { BitFlipRate = 0.001, ChunkBytes = 77 } }, [.. zeros.Chunk(9_999)]);
        byte[] otherSeed = await ArriveAsync(new BadNetworkOptions { Seed = 6, Sending = new BadDirection { BitFlipRate = 0.001 } }, [zeros]);

        Assert.InRange(whole.Sum(one => (long)System.Numerics.BitOperations.PopCount(one)), 7_600, 8_400);
        Assert.Equal(whole, inPieces);
        Assert.NotEqual(whole, otherSeed);
    }

    [Theory, InlineData(0), InlineData(1), InlineData(1399), InlineData(1400), InlineData(1401), InlineData(20_000)]
    public async Task CutAfterBytes_ExactlySoManyArriveThenBothEndsEnd(int cut)
    {
        (BadNetworkLink bad, ILink peer) = BadNetworkLink.CreatePair(new BadNetworkOptions { Sending = new BadDirection { CutAfterBytes = cut, Delay = TimeSpan.FromMilliseconds(5) } }, time);
        await using BadNetworkLink one = bad;
        BadNetworkFixture.Arrivals there = peer.Collect(time), back = bad.Collect(time);

        _ = Write(bad, Sent);
        Assert.False(there.Ended.IsCompleted);
        time.Advance(TimeSpan.FromMilliseconds(5));

        await there.Ended;
        await back.Ended;
        Assert.Equal(Sent[..cut], there.Bytes);
        await Assert.ThrowsAsync<IOException>(async () => await bad.Output.WriteAsync(Sent));
        await Assert.ThrowsAsync<IOException>(async () => await peer.Output.WriteAsync(Sent));
    }

    [Fact]
    public async Task CutAfterBytes_OfTheReceivingDirection_CutsToo()
    {
        (BadNetworkLink bad, ILink peer) = BadNetworkLink.CreatePair(new BadNetworkOptions { Receiving = new BadDirection { CutAfterBytes = 3_000 } }, time);
        await using BadNetworkLink one = bad;
        BadNetworkFixture.Arrivals back = bad.Collect(time);

        _ = Write(peer, Sent[..3_000]);

        await back.Ended;
        Assert.Equal(Sent[..3_000], back.Bytes);
    }

    [Fact]
    public async Task SwapRate_NeighboursChangePlacesAndNothingIsLost()
    {
        byte[] all = await ArriveAsync(new BadNetworkOptions { Sending = new BadDirection { SwapRate = 1, ChunkBytes = 100 } }, [Sent[..450]]);

        Assert.Equal([.. Sent[100..200], .. Sent[..100], .. Sent[300..400], .. Sent[200..300], .. Sent[400..450]], all);

        byte[] some = await ArriveAsync(new BadNetworkOptions { Sending = new BadDirection { SwapRate = 0.1, ChunkBytes = 100 } }, [Sent]);
        Assert.NotEqual(Sent, some);
        Assert.Equal(Sent.Order(), some.Order());
    }

    [Fact]
    public async Task DuplicateRate_ChunksArriveTwice()
    {
        byte[] all = await ArriveAsync(new BadNetworkOptions { Sending = new BadDirection { DuplicateRate = 1, ChunkBytes = 100 } }, [Sent[..250]]);

        Assert.Equal([.. Sent[..100], .. Sent[..100], .. Sent[100..200], .. Sent[100..200], .. Sent[200..250], .. Sent[200..250]], all);
    }

    [Fact]
    public async Task ReadPause_TheWriterIsHeldToTheReadersPace()
    {
        (BadNetworkLink bad, ILink peer) = BadNetworkLink.CreatePair(new BadNetworkOptions { Sending = new BadDirection { ReadPause = TimeSpan.FromMilliseconds(10), ChunkBytes = 1000 } }, time);
        await using BadNetworkLink one = bad;
        BadNetworkFixture.Arrivals there = peer.Collect(time);

        _ = Write(bad, Sent);
        Assert.Equal(1000, there.Count);
        time.Advance(TimeSpan.FromMilliseconds(95));
        Assert.Equal(10_000, there.Count);
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(Sent, there.Bytes);
    }

    [Fact]
    public async Task LostAfter_BothEndsEndThenAndWhatWasUnderWayIsGone()
    {
        (BadNetworkLink bad, ILink peer) = BadNetworkLink.CreatePair(new BadNetworkOptions
        {
            LostAfter = TimeSpan.FromSeconds(2),
            Sending = new BadDirection { Delay = TimeSpan.FromSeconds(1) },
        }, time);
        await using BadNetworkLink one = bad;
        BadNetworkFixture.Arrivals there = peer.Collect(time), back = bad.Collect(time);
        _ = Write(bad, Sent[..1000]);
        time.Advance(TimeSpan.FromSeconds(1.5));
        _ = Write(bad, Sent[1000..2000]);

        time.Advance(TimeSpan.FromSeconds(0.4));
        Assert.False(there.Ended.IsCompleted || back.Ended.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(0.1));

        await there.Ended;
        await back.Ended;
        Assert.Equal(Sent[..1000], there.Bytes);
    }

    [Fact]
    public async Task SilentAfter_NothingPassesAndNobodyIsTold()
    {
        (BadNetworkLink bad, ILink peer) = BadNetworkLink.CreatePair(new BadNetworkOptions { SilentAfter = TimeSpan.FromSeconds(2) }, time);
        BadNetworkFixture.Arrivals there = peer.Collect(time), back = bad.Collect(time);
        _ = Write(bad, Sent[..1000]);
        time.Advance(TimeSpan.FromSeconds(2));
        _ = Write(bad, Sent[1000..2000]);
        _ = Write(peer, Sent[..1000]);
        time.Advance(TimeSpan.FromDays(1));

        Assert.Equal(Sent[..1000], there.Bytes);
        Assert.Equal(0, back.Count);
        Assert.False(there.Ended.IsCompleted || back.Ended.IsCompleted);

        await bad.DisposeAsync();
        await there.Ended;
        Assert.Equal(1000, there.Count);
        await Assert.ThrowsAsync<IOException>(() => back.Ended);
    }

    [Fact]
    public async Task SameSeed_EverythingBadAtOnce_SameBytesAtTheSameTimes()
    {
        BadNetworkOptions options = new()
        {
            Seed = 42,
            Sending = new BadDirection
            {
                Delay = TimeSpan.FromMilliseconds(15), Jitter = TimeSpan.FromMilliseconds(9), BitsPerSecond = 2_000_000, BitFlipRate = 0.0005,
                SwapRate = 0.2, DuplicateRate = 0.1, ChunkBytes = 300, CutAfterBytes = 25_000,
            },
        };

        (byte[] Bytes, List<(TimeSpan, int)> Times) first = await RunAsync(options), second = await RunAsync(options), other = await RunAsync(options with { Seed = 43 });

        Assert.Equal(first.Bytes, second.Bytes);
        Assert.Equal(first.Times, second.Times);
        Assert.NotEqual(first.Bytes, other.Bytes);
    }

    [Fact]
    public async Task CompletedOutput_PeerReadsToTheEnd()
    {
        (BadNetworkLink bad, ILink peer) = BadNetworkLink.CreatePair(new BadNetworkOptions { Sending = new BadDirection { Delay = TimeSpan.FromMilliseconds(5), BitsPerSecond = 1_000_000 } }, time);
        await using BadNetworkLink one = bad;
        BadNetworkFixture.Arrivals there = peer.Collect(time), back = bad.Collect(time);
        _ = Write(bad, Sent);
        BadNetworkFixture.WithoutContext(() => bad.Output.Complete());

        time.Advance(TimeSpan.FromSeconds(1));

        await there.Ended;
        Assert.Equal(Sent, there.Bytes);
        _ = Write(peer, Sent[..10]);
        Assert.Equal(Sent[..10], back.Bytes);
    }

    [Fact]
    public async Task Wrap_ATcpLinkOnTheSystemClock_WorksAndEnds()
    {
        await using TcpLinkListener listener = TcpLinkListener.Listen(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 0));
        Task<ILink> accepting = listener.AcceptAsync(CancellationToken.None).AsTask();
        TcpLink client = await TcpLink.ConnectAsync(listener.LocalEndPoint, CancellationToken.None);
        await using ILink server = await accepting;
        await using (BadNetworkLink bad = new(client, new BadNetworkOptions { Sending = new BadDirection { Delay = TimeSpan.FromMilliseconds(3), BitsPerSecond = 100_000_000, FlipBits = [8] } }))
        {
            await bad.Output.WriteAsync(Sent);
            ReadResult read = await server.Input.ReadAtLeastAsync(Sent.Length);
            byte[] arrived = new byte[Sent.Length];
            System.Buffers.BuffersExtensions.CopyTo(read.Buffer, arrived);
            server.Input.AdvanceTo(read.Buffer.End);
            Assert.Equal(Sent[1] ^ 1, arrived[1]);
            Assert.Equal(Sent[2..], arrived[2..]);
            Assert.Equal(client.Peer, bad.Peer);
        }
        Assert.True((await server.Input.ReadAsync()).IsCompleted);
    }

    [Fact]
    public void Options_OutOfRange_AreRefusedWithTheirName()
    {
        (BadNetworkOptions Options, string Name)[] wrong =
        [
            (new() { BufferBytes = 0 }, "BufferBytes"),
            (new() { LostAfter = TimeSpan.FromSeconds(-1) }, "LostAfter"),
            (new() { Sending = new() { Delay = TimeSpan.FromSeconds(-1) } }, "Delay"),
            (new() { Sending = new() { BitsPerSecond = 0 } }, "BitsPerSecond"),
            (new() { Receiving = new() { SwapRate = 1.1 } }, "SwapRate"),
            (new() { Receiving = new() { BitFlipRate = double.NaN } }, "BitFlipRate"),
            (new() { Receiving = new() { ChunkBytes = 0 } }, "ChunkBytes"),
            (new() { Receiving = new() { FlipBits = [-1] } }, "FlipBits"),
        ];

        Assert.All(wrong, pair => Assert.Equal(pair.Name, Assert.Throws<ArgumentOutOfRangeException>(() => BadNetworkLink.CreatePair(pair.Options)).ParamName));
    }

    private static Task Write(ILink link, byte[] bytes)
    {
        Task write = Task.CompletedTask;
        BadNetworkFixture.WithoutContext(() => write = link.Output.WriteAsync(bytes).AsTask());
        return write;
    }

    /// <summary>What arrives of these writes when time plays no part.</summary>
    private async Task<byte[]> ArriveAsync(BadNetworkOptions options, byte[][] writes)
    {
        (BadNetworkLink bad, ILink peer) = BadNetworkLink.CreatePair(options, time);
        await using BadNetworkLink one = bad;
        BadNetworkFixture.Arrivals there = peer.Collect(time);
        foreach (byte[] write in writes) await Write(bad, write);
        return there.Bytes;
    }

    private static async Task<(byte[] Bytes, List<(TimeSpan, int)> Times)> RunAsync(BadNetworkOptions options)
    {
        FakeTime time = new();
        (BadNetworkLink bad, ILink peer) = BadNetworkLink.CreatePair(options, time);
        await using BadNetworkLink one = bad;
        BadNetworkFixture.Arrivals there = peer.Collect(time);
        foreach (byte[] part in Sent.Chunk(7_000))
        {
            _ = Write(bad, part);
            time.Advance(TimeSpan.FromMilliseconds(60));
        }
        await there.Ended;
        return (there.Bytes, there.Times);
    }
}
