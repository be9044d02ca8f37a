using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace RemoteAccess.Picture;

/// <summary>Writes the symbols of a tile: backwards, as asymmetric numeral systems want it, so that they are read forwards. Not thread-safe.</summary>
internal sealed class StateWriter
{
    /// <summary>A symbol takes nine bits of state and six that follow its token at most.</summary>
    private const int MaxBytes = 64 * 64 * LosslessRows.Components * 15 / 8 + 16;

    private readonly byte[] bytes = new byte[MaxBytes];

    /// <param name="bits">Takes the bits.</param>
    /// <param name="symbols">Context × 256 + folded residual, in the order they are read.</param>
    /// <param name="count">How many; a multiple of eight.</param>
    public void Write(BitWriter bits, ushort[] symbols, int count)
    {
        Written written = Write(symbols.AsSpan(0, count), bytes);
        BitRun run = bits.Open(MaxBytes - written.Free + 24);
        run.Put(written.First - LosslessStates.Count, LosslessStates.Bits);
        run.Put(written.Second - LosslessStates.Count, LosslessStates.Bits);
        run.Put(written.Third - LosslessStates.Count, LosslessStates.Bits);
        run.Put(written.Fourth - LosslessStates.Count, LosslessStates.Bits);
        run.Put((uint)written.Pending, written.PendingBits);
        int free = written.Free;
        for (; (MaxBytes - free) % 4 != 0; free++) run.Put(bytes[free], 8);
        for (; free < MaxBytes; free += 4) run.Put(BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(free)), 32);
        bits.Close(run);
    }

    private readonly record struct Written(uint First, uint Second, uint Third, uint Fourth, ulong Pending, int PendingBits, int Free);

    private static Written Write(ReadOnlySpan<ushort> symbols, Span<byte> bytes)
    {
        // The bits written first are the last ones of the tile: new ones go above them, whole bytes to the front.
        ulong pending = 0;
        int pendingBits = 0;
        uint first = LosslessStates.Count, second = first, third = first, fourth = first;
        ref (int, uint) writing = ref MemoryMarshal.GetArrayDataReference(LosslessStates.Writing);
        ref ushort next = ref MemoryMarshal.GetArrayDataReference(LosslessStates.Next);
        ref byte start = ref MemoryMarshal.GetReference(bytes), end = ref Unsafe.Add(ref start, bytes.Length);
        ref ushort begin = ref MemoryMarshal.GetReference(symbols), at = ref Unsafe.Add(ref begin, symbols.Length);
        while (Unsafe.IsAddressGreaterThan(ref at, ref begin))
        {
            at = ref Unsafe.Subtract(ref at, 8);
            Put(ref writing, ref next, ref pending, ref pendingBits, ref fourth, Unsafe.Add(ref at, 7));
            Put(ref writing, ref next, ref pending, ref pendingBits, ref third, Unsafe.Add(ref at, 6));
            Put(ref writing, ref next, ref pending, ref pendingBits, ref second, Unsafe.Add(ref at, 5));
            end = ref Flush(ref pending, ref pendingBits, ref end);
            Put(ref writing, ref next, ref pending, ref pendingBits, ref first, Unsafe.Add(ref at, 4));
            Put(ref writing, ref next, ref pending, ref pendingBits, ref fourth, Unsafe.Add(ref at, 3));
            Put(ref writing, ref next, ref pending, ref pendingBits, ref third, Unsafe.Add(ref at, 2));
            end = ref Flush(ref pending, ref pendingBits, ref end);
            Put(ref writing, ref next, ref pending, ref pendingBits, ref second, Unsafe.Add(ref at, 1));
            Put(ref writing, ref next, ref pending, ref pendingBits, ref first, at);
            end = ref Flush(ref pending, ref pendingBits, ref end);
        }

        return new Written(first, second, third, fourth, pending, pendingBits, (int)Unsafe.ByteOffset(ref start, ref end));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put(ref (int Bits, uint Others) writing, ref ushort next, ref ulong pending, ref int pendingBits, ref uint state, ushort symbol)
    {
        (int bits, uint others) = Unsafe.Add(ref writing, symbol);
        // Shifts take the lowest bits of a count.
        int stateBits = (int)(state + (uint)bits) >> 16;
        uint kept = state >> stateBits;
        uint chunk = (state - (kept << stateBits)) << (int)others | (byte)(others >> 8);
        pending |= (ulong)chunk << pendingBits;
        pendingBits += stateBits + (byte)others;
        state = Unsafe.Add(ref next, kept + (others >> 16));
    }

    /// <summary>Leaves at most seven bits: three symbols more are 52.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ref byte Flush(scoped ref ulong pending, scoped ref int pendingBits, ref byte end)
    {
        Unsafe.WriteUnaligned(ref Unsafe.Subtract(ref end, 8), BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(pending) : pending);
        end = ref Unsafe.Subtract(ref end, pendingBits >> 3);
        pending >>= pendingBits & 56;
        pendingBits &= 7;
        return ref end;
    }
}
