using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace RemoteAccess.Picture;

/// <summary>The one bit stream of a frame's natural tiles, highest bit first. Its buffer grows and is kept. Not thread-safe.</summary>
internal sealed class BitWriter
{
    private byte[] buffer = [];
    private int length;
    private ulong pending;
    private int pendingBits;

    /// <summary>Bytes written so far, the last begun one included.</summary>
    public int Length => length + (pendingBits + 7) / 8;

    public void Reset() => (length, pending, pendingBits) = (0, 0, 0);

    /// <summary>Appends the lowest <paramref name="count"/> bits, 0 to 32; the ones above must be 0.</summary>
    public void Write(uint bits, int count)
    {
        BitRun run = Open(8);
        run.Put(bits, count);
        Close(run);
    }

    /// <summary>Takes the stream's end into a local, which the JIT keeps in registers; there is room for <paramref name="maxBytes"/> more.</summary>
    public BitRun Open(int maxBytes)
    {
        // Bits are stored eight bytes at a time.
        if (buffer.Length - length < maxBytes + 8) Array.Resize(ref buffer, Math.Max(buffer.Length * 2, length + maxBytes + 4096));
        return new BitRun(ref MemoryMarshal.GetArrayDataReference(buffer), length, pending, pendingBits);
    }

    public void Close(in BitRun run) => (length, pending, pendingBits) = (run.Length, run.Pending, run.PendingBits);

    /// <summary>Fills the last byte with zero bits; the span is valid until the next write.</summary>
    public ReadOnlySpan<byte> Finish()
    {
        BitRun run = Open(8);
        run.Put(0, -run.PendingBits & 7);
        Close(run);
        return buffer.AsSpan(0, length);
    }
}

/// <summary>The open end of a <see cref="BitWriter"/>. Writes no further than the room that was asked for.</summary>
internal ref struct BitRun(ref byte start, int length, ulong pending, int pendingBits)
{
    private readonly ref byte start = ref start;

    public int Length { readonly get; private set; } = length;

    /// <summary>The bits that are no whole byte yet, at the top; the others are 0.</summary>
    public ulong Pending { readonly get; private set; } = pending;

    /// <summary>How many bits are pending, 0 to 7.</summary>
    public int PendingBits { readonly get; private set; } = pendingBits;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Put(uint bits, int count)
    {
        PendingBits += count;
        ulong all = Pending | (ulong)bits << (63 - PendingBits) << 1;
        Unsafe.WriteUnaligned(ref Unsafe.Add(ref start, Length), BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(all) : all);
        Length += PendingBits >> 3;
        Pending = all << (PendingBits & 56);
        PendingBits &= 7;
    }
}
