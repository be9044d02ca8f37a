using System.IO.Pipelines;
using RemoteAccess.Transport;

namespace RemoteAccess.Tests;

/// <summary>Key changes by count, volume and age, and the hard stop, with limits small enough to reach.</summary>
public sealed class KeyChangeTests
{
    private static readonly RekeyLimits Small = new() { Records = 4, Bytes = 500, MaxRecords = 8, EarlyChanges = 2 };

    [Fact]
    public void Limits_OfTheProtocol_AreTheSpecifiedOnes()
    {
        RekeyLimits limits = RekeyLimits.Protocol;

        Assert.Equal((1L << 20, 4L << 30, TimeSpan.FromMinutes(10), 1L << 21), (limits.Records, limits.Bytes, limits.Age, limits.MaxRecords));
    }

    [Theory]
    [InlineData(1, 4)]
    [InlineData(300, 2)]
    public async Task Send_ManyRecords_ChangesTheKeyByCountAndByVolumeForEver(int contentLength, int recordsPerKey)
    {
        using var pair = new DirectionPair(Small);
        byte[] content = new byte[contentLength];

        for (int i = 0; i < 100; i++) pair.Send.Seal(pair.Writer, RecordType.Application, content, padding: 0);
        List<RecordType> received = await pair.ReceiveAllAsync();

        Assert.Equal(100, received.Count(type => type == RecordType.Application));
        Assert.Equal((100 - 1) / recordsPerKey, received.Count(type => type == RecordType.KeyUpdate));
        Assert.Equal(RecordType.KeyUpdate, received[recordsPerKey]);
    }

    [Fact]
    public async Task Receive_MoreEarlyChangesThanAllowed_IsRefusedUntilTimePasses()
    {
        var clock = new HandshakeClock(DateTimeOffset.UnixEpoch);
        using var pair = new DirectionPair(Small with { Age = TimeSpan.Zero }, clock);
        pair.Send.Seal(pair.Writer, RecordType.Application, [1], padding: 0);
        pair.Send.Seal(pair.Writer, RecordType.Application, [1], padding: 0);
        await pair.ReceiveAllAsync();
        clock.Advance(TimeSpan.FromMinutes(1));
        pair.Send.Seal(pair.Writer, RecordType.Application, [1], padding: 0);
        await pair.ReceiveAllAsync();
        pair.Send.Seal(pair.Writer, RecordType.Application, [1], padding: 0);

        ChannelException fault = await Assert.ThrowsAsync<ChannelException>(() => pair.ReceiveAllAsync());

        Assert.Equal(ChannelError.LimitExceeded, fault.Error);
    }

    [Fact]
    public void Cipher_AtTheHardStop_SealsAndOpensNothingMore()
    {
        using var secret = new PinnedSecret(new byte[32]);
        using RecordCipher seal = new(secret, maxRecords: 3), open = new(secret, maxRecords: 2);
        List<byte[]> frames = [.. Enumerable.Range(0, 3).Select(_ => ProtectedFrames.Seal(seal, RecordType.Application, [1]))];
        for (int i = 0; i < 2; i++) open.Open(ProtectedFrames.Parse(frames[i]), new byte[3]);

        Assert.Equal(ChannelError.LimitExceeded, Assert.Throws<ChannelException>(() => open.Open(ProtectedFrames.Parse(frames[2]), new byte[3])).Error);
        Assert.Equal(ChannelError.LimitExceeded, Assert.Throws<ChannelException>(() => ProtectedFrames.Seal(seal, RecordType.Application, [1])).Error);
    }

    private sealed class DirectionPair : IDisposable
    {
        private readonly Pipe pipe = new(new PipeOptions(pauseWriterThreshold: 0));
        private readonly ReceiveDirection receive;
        private readonly FrameReader reader;

        public DirectionPair(RekeyLimits limits, HandshakeClock? clock = null)
        {
            clock ??= new HandshakeClock(DateTimeOffset.UnixEpoch);
            using var secret = new PinnedSecret(new byte[32]);
            Send = new SendDirection(secret, limits, clock);
            receive = new ReceiveDirection(secret, limits, clock);
            Writer = new FrameWriter(pipe.Writer);
            reader = new FrameReader(pipe.Reader);
        }

        public SendDirection Send { get; }

        public FrameWriter Writer { get; }

        public async Task<List<RecordType>> ReceiveAllAsync()
        {
            await Writer.FlushAsync(CancellationToken.None);
            var types = new List<RecordType>();
            while (reader.BytesReceived < Writer.BytesSent) types.Add(receive.Open(await reader.ReadAsync(CancellationToken.None), out _));
            return types;
        }

        public void Dispose()
        {
            Send.Dispose();
            receive.Dispose();
        }
    }
}
