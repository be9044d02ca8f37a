using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using RemoteAccess.Transport;

namespace RemoteAccess.Picture;

/// <summary>
/// Reads the bit stream of a frame's natural tiles, highest bit first, in 32-bit arithmetic. Past the end it reads zeros and goes on counting:
/// <see cref="DemandInside"/> after each tile turns that into an error, so that nothing is checked bit by bit.
/// </summary>
internal ref struct BitReader(ReadOnlySpan<byte> source)
{
    private readonly ReadOnlySpan<byte> source = source;
    private int next;
    private uint ahead;
    private int aheadBits;

    /// <summary>Makes at least 24 bits ready.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Fill()
    {
        if (next <= source.Length - 4)
        {
            uint word = Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref MemoryMarshal.GetReference(source), next));
            ahead |= (BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(word) : word) >> aheadBits;
            next += (31 - aheadBits) >> 3;
            aheadBits |= 24;
        }
        else
        {
            FillAtEnd();
        }
    }

    /// <summary>The next 1 to 24 bits, which <see cref="Fill"/> made ready.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly uint Peek(int count) => ahead >> (32 - count);

    /// <summary>The next 0 to 24 bits, which <see cref="Fill"/> made ready.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly uint PeekOrNone(int count) => ahead >> 1 >> (31 - count);

    /// <summary>Leaves behind at most the bits that are ready.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Skip(int count)
    {
        ahead <<= count;
        aheadBits -= count;
    }

    /// <summary>The next 1 to 24 bits.</summary>
    public uint Read(int count)
    {
        Fill();
        uint bits = Peek(count);
        Skip(count);
        return bits;
    }

    /// <exception cref="ChannelException"><see cref="ChannelError.Malformed"/>: more was read than there is.</exception>
    public readonly void DemandInside()
    {
        if ((long)next * 8 - aheadBits > (long)source.Length * 8) throw Malformed("bits past the end");
    }

    /// <exception cref="ChannelException"><see cref="ChannelError.Malformed"/>: whole bytes are left, or the padding is not zero.</exception>
    public void DemandEnd()
    {
        DemandInside();
        long left = (long)source.Length * 8 - ((long)next * 8 - aheadBits);
        if (left >= 8 || (left > 0 && Read((int)left) != 0)) throw Malformed("bits left over");
    }

    internal static ChannelException Malformed(string what) => new(ChannelError.Malformed, $"A picture message has bad natural tiles: {what}.");

    private void FillAtEnd()
    {
        while (aheadBits < 24)
        {
            if (next < source.Length) ahead |= (uint)source[next] << (24 - aheadBits);
            // A stream that is read past its end for gigabytes is stopped by DemandInside long before this wraps.
            next++;
            aheadBits += 8;
        }
    }
}
