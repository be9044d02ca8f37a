using System.Runtime.InteropServices;
using RemoteAccess.Picture;
using RemoteAccess.Transport;

namespace RemoteAccess.Tests;

public sealed class LossyTileTests
{
    private const uint Untouched = 0xDEADBEEF;
    private readonly BitWriter bits = new();
    private readonly LossyTileEncoder encoder = new(vectors: true);
    private readonly LossyTileEncoder scalarEncoder = new(vectors: false);
    private readonly LossyTileDecoder decoder = new(vectors: true);
    private readonly LossyTileDecoder scalarDecoder = new(vectors: false);
    private readonly uint[] tile = new uint[64 * 64];
    private readonly uint[] scalarTile = new uint[64 * 64];

    [Theory]
    [InlineData(0, 36.9, 0.67)]
    [InlineData(1, 40.0, 1.00)]
    [InlineData(2, 40.0, 1.11)]
    [InlineData(3, 43.5, 1.85)]
    public void Decode_PhotoLike_IsCloseToTheSourceForItsBits(int quality, double leastDecibels, double mostBitsPerPixel)
    {
        double error = 0, size = 0;
        const int Tiles = 40;
        for (int seed = 0; seed < Tiles; seed++)
        {
            byte[] pixels = PhotoLike.Draw(64, 64, 256, seed);
            bits.Reset();
            encoder.Encode(bits, pixels, 256, 64, 64, ushort.MaxValue, (LossyQuality)quality);
            size += bits.Finish().Length * 8.0 / (64 * 64);
            Decode(bits.Finish(), 64, 64, ushort.MaxValue, (LossyQuality)quality);
            ReadOnlySpan<byte> decoded = MemoryMarshal.AsBytes(tile.AsSpan());
            for (int at = 0; at < pixels.Length; at++) error += (pixels[at] - decoded[at]) * (pixels[at] - decoded[at]);
        }

        double decibels = 10 * Math.Log10(255 * 255 / (error / (Tiles * 64 * 64 * 3)));
        Assert.True(decibels >= leastDecibels && size / Tiles <= mostBitsPerPixel, $"{decibels:F2} dB with {size / Tiles:F3} bits a pixel");
    }

    [Fact]
    public void Decode_EverySizeAndRandomMacroblocks_IsCloseThereAndTouchesNoOther()
    {
        var random = new Random(5);
        for (int width = 1; width <= 64; width++)
            for (int height = 1; height <= 64; height++)
            {
                int stride = width * 4 + random.Next(9);
                byte[] pixels = new byte[stride * height];
                // A plane: any misplaced block or wrong neighbour is far off.
                for (int y = 0; y < height; y++)
                    for (int x = 0; x < width; x++)
                    {
                        Span<byte> pixel = pixels.AsSpan(y * stride + x * 4, 3);
                        (pixel[0], pixel[1], pixel[2]) = ((byte)(40 + x + y), (byte)(60 + 2 * x), (byte)(200 - 2 * y));
                    }

                var macroblocks = (ushort)(TileBlocks.WholeMacroblocks(width, height) & (random.Next(3) == 0 ? ushort.MaxValue : random.Next(65536)));
                LossyQuality quality = (LossyQuality)random.Next(4);
                byte[] coded = EncodeBothWays(pixels, stride, width, height, macroblocks, quality);
                tile.AsSpan().Fill(Untouched);
                Decode(coded, width, height, macroblocks, quality);
                for (int y = 0; y < 64; y++)
                    for (int x = 0; x < 64; x++)
                    {
                        bool isCoded = (macroblocks >> (y / 16 * 4 + x / 16) & 1) != 0;
                        uint pixel = tile[y * 64 + x];
                        if (!isCoded ? pixel == Untouched : x >= width || y >= height || Near(pixel, pixels.AsSpan(y * stride + x * 4, 3))) continue;
                        Assert.Fail($"{width}×{height}, macroblocks {macroblocks:X}, {quality}: pixel {x}, {y} is {pixel:X}");
                    }
            }
    }

    [Fact]
    public void Encode_AndDecode_ByVectorsAndOneByOne_GiveTheSameBits()
    {
        var random = new Random(9);
        for (int round = 0; round < 300; round++)
        {
            (int width, int height) = (random.Next(1, 65), random.Next(1, 65));
            byte[] pixels = PhotoLike.Draw(width, height, width * 4, round);
            if (round % 3 == 0) random.NextBytes(pixels);
            if (round % 7 == 0) for (int at = 0; at < pixels.Length; at++) pixels[at] = (byte)(random.Next(2) * 255);
            var macroblocks = (ushort)(TileBlocks.WholeMacroblocks(width, height) & (round % 2 == 0 ? ushort.MaxValue : random.Next(65536)));
            LossyQuality quality = (LossyQuality)(round & 3);
            byte[] coded = EncodeBothWays(pixels, width * 4, width, height, macroblocks, quality);
            Decode(coded, width, height, macroblocks, quality);
            Assert.True(InsideIsEqual(width, height, macroblocks), $"round {round}");
        }
    }

