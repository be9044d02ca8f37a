using System.Runtime.InteropServices;
using RemoteAccess.Picture;
using RemoteAccess.Transport;

namespace RemoteAccess.Tests;

public sealed class LosslessTileTests
{
    private const uint Untouched = 0xDEADBEEF;
    private readonly BitWriter bits = new();
    private readonly LosslessTileEncoder encoder = new(vectors: true);
    private readonly LosslessTileEncoder scalar = new(vectors: false);
    private readonly LosslessTileDecoder decoder = new(vectors: true);
    private readonly LosslessTileDecoder scalarDecoder = new(vectors: false);
    private readonly uint[] tile = new uint[64 * 64];
    private readonly uint[] scalarTile = new uint[64 * 64];

    [Fact]
    public void Decode_EverySizeAndRandomBlocks_EqualsTheSourceAndTouchesNothingElse()
    {
        var random = new Random(7);
        for (int width = 1; width <= 64; width++)
            for (int height = 1; height <= 64; height++)
            {
                int stride = width * 4 + random.Next(9);
                byte[] pixels = Content(random.Next(4), width, height, stride, width * 64 + height);
                ulong blocks = TileBlocks.Whole(width, height);
                if (random.Next(3) > 0) blocks &= (ulong)random.NextInt64() ^ (ulong)random.NextInt64() << 32;
                Check(pixels, stride, width, height, blocks);
            }
    }

    [Fact]
    public void Decode_ManyTilesInOneStream_ComeOneAfterTheOther()
    {
        bits.Reset();
        for (int seed = 0; seed < 5; seed++) encoder.Encode(bits, PhotoLike.Draw(64, 64, 256, seed), 256, 64, 64, ulong.MaxValue);
        var reader = new BitReader(bits.Finish());
        for (int seed = 0; seed < 5; seed++)
        {
            decoder.Decode(ref reader, tile, 64, 64, ulong.MaxValue);
            Assert.Equal(PhotoLike.Draw(64, 64, 256, seed), MemoryMarshal.AsBytes(tile.AsSpan()).ToArray());
        }

        reader.DemandEnd();
    }

    [Fact]
    public void Encode_PhotoLike_TakesFewerBytesThanZlibOfTheSame()
    {
        for (int seed = 0; seed < 20; seed++)
        {
            byte[] pixels = PhotoLike.Draw(64, 64, 256, seed);
            bits.Reset();
            encoder.Encode(bits, pixels, 256, 64, 64, ulong.MaxValue);

            var zlib = new MemoryStream();
            using (var stream = new System.IO.Compression.ZLibStream(zlib, System.IO.Compression.CompressionLevel.Optimal, leaveOpen: true))
                for (int at = 0; at < pixels.Length; at += 4) stream.Write(pixels, at, 3);
            Assert.InRange(bits.Finish().Length, 1, zlib.Length * 70 / 100);
        }
    }

    [Fact]
    public void Encode_FlatTile_TakesLessThanAQuarterOfABitAComponent()
    {
        bits.Reset();
        encoder.Encode(bits, Content(2, 64, 64, 256, 1), 256, 64, 64, ulong.MaxValue);

        Assert.InRange(bits.Finish().Length, 1, 64 * 64 * 3 / 4 / 8);
    }

    [Fact]
    public void Decode_AnyBytes_GivesPixelsOrMalformed()
    {
        var random = new Random(11);
        byte[] pixels = PhotoLike.Draw(40, 33, 160, 3);
        ulong blocks = TileBlocks.Whole(40, 33) & 0xA5F0_3CFF_5A81_FFFF;
        encoder.Encode(bits, pixels, 160, 40, 33, blocks);
        byte[] valid = bits.Finish().ToArray();
        for (int length = 0; length < valid.Length; length++) Assert.False(TryDecode(valid[..length], 40, 33, blocks));
        int refused = 0;
        for (int round = 0; round < 2000; round++)
        {
            byte[] changed = [.. valid];
            changed[random.Next(changed.Length)] ^= (byte)random.Next(1, 256);
            if (!TryDecode(changed, 40, 33, blocks)) refused++;
            byte[] noise = new byte[random.Next(9000)];
            random.NextBytes(noise);
            TryDecode(noise, random.Next(1, 65), random.Next(1, 65), ulong.MaxValue);
        }

        Assert.True(refused > 1900, $"{refused} of 2000 changes were noticed");
    }

