using BenchmarkDotNet.Attributes;
using RemoteAccess.Picture;
using RemoteAccess.Tests;

namespace RemoteAccess.Benchmarks;

/// <summary>All tiles of a recorded photograph, 0.098 megapixels, with losses and without. Decoding alone is the difference of the two.</summary>
public class CodePhoto
{
    private readonly BitWriter writer = new();
    private readonly LossyTileEncoder lossyEncoder = new();
    private readonly LosslessTileEncoder losslessEncoder = new();
    private readonly LosslessTileDecoder losslessDecoder = new();
    private readonly uint[] tile = new uint[TileGrid.Side * TileGrid.Side];
    private ScreenFrame? frame;

    [GlobalSetup]
    public void Prepare() => frame = RecordedFrames.Open("photo").Read().First();

    [Benchmark]
    public int EncodeLossy()
    {
        writer.Reset();
        foreach (PixelRect area in Tiles()) lossyEncoder.Encode(writer, PixelsOf(area), frame!.Stride, area.Width, area.Height, TileMask.Macroblocks(PictureStages.Whole(area)), LossyQuality.Q75_420);
        return writer.Finish().Length;
    }

    [Benchmark]
    public int EncodeLossless() => Lossless(decodes: false);

    [Benchmark]
    public int EncodeAndDecodeLossless() => Lossless(decodes: true);

    private int Lossless(bool decodes)
    {
        int length = 0;
        foreach (PixelRect area in Tiles())
        {
            writer.Reset();
            losslessEncoder.Encode(writer, PixelsOf(area), frame!.Stride, area.Width, area.Height, PictureStages.Whole(area));
            ReadOnlySpan<byte> coded = writer.Finish();
            length += coded.Length;
            if (!decodes) continue;
            var reader = new BitReader(coded);
            losslessDecoder.Decode(ref reader, tile, area.Width, area.Height, PictureStages.Whole(area));
        }

        return length;
    }

    private ReadOnlySpan<byte> PixelsOf(PixelRect area) => frame!.Pixels[(area.Y * frame.Stride + area.X * 4)..];

    private PixelRect[] Tiles() => tiles.Length > 0 ? tiles : tiles = [.. Enumerable.Range(0, TileGrid.Across(frame!.Size.Width) * TileGrid.Across(frame.Size.Height))
        .Select(number => TileGrid.Tile(frame.Size, number % TileGrid.Across(frame.Size.Width), number / TileGrid.Across(frame.Size.Width)))];

    private PixelRect[] tiles = [];
}
