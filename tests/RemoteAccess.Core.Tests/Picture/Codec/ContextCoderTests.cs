using System.Security.Cryptography;
using RemoteAccess.Picture;

namespace RemoteAccess.Tests;

public sealed class ContextCoderTests
{
    private readonly RangeEncoder encoder = new();
    private readonly RangeDecoder decoder = new();
    private readonly ContextModel agent = new();
    private readonly ContextModel viewer = new();

    public static TheoryData<string> Kinds => new(ContextDrawing.Kinds);

    [Theory]
    [MemberData(nameof(Kinds))]
    public void DecodeRow_EveryWidth_GivesThePixelsAndTheModelBack(string kind)
    {
        var random = new Random(5);
        for (int width = 8; width <= 300; width++)
        {
            var source = new ContextScreen(width, 5);
            var shown = new ContextScreen(width, 5);
            ContextDrawing.Draw(source, kind, random);
            byte[] payload = Encode(source, (_, _) => true);
            Decode(payload, shown, (_, _) => true);
            Assert.True(source.ShowsTheSameAs(shown), $"{kind}, width {width}");
        }

        Assert.True(agent.HoldsTheSameAs(viewer));
    }

    [Fact]
    public void DecodeRow_ManyFramesOfSomeBlocks_ModelsStayEqualAfterEach()
    {
        var random = new Random(6);
        var source = new ContextScreen(203, 61);
        var shown = new ContextScreen(203, 61);
        for (int frame = 0; frame < 60; frame++)
        {
            var damage = new bool[26 * 8];
            for (int i = 0; i < damage.Length; i++) damage[i] = frame == 0 || random.Next(3) == 0;
            bool Damaged(int column, int row) => damage[row * 26 + column];
            var next = new ContextScreen(203, 61);
            ContextDrawing.Draw(next, ContextDrawing.Kinds[random.Next(ContextDrawing.Kinds.Length)], random);
            for (int y = 0; y < 61; y++)
                for (int x = 0; x < 203; x++)
                    if (Damaged(x / 8, y / 8)) source[y][x] = next[y][x];

            Decode(Encode(source, Damaged), shown, Damaged);
            Assert.True(source.ShowsTheSameAs(shown), $"frame {frame}");
            Assert.True(agent.HoldsTheSameAs(viewer), $"frame {frame}");
        }
    }

    [Fact]
    public void EncodeRow_TextInAFontSeenBefore_CostsLess()
    {
        var screen = new ContextScreen(280, 120);
        var random = new Random(7);
        ContextDrawing.DrawText(screen, random);
        int first = Encode(screen, (_, _) => true).Length;
        for (int frame = 0; frame < 4; frame++)
        {
            ContextDrawing.DrawText(screen, random);
            Encode(screen, (_, _) => true);
        }

        ContextDrawing.DrawText(screen, random);
        int later = Encode(screen, (_, _) => true).Length;

        // 39 letters a line, ten lines, 20 equally likely: 211 bytes is what any coder needs.
        Assert.InRange(first, 211, 1800);
        Assert.InRange(later, 211, first * 8 / 10);
    }

    /// <summary>
    /// Both directions are one program, so a round trip does not notice a change of format, or that this machine's vectors mix otherwise.
    /// Whoever changes these bytes on purpose changes docs/picture-context-coder.md with them.
    /// </summary>
    [Fact]
    public void EncodeRow_KnownPictures_GiveTheBytesOfTheFormat()
    {
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (string kind in ContextDrawing.Kinds)
        {
            var screen = new ContextScreen(131, 50);
            ContextDrawing.Draw(screen, kind, new Random(4));
            digest.AppendData(Encode(screen, (column, row) => (column + row) % 5 != 0));
        }

        Assert.Equal("D7E4BFDE8421BB15DBE1CCBC6AF088F4", Convert.ToHexString(digest.GetHashAndReset())[..32]);
    }

    [Fact]
    public void EncodeRow_FlatScreen_CostsAFewBytes()
    {
        var screen = new ContextScreen(1920, 200);
        ContextDrawing.Draw(screen, "flat", new Random(1));
        Assert.InRange(Encode(screen, (_, _) => true).Length, 1, 24);
    }

    [Fact]
    public void EncodeRow_PixelsPastTheSecondAfterTheEnd_ChangeNothing()
    {
        var random = new Random(8);
        var screen = new ContextScreen(96, 40);
        ContextDrawing.Draw(screen, "mixed", random);
        byte[] plain = Encode(screen, (_, _) => true);
        agent.Reset();
        screen.ScribbleMargins(random);

        Assert.Equal(plain, Encode(screen, (_, _) => true));
    }

    [Fact]
    public void Reset_AfterAnyFrames_ModelIsLikeNew()
    {
        var screen = new ContextScreen(96, 40);
        ContextDrawing.Draw(screen, "mixed", new Random(9));
        Encode(screen, (_, _) => true);
        Assert.False(agent.HoldsTheSameAs(viewer));
        agent.Reset();
        Assert.True(agent.HoldsTheSameAs(viewer));
    }

    [Fact]
    public void EncodeRowDecodeRow_WarmedUp_AllocateNothing()
    {
        var source = new ContextScreen(200, 64);
        var shown = new ContextScreen(200, 64);
        ContextDrawing.Draw(source, "mixed", new Random(10));
        Decode(Encode(source, (_, _) => true), shown, (_, _) => true);

        long before = GC.GetAllocatedBytesForCurrentThread();
        encoder.Reset();
        for (int y = 0; y < 64; y++) source.EncodeRow(encoder, agent, y, 0, 200);
        decoder.Reset(encoder.Finish());
        for (int y = 0; y < 64; y++) shown.DecodeRow(decoder, viewer, y, 0, 200);
        decoder.DemandEnd();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Theory]
    [InlineData(2, 10, 30)]
    [InlineData(10, 9, 30)]
    [InlineData(3, 15, 30)]
    public void EncodeRow_MarginsTooSmall_IsRefused(int start, int end, int length)
    {
        var row = new uint[length];
        Assert.Throws<ArgumentOutOfRangeException>(() => ContextEncoder.EncodeRow(encoder, agent, row, row, row, start, end));
        Assert.Throws<ArgumentOutOfRangeException>(() => ContextDecoder.DecodeRow(decoder, agent, row, row, row, start, end));
        Assert.Throws<ArgumentOutOfRangeException>(() => ContextEncoder.EncodeRow(encoder, agent, row.AsSpan(1), row, row, 3, 14));
    }

    private byte[] Encode(ContextScreen screen, Func<int, int, bool> damaged)
    {
        encoder.Reset();
        screen.Encode(encoder, agent, damaged);
        return encoder.Finish().ToArray();
    }

    private void Decode(byte[] payload, ContextScreen screen, Func<int, int, bool> damaged)
    {
        decoder.Reset(payload);
        screen.Decode(decoder, viewer, damaged);
        decoder.DemandEnd();
    }
}
