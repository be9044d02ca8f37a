using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using RemoteAccess.Transport;

namespace RemoteAccess.Picture;

/// <summary>
/// Reads the bit stream of a frame's natural tiles, highest bit first. Past the end it reads zeros and goes on counting:
/// <see cref="DemandInside"/> after each tile turns that into an error, so that nothing is checked bit by bit.
/// </summary>
internal ref struct BitReader(ReadOnlySpan<byte> source)
{
    private readonly ReadOnlySpan<byte> source = source;
    private int next;
    private ulong ahead;
    private int aheadBits;

    /// <summary>Makes at least 56 bits ready.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Fill()
    {
        if (next <= source.Length - 8)
        {
            ulong word = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref MemoryMarshal.GetReference(source), next));
            ahead |= (BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(word) : word) >> aheadBits;
            next += (63 - aheadBits) >> 3;
            aheadBits |= 56;
        }
        else
        {
            FillAtEnd();
        }
    }

    /// <summary>The next 1 to 32 bits, which <see cref="Fill"/> made ready.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly uint Peek(int count) => (uint)(ahead >> (64 - count));

    /// <summary>Whether so many bytes more can be read without a look at the end: between <see cref="Open"/> and <see cref="Close"/>.</summary>
    public readonly bool HasAhead(int bytes) => next <= source.Length - 8 - bytes;

    /// <summary>The next byte, and bits that are ready before it, for code that keeps them in registers (<see cref="BitRush"/>).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly ref byte Open(out ulong ready, out int readyBits)
    {
        (ready, readyBits) = (ahead, aheadBits);
        return ref Unsafe.Add(ref MemoryMarshal.GetReference(source), next);
    }

    /// <summary>Goes on there.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Close(ref byte at, ulong ready, int readyBits)
    {
        next = (int)Unsafe.ByteOffset(ref MemoryMarshal.GetReference(source), ref at);
        (ahead, aheadBits) = (ready, readyBits & 63);
    }

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
        while (aheadBits < 56)
        {
            if (next < source.Length) ahead |= (ulong)source[next] << (56 - aheadBits);
            // A stream that is read past its end for gigabytes is stopped by DemandInside long before this wraps.
            next++;
            aheadBits += 8;
        }
    }
}

/// <summary>What a <see cref="BitReader"/> does, without checks and on locals.</summary>
internal static class BitRush
{
    /// <summary>Makes at least 56 bits ready. <paramref name="readyBits"/> counts modulo 64.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ref byte Fill(ref byte at, scoped ref ulong ready, scoped ref int readyBits)
    {
        ulong word = Unsafe.ReadUnaligned<ulong>(ref at);
        int before = readyBits & 63;
        ready |= (BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(word) : word) >> before;
        readyBits = before | 56;
        return ref Unsafe.Add(ref at, (63 - before) >> 3);
    }

    /// <summary>Takes 0 to 32 of the bits that are ready; how many is in the lowest six bits of <paramref name="count"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Take(ref ulong ready, ref int readyBits, uint count)
    {
        uint bits = (uint)(ready >> 1 >> (int)(count ^ 63));
        ready <<= (int)count;
        readyBits -= (int)count;
        return bits;
    }
}
