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
        // Eight bytes more than asked: what is pending, and one store past the end.
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
        while (pendingBits > 0)
        {
            pendingBits -= 8;
            buffer[length++] = (byte)(pending >> pendingBits);
        }

        return buffer.AsSpan(0, length);
    }
}

/// <summary>The open end of a <see cref="BitWriter"/>. Writes no further than the room that was asked for.</summary>
internal ref struct BitRun(ref byte start, int length, ulong pending, int pendingBits)
{
    private readonly ref byte start = ref start;

    public int Length { readonly get; private set; } = length;

    /// <summary>The lowest <see cref="PendingBits"/> bits, fewer than 32, are not stored yet; what stands above them has no meaning.</summary>
    public ulong Pending { readonly get; private set; } = pending;

    public int PendingBits { readonly get; private set; } = pendingBits;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Put(uint bits, int count)
    {
        Pending = (Pending << count) | bits;
        PendingBits += count;
        if (PendingBits < 32) return;
        PendingBits -= 32;
        uint word = (uint)(Pending >> PendingBits);
        Unsafe.WriteUnaligned(ref Unsafe.Add(ref start, Length), BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(word) : word);
        Length += 4;
    }
}
