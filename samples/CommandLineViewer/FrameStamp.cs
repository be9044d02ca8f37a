using RemoteAccess;

namespace CommandLineViewer;

/// <summary>
/// A number that a benchmark's player draws into its frames: 24 blocks of 8×8 pixels, white 1, black 0, highest bit first: a 16-bit id and
/// an 8-bit CRC (polynomial 07, initial A5). It stands top left and bottom right; a frame counts as seen when both say at least its id.
/// </summary>
internal static class FrameStamp
{
    private const int Blocks = 24;
    private const int Side = 8;

    /// <summary>The smaller of the two ids, and whether both agree; −1 when one cannot be read.</summary>
    public static (int Id, bool Same) Read(PixelSize size, int stride, ReadOnlySpan<byte> pixels)
    {
        if (size.Width < Blocks * Side || size.Height < 2 * Side) return (-1, false);
        int first = ReadAt(stride, pixels, 0, 0);
        int last = ReadAt(stride, pixels, size.Width - Blocks * Side, size.Height - Side);
        return first < 0 || last < 0 ? (-1, false) : (Math.Min(first, last), first == last);
    }

    private static int ReadAt(int stride, ReadOnlySpan<byte> pixels, int left, int top)
    {
        uint bits = 0;
        for (int block = 0; block < Blocks; block++)
        {
            int sum = 0;
            for (int y = 3; y < 5; y++)
                for (int x = 3; x < 5; x++)
                    sum += pixels[(top + y) * stride + (left + block * Side + x) * 4 + 1];
            bits = bits << 1 | (sum >= 4 * 128 ? 1u : 0);
        }

        int id = (int)(bits >> 8);
        return Crc(id) == (bits & 0xFF) ? id : -1;
    }

    private static uint Crc(int id)
    {
        uint crc = 0xA5;
        foreach (int value in (int[])[id >> 8, id & 0xFF])
        {
            crc ^= (uint)value;
            for (int bit = 0; bit < 8; bit++) crc = ((crc & 0x80) != 0 ? crc << 1 ^ 0x07 : crc << 1) & 0xFF;
        }

        return crc;
    }
}
