using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace RemoteAccess.Picture;

/// <summary>
/// A binary range coder (32-bit range, carries propagated into the bytes already written). One instance codes a whole payload, for
/// several models in turn; its buffer is reused. docs/picture-context-coder.md, "Range coder". Not thread-safe.
/// </summary>
internal sealed class RangeEncoder
{
    /// <summary>The initial value of a probability: both bits are equally likely.</summary>
    public const ushort Even = 0x8000;

    /// <summary>The range never stays under this.</summary>
    internal const uint MinRange = 1u << 24;

    private byte[] buffer = new byte[4096];
    private int length;
    private uint low;
    private uint range = uint.MaxValue;

    /// <summary>Whole bytes coded so far; the final length is at most four more.</summary>
    public int Length => length;

    public void Reset()
    {
        length = 0;
        low = 0;
        range = uint.MaxValue;
    }

    /// <summary>Codes a bit by an <see cref="AdaptiveBit"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void EncodeBit(ref uint cell, int bit)
    {
        Encode(AdaptiveBit.Zero(cell), bit);
        cell = AdaptiveBit.Learn(cell, bit);
    }

    /// <summary>Codes <paramref name="bits"/> bits of a value, highest first, through a tree of 2^<paramref name="bits"/> adaptive bits.</summary>
    public void EncodeTree(Span<uint> tree, int bits, uint value)
    {
        uint node = 1;
        for (int i = bits - 1; i >= 0; i--)
        {
            int bit = (int)(value >> i) & 1;
            EncodeBit(ref tree[(int)node], bit);
            node = (node << 1) | (uint)bit;
        }
    }

    /// <summary>Codes the lowest <paramref name="bits"/> bits of a value, highest first, each as likely 0 as 1.</summary>
    public void EncodeDirect(uint value, int bits)
    {
        for (int i = bits - 1; i >= 0; i--) Encode(Even, (int)(value >> i) & 1);
    }

    /// <summary>Codes a bit that is 0 with a probability of <paramref name="zero"/> / 2^16; 0 &lt; zero &lt; 2^16.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Encode(uint zero, int bit)
    {
        uint bound = (range >> 16) * zero;
        if (bit == 0)
        {
            range = bound;
        }
        else
        {
            uint sum = low + bound;
            if (sum < low) Carry();
            low = sum;
            range -= bound;
        }

        if (range < MinRange) Normalise();
    }

    /// <summary>
    /// Ends the payload with the fewest bytes that still decode, given that the decoder reads up to four zeros past the end.
    /// Valid until the next call.
    /// </summary>
    public ReadOnlySpan<byte> Finish()
    {
        (int count, uint value) = ShortestTail(low, range);
        if (value < low) Carry();
        if (buffer.Length - length < 4) Array.Resize(ref buffer, buffer.Length * 2);
        for (int i = 0; i < count; i++) buffer[length++] = (byte)(value >> (24 - 8 * i));
        return buffer.AsSpan(0, length);
    }

    /// <summary>The fewest leading bytes, 0 to 4, of a value inside [low, low + range) whose other bytes are 0; modulo 2^32.</summary>
    internal static (int Count, uint Value) ShortestTail(uint low, uint range)
    {
        for (int count = 0; count < 4; count++)
        {
            uint mask = uint.MaxValue >> (8 * count);
            uint value = (low + mask) & ~mask;
            if (value - low < range) return (count, value);
        }

        return (4, low);
    }

    /// <summary>The coded number stays below 1, so a byte that is not 255 stands before the first.</summary>
    private void Carry()
    {
        int at = length - 1;
        while (++buffer[at] == 0) at--;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Normalise()
    {
        if (buffer.Length - length < 4) Array.Resize(ref buffer, buffer.Length * 2);
        do
        {
            buffer[length++] = (byte)(low >> 24);
            low <<= 8;
            range <<= 8;
        }
        while (range < MinRange);
    }
}
