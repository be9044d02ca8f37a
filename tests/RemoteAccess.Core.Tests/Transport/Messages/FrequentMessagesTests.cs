using Google.Protobuf;
using RemoteAccess.Transport;
using RemoteAccess.Transport.Wire;

namespace RemoteAccess.Tests;

/// <summary>What is read without the parser is what the parser reads; everything else is left to it.</summary>
public sealed class FrequentMessagesTests
{
    private readonly FrequentMessages frequent = new();

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 0)]
    [InlineData(0, 127)]
    [InlineData(128, 16_384)]
    [InlineData(uint.MaxValue, uint.MaxValue)]
    public void TryRead_AcknowledgementOrCredit_IsTheMessage(uint one, uint other)
    {
        AssertRead(new ControlMessage { PictureAck = new PictureAck { Sequence = one, DecodeMicroseconds = other } });
        AssertRead(new ControlMessage { Credit = new CreditGrant { Stream = one, Bytes = other } });
        AssertRead(new ControlMessage { Credit = new CreditGrant { Stream = 1, Bytes = (ulong)long.MaxValue - other } });
    }

    [Fact]
    public void TryRead_AnotherMessage_IsForTheParser()
    {
        Assert.Null(frequent.TryRead(new ControlMessage { Ping = new Ping() }.ToByteArray()));
        Assert.Null(frequent.TryRead(new ControlMessage { Ending = new SessionEnding { Reason = 1, Text = "x" } }.ToByteArray()));
        Assert.Null(frequent.TryRead(new ControlMessage { Credit = new CreditGrant { Stream = 1, Bytes = ulong.MaxValue } }.ToByteArray()));
        Assert.Null(frequent.TryRead(default));
    }

    /// <summary>Bytes of chance, and messages with a byte changed, cut or added: nothing is read otherwise than by the parser.</summary>
    [Fact]
    public void TryRead_AnyBytes_NothingIsReadThatTheParserReadsOtherwise()
    {
        var random = new Random(5);
        byte[][] whole =
        [
            new ControlMessage { PictureAck = new PictureAck { Sequence = 70_000, DecodeMicroseconds = 900 } }.ToByteArray(),
            new ControlMessage { Credit = new CreditGrant { Stream = 6, Bytes = 1UL << 40 } }.ToByteArray(),
        ];
        int read = 0;
        for (int round = 0; round < 200_000; round++)
        {
            byte[] bytes = [.. whole[round & 1]];
            if (round % 5 == 0) random.NextBytes(bytes.AsSpan(random.Next(bytes.Length)));
            else bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            if (random.Next(4) == 0) bytes = bytes[..random.Next(bytes.Length)];
            if (random.Next(4) == 0) bytes = [.. bytes, (byte)random.Next(256)];
            if (frequent.TryRead(bytes) is not { } message) continue;
            read++;
            Assert.Equal(ControlMessage.Parser.ParseFrom(bytes), message);
        }

        Assert.InRange(read, 1000, 200_000);
    }

    [Fact]
    public void TryRead_AgainAndAgain_AllocatesNothing()
    {
        byte[] acknowledgement = new ControlMessage { PictureAck = new PictureAck { Sequence = 7, DecodeMicroseconds = 900 } }.ToByteArray();
        byte[] credit = new ControlMessage { Credit = new CreditGrant { Stream = 6, Bytes = 900 } }.ToByteArray();
        Assert.NotNull(frequent.TryRead(credit));
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++) _ = frequent.TryRead(i % 2 == 0 ? acknowledgement : credit);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private void AssertRead(ControlMessage message) => Assert.Equal(message, frequent.TryRead(message.ToByteArray()));
}
