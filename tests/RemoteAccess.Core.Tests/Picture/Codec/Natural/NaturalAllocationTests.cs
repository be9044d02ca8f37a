using RemoteAccess.Picture;

namespace RemoteAccess.Tests;

public sealed class NaturalAllocationTests
{
    [Fact]
    public void EncodeAndDecode_AfterTheFirstFrame_AllocateNothing()
    {
        byte[] pixels = PhotoLike.Draw(64, 60, 256, 1);
        uint[] tile = new uint[64 * 64];
        var bits = new BitWriter();
        var lossy = new LossyTileEncoder();
        var lossyDecoder = new LossyTileDecoder();
        var lossless = new LosslessTileEncoder();
        var losslessDecoder = new LosslessTileDecoder();
        long before = 0;
        for (int frame = 0; frame < 6; frame++)
        {
            if (frame == 3) before = GC.GetAllocatedBytesForCurrentThread();
            bits.Reset();
            for (int quality = 0; quality < 4; quality++) lossy.Encode(bits, pixels, 256, 64, 60, ushort.MaxValue, (LossyQuality)quality);
            lossless.Encode(bits, pixels, 256, 64, 60, ulong.MaxValue);
            var reader = new BitReader(bits.Finish());
            for (int quality = 0; quality < 4; quality++) lossyDecoder.Decode(ref reader, tile, 64, 60, ushort.MaxValue, (LossyQuality)quality);
            losslessDecoder.Decode(ref reader, tile, 64, 60, ulong.MaxValue);
            reader.DemandEnd();
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