    [Fact]
    public void Decode_LastBitOfTheStateChanged_IsMalformedThoughEveryBitWasThere()
    {
        byte[] pixels = PhotoLike.Draw(64, 64, 256, 6);
        encoder.Encode(bits, pixels, 256, 64, 64, ulong.MaxValue);
        bits.Write(1, 1);
        byte[] coded = bits.Finish().ToArray();
        int marker = coded.Length * 8 - 1 - System.Numerics.BitOperations.TrailingZeroCount(coded[^1]);
        coded[(marker - 1) >> 3] ^= (byte)(0x80 >> ((marker - 1) & 7));

        ChannelError? error = null;
        try
        {
            var reader = new BitReader(coded);
            decoder.Decode(ref reader, tile, 64, 64, ulong.MaxValue);
        }
        catch (ChannelException refused)
        {
            error = refused.Error;
        }

        Assert.Equal(ChannelError.Malformed, error);
    }

    /// <summary>Both ways, which have to agree on what is refused and on every pixel of what is not.</summary>
    private bool TryDecode(byte[] source, int width, int height, ulong blocks)
    {
        bool decoded = TryDecode(decoder, tile, source, width, height, blocks);
        Assert.Equal(decoded, TryDecode(scalarDecoder, scalarTile, source, width, height, blocks));
        if (decoded) Assert.Equal(tile, scalarTile);
        return decoded;
    }

    private static bool TryDecode(LosslessTileDecoder decoder, uint[] tile, byte[] source, int width, int height, ulong blocks)
    {
        try
        {
            tile.AsSpan().Clear();
            var reader = new BitReader(source);
            decoder.Decode(ref reader, tile, width, height, blocks & TileBlocks.Whole(width, height));
            reader.DemandEnd();
            return true;
        }
        catch (ChannelException error)
        {
            Assert.Equal(ChannelError.Malformed, error.Error);
            return false;
        }
    }

    private void Check(byte[] pixels, int stride, int width, int height, ulong blocks)
    {
        bits.Reset();
        scalar.Encode(bits, pixels, stride, width, height, blocks);
        byte[] expected = bits.Finish().ToArray();
        bits.Reset();
        encoder.Encode(bits, pixels, stride, width, height, blocks);
        Assert.True(bits.Finish().SequenceEqual(expected), $"{width}×{height}: vectors and scalars differ");

        tile.AsSpan().Fill(Untouched);
        var reader = new BitReader(bits.Finish());
        decoder.Decode(ref reader, tile, width, height, blocks);
        reader.DemandEnd();
        scalarTile.AsSpan().Fill(Untouched);
        reader = new BitReader(bits.Finish());
        scalarDecoder.Decode(ref reader, scalarTile, width, height, blocks);
        Assert.True(tile.AsSpan().SequenceEqual(scalarTile), $"{width}×{height}: decoded by vectors and scalars differs");
        for (int y = 0; y < 64; y++)
            for (int x = 0; x < 64; x++)
            {
                bool coded = y < height && (blocks >> (y / 8 * 8 + x / 8) & 1) != 0;
                // A block that the tile's edge cuts has all its columns.
                if (coded && x >= width) continue;
                uint wanted = coded ? MemoryMarshal.Read<uint>(pixels.AsSpan(y * stride + x * 4)) & 0xFFFFFF : Untouched;
                if (tile[y * 64 + x] != wanted) Assert.Fail($"{width}×{height}, blocks {blocks:X}: pixel {x}, {y} is {tile[y * 64 + x]:X}, not {wanted:X}");
            }
    }

    private static byte[] Content(int kind, int width, int height, int stride, int seed)
    {
        if (kind == 0) return PhotoLike.Draw(width, height, stride, seed);
        byte[] pixels = new byte[stride * height];
        if (kind == 1) new Random(seed).NextBytes(pixels);
        else if (kind == 2) MemoryMarshal.Cast<byte, uint>(pixels.AsSpan(0, pixels.Length & ~3)).Fill(0x00C08040);
        else for (int at = 0; at < pixels.Length; at++) pixels[at] = (byte)((at & 1) != 0 ? 255 : 0);
        return pixels;
    }
}
