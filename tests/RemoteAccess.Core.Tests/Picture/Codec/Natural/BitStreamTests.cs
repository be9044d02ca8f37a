using RemoteAccess.Picture;
using RemoteAccess.Transport;

namespace RemoteAccess.Tests;

public sealed class BitStreamTests
{
    [Fact]
    public void Read_WhateverWasWritten_IsTheSame()
    {
        var random = new Random(1);
        var writer = new BitWriter();
        for (int round = 0; round < 200; round++)
        {
            writer.Reset();
            var written = new List<(uint Bits, int Count)>();
            for (int at = random.Next(300); at >= 0; at--)
            {
                int count = random.Next(1, 25);
                written.Add(((uint)random.NextInt64(1L << count), count));
            }

            foreach ((uint bits, int count) in written) writer.Write(bits, count);
            var reader = new BitReader(writer.Finish());
            foreach ((uint bits, int count) in written) Assert.Equal(bits, reader.Read(count));
            reader.DemandEnd();
        }
    }

    [Fact]
    public void Finish_BitsOfNoWholeByte_AreFilledWithZeros()
    {
        var writer = new BitWriter();
        writer.Write(0b101, 3);
        writer.Write(0xFFFFFFFF, 32);

        Assert.Equal([0b10111111, 0xFF, 0xFF, 0xFF, 0b11100000], writer.Finish().ToArray());
    }

    [Fact]
    public void DemandInside_OneBitTooMuchRead_IsMalformed()
    {
        var reader = new BitReader([0xFF, 0xFF]);
        Assert.Equal(0xFFFFu, reader.Read(16));
        reader.DemandInside();
        Assert.Equal(0u, reader.Read(1));

        Assert.Equal(ChannelError.Malformed, ErrorOf(reader, static (ref BitReader r) => r.DemandInside()));
    }

    [Theory]
    [InlineData(0b00000011, 7, true)]
    [InlineData(0b00000011, 8, true)]
    [InlineData(0b00000011, 15, true)]
    [InlineData(0b00000011, 16, false)]
    [InlineData(0b00000000, 8, true)]
    [InlineData(0b00000000, 9, false)]
    [InlineData(0b00000000, 17, true)]
    public void DemandEnd_BitsLeft_OnlyZerosOfTheLastByteAreAllowed(byte last, int read, bool refused)
    {
        var reader = new BitReader([0, last]);
        reader.Read(read);

        Assert.Equal(refused ? ChannelError.Malformed : null, ErrorOf(reader, static (ref BitReader r) => r.DemandEnd()));
    }

    private delegate void Step(ref BitReader reader);

    private static ChannelError? ErrorOf(BitReader reader, Step step)
    {
        try
        {
            step(ref reader);
            return null;
        }
        catch (ChannelException error)
        {
            return error.Error;
        }
    }
}
