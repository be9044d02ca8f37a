using System.Runtime.CompilerServices;
using RemoteAccess.Transport;

namespace RemoteAccess.Picture;

/// <summary>Decodes what <see cref="RangeEncoder"/> writes, in 32-bit arithmetic. Whatever the bytes, it never reads outside them. Not thread-safe.</summary>
internal sealed class RangeDecoder
{
    /// <summary>How many zeros stand for bytes past the end.</summary>
    private const int MaxZeros = 4;

    private byte[] buffer = new byte[4096];
    private int length;
    private int next;
    private uint code;
    private uint range;

    /// <summary>Begins a payload, which is copied.</summary>
    public void Reset(ReadOnlySpan<byte> payload)
    {
        if (buffer.Length < payload.Length + MaxZeros) buffer = new byte[Math.Max(payload.Length + MaxZeros, buffer.Length * 2)];
        payload.CopyTo(buffer);
        buffer.AsSpan(payload.Length, MaxZeros).Clear();
        length = payload.Length + MaxZeros;
        range = uint.MaxValue;
        code = (uint)((buffer[0] << 24) | (buffer[1] << 16) | (buffer[2] << 8) | buffer[3]);
        next = 4;
    }

    /// <summary>The counterpart of <see cref="RangeEncoder.EncodeBit"/>.</summary>
    /// <exception cref="ChannelException"><see cref="ChannelError.Malformed"/>: the payload is too short.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int DecodeBit(ref uint cell)
    {
        int bit = Decode(AdaptiveBit.Zero(cell));
        cell = AdaptiveBit.Learn(cell, bit);
        return bit;
    }

    /// <summary>The counterpart of <see cref="RangeEncoder.EncodeTree"/>.</summary>
    public uint DecodeTree(Span<uint> tree, int bits)
    {
        uint node = 1;
        for (int i = 0; i < bits; i++) node = (node << 1) | (uint)DecodeBit(ref tree[(int)node]);
        return node - (1u << bits);
    }

    /// <summary>The counterpart of <see cref="RangeEncoder.EncodeDirect"/>.</summary>
    public uint DecodeDirect(int bits)
    {
        uint value = 0;
        for (int i = 0; i < bits; i++) value = (value << 1) | (uint)Decode(RangeEncoder.Even);
        return value;
    }

    /// <summary>The counterpart of <see cref="RangeEncoder.Encode"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Decode(uint zero)
    {
        uint bound = (range >> 16) * zero;
        int bit;
        if (code < bound)
        {
            range = bound;
            bit = 0;
        }
        else
        {
            code -= bound;
            range -= bound;
            bit = 1;
        }

        if (range < RangeEncoder.MinRange) Normalise();
        return bit;
    }

    /// <summary>Demands that the payload is exactly what the encoder writes for the bits decoded: no byte more, none less, no other last bytes.</summary>
    /// <exception cref="ChannelException"><see cref="ChannelError.Malformed"/>: it is not.</exception>
    public void DemandEnd()
    {
        uint value = (uint)((buffer[next - 4] << 24) | (buffer[next - 3] << 16) | (buffer[next - 2] << 8) | buffer[next - 1]);
        (int count, uint shortest) = RangeEncoder.ShortestTail(value - code, range);
        if (next - MaxZeros + count != length - MaxZeros || value != shortest) throw Malformed("its end");
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Normalise()
    {
        do
        {
            if (next >= length) throw Malformed("its length");
            code = (code << 8) | buffer[next++];
            range <<= 8;
        }
        while (range < RangeEncoder.MinRange);
    }

    internal static ChannelException Malformed(string what) => new(ChannelError.Malformed, $"Coded pixels are not of this codec: {what}.");
}
