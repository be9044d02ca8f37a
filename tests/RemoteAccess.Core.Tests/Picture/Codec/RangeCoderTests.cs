using FsCheck;
using FsCheck.Fluent;
using RemoteAccess.Picture;
using RemoteAccess.Transport;

namespace RemoteAccess.Tests;

public sealed class RangeCoderTests
{
    private readonly RangeEncoder encoder = new();
    private readonly RangeDecoder decoder = new();

    [Fact(Skip = Wine.NoFsCheck, SkipWhen = nameof(Wine.IsHere), SkipType = typeof(Wine))]
    public void DecodeBit_AnyBitsByAnyProbabilities_GivesThemBackAndEnds() => Prop.ForAll(
        ArbMap.Default.ArbFor<(bool, ushort)[]>(),
        script =>
        {
            encoder.Reset();
            foreach ((bool bit, ushort zero) in script) encoder.Encode(Math.Max(zero, (ushort)1), bit ? 1 : 0);
            decoder.Reset(encoder.Finish());
            bool same = script.All(step => decoder.Decode(Math.Max(step.Item2, (ushort)1)) == (step.Item1 ? 1 : 0));
            decoder.DemandEnd();
            return same;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(300)]
    public void Decode_LongScripts_GiveThemBack(int seed)
    {
        var random = new Random(seed);
        var tree = new uint[64];
        tree.AsSpan().Fill(AdaptiveBit.New);
        uint rare = AdaptiveBit.New;
        encoder.Reset();
        for (int i = 0; i < 50000; i++)
        {
            encoder.EncodeBit(ref rare, random.Next(200) == 0 ? 1 : 0);
            encoder.EncodeTree(tree, 6, (uint)(i % 7 + random.Next(3)));
            encoder.EncodeDirect((uint)random.Next(1 << 11), 11);
            encoder.Encode(random.Next(2) == 0 ? 1u : 65535u, random.Next(2));
        }

        decoder.Reset(encoder.Finish());
        random = new Random(seed);
        tree.AsSpan().Fill(AdaptiveBit.New);
        rare = AdaptiveBit.New;
        for (int i = 0; i < 50000; i++)
        {
            Assert.Equal(random.Next(200) == 0 ? 1 : 0, decoder.DecodeBit(ref rare));
            Assert.Equal((uint)(i % 7 + random.Next(3)), decoder.DecodeTree(tree, 6));
            Assert.Equal((uint)random.Next(1 << 11), decoder.DecodeDirect(11));
            uint zero = random.Next(2) == 0 ? 1u : 65535u;
            Assert.Equal(random.Next(2), decoder.Decode(zero));
        }

        decoder.DemandEnd();
    }

    [Fact]
    public void Finish_NothingCoded_IsEmpty()
    {
        encoder.Reset();
        Assert.Equal(0, encoder.Finish().Length);
        decoder.Reset([]);
        decoder.DemandEnd();
    }

    [Fact]
    public void Finish_OneEvenBit_IsAtMostOneByte()
    {
        encoder.Reset();
        encoder.EncodeDirect(0, 1);
        Assert.Equal(0, encoder.Finish().Length);
        encoder.Reset();
        encoder.EncodeDirect(1, 1);
        Assert.Equal([0x80], encoder.Finish().ToArray());
    }

    [Fact]
    public void Finish_RareBits_NoShorterPayloadDecodes()
    {
        var random = new Random(3);
        for (int round = 0; round < 300; round++)
        {
            int[] bits = [.. Enumerable.Range(0, round).Select(_ => random.Next(9) == 0 ? 1 : 0)];
            encoder.Reset();
            foreach (int bit in bits) encoder.Encode(58000, bit);
            byte[] payload = encoder.Finish().ToArray();
            Assert.True(Decodes(payload, bits));
            Assert.False(Decodes([.. payload, 0], bits));
            if (payload.Length > 0)
            {
                Assert.False(Decodes(payload[..^1], bits));
                payload[^1]++;
                Assert.False(Decodes(payload, bits));
            }
        }
    }

    [Fact]
    public void Decode_PastTheEnd_IsMalformedAfterFourZeros()
    {
        decoder.Reset([]);
        int bits = 0;
        var error = Assert.Throws<ChannelException>(() =>
        {
            for (; bits < 100; bits++) decoder.Decode(RangeEncoder.Even);
        });
        Assert.Equal(ChannelError.Malformed, error.Error);
        Assert.InRange(bits, 1, 32);
    }

    [Fact]
    public void EncodeDecode_WarmedUp_AllocateNothing()
    {
        Run();
        long before = GC.GetAllocatedBytesForCurrentThread();
        Run();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Run()
        {
            encoder.Reset();
            for (int i = 0; i < 20000; i++) encoder.EncodeDirect((uint)i, 8);
            decoder.Reset(encoder.Finish());
            for (int i = 0; i < 20000; i++) decoder.DecodeDirect(8);
            decoder.DemandEnd();
        }
    }

    private bool Decodes(byte[] payload, int[] bits)
    {
        try
        {
            decoder.Reset(payload);
            foreach (int bit in bits)
                if (decoder.Decode(58000) != bit) return false;
            decoder.DemandEnd();
            return true;
        }
        catch (ChannelException)
        {
            return false;
        }
    }
}