    [Fact]
    public void Encode_FlatTile_TakesAtMostThreeBitsABlock()
    {
        byte[] pixels = new byte[64 * 64 * 4];
        MemoryMarshal.Cast<byte, uint>(pixels.AsSpan()).Fill(0x00406080);
        bits.Reset();
        encoder.Encode(bits, pixels, 256, 64, 64, ushort.MaxValue, LossyQuality.Q75_420);

        Assert.InRange(bits.Finish().Length * 8, 1, 96 * 3);
    }

    [Fact]
    public void Decode_AnyBytes_GivesTheSamePixelsEitherWayOrMalformed()
    {
        var random = new Random(13);
        byte[] pixels = PhotoLike.Draw(50, 64, 200, 4);
        const ushort Macroblocks = 0b1101_1111_0110_1011;
        for (int quality = 0; quality < 4; quality++)
        {
            byte[] valid = EncodeBothWays(pixels, 200, 50, 64, Macroblocks, (LossyQuality)quality);
            for (int length = 0; length < valid.Length; length++) Assert.False(TryDecode(valid[..length], 50, 64, Macroblocks, (LossyQuality)quality));
            for (int round = 0; round < 500; round++)
            {
                byte[] changed = [.. valid];
                changed[random.Next(changed.Length)] ^= (byte)random.Next(1, 256);
                TryDecode(changed, 50, 64, Macroblocks, (LossyQuality)quality);
                byte[] noise = new byte[random.Next(9000)];
                random.NextBytes(noise);
                (int width, int height) = (random.Next(1, 65), random.Next(1, 65));
                TryDecode(noise, width, height, TileBlocks.WholeMacroblocks(width, height), (LossyQuality)quality);
            }
        }
    }

    private bool TryDecode(byte[] source, int width, int height, ushort macroblocks, LossyQuality quality)
    {
        try
        {
            var reader = new BitReader(source);
            decoder.Decode(ref reader, tile, width, height, macroblocks, quality);
            var scalarReader = new BitReader(source);
            scalarDecoder.Decode(ref scalarReader, scalarTile, width, height, macroblocks, quality);
            Assert.True(InsideIsEqual(width, height, macroblocks));
            reader.DemandEnd();
            return true;
        }
        catch (ChannelException error)
        {
            Assert.Equal(ChannelError.Malformed, error.Error);
            return false;
        }
    }

    private byte[] EncodeBothWays(byte[] pixels, int stride, int width, int height, ushort macroblocks, LossyQuality quality)
    {
        bits.Reset();
        scalarEncoder.Encode(bits, pixels, stride, width, height, macroblocks, quality);
        byte[] expected = bits.Finish().ToArray();
        bits.Reset();
        encoder.Encode(bits, pixels, stride, width, height, macroblocks, quality);
        Assert.True(bits.Finish().SequenceEqual(expected), $"{width}×{height}, {quality}: vectors and scalars differ");
        return expected;
    }

    private void Decode(ReadOnlySpan<byte> source, int width, int height, ushort macroblocks, LossyQuality quality)
    {
        var reader = new BitReader(source);
        decoder.Decode(ref reader, tile, width, height, macroblocks, quality);
        reader.DemandEnd();
        reader = new BitReader(source);
        scalarDecoder.Decode(ref reader, scalarTile, width, height, macroblocks, quality);
        reader.DemandEnd();
    }

    private bool InsideIsEqual(int width, int height, ushort macroblocks)
    {
        for (int y = 0; y < height; y++)
            for (int x = 0; x < width; x++)
                if ((macroblocks >> (y / 16 * 4 + x / 16) & 1) != 0 && tile[y * 64 + x] != scalarTile[y * 64 + x]) return false;
        return true;
    }

    private static bool Near(uint pixel, ReadOnlySpan<byte> source) =>
        pixel >> 24 == 0 && Math.Abs((int)(pixel & 255) - source[0]) <= 24 && Math.Abs((int)(pixel >> 8 & 255) - source[1]) <= 24 && Math.Abs((int)(pixel >> 16 & 255) - source[2]) <= 24;
}
