using System.Numerics;
using System.Runtime.InteropServices;

namespace RemoteAccess.Picture;

/// <summary>One bit for each 8×8 block of a picture, row by row; blocks at the right and bottom edge may be smaller. Reused from frame to frame.</summary>
internal sealed class BlockMap
{
    /// <summary>Pixels along a block's side.</summary>
    public const int Side = 8;

    private byte[] bits = [];

    /// <summary>The picture the map covers.</summary>
    public PixelSize Size { get; private set; }

    /// <summary>Blocks across.</summary>
    public int Columns { get; private set; }

    /// <summary>Blocks down.</summary>
    public int Rows { get; private set; }

    /// <summary>Bytes of one row of blocks; the first block is the lowest bit.</summary>
    public int RowBytes { get; private set; }

    /// <summary>Clears every bit and takes on the picture's size.</summary>
    public void Reset(PixelSize size)
    {
        Size = size;
        Columns = (size.Width + Side - 1) / Side;
        Rows = (size.Height + Side - 1) / Side;
        RowBytes = (Columns + 7) / 8;
        int needed = RowBytes * Rows;
        if (bits.Length < needed) bits = new byte[needed];
        else Array.Clear(bits, 0, needed);
    }

    /// <summary>The packed bits of one row of blocks.</summary>
    public Span<byte> Row(int row) => bits.AsSpan(row * RowBytes, RowBytes);

    /// <summary>Whether the block's bit is set.</summary>
    public bool this[int column, int row] => (bits[row * RowBytes + (column >> 3)] & (1 << (column & 7))) != 0;

    /// <summary>Sets the block's bit.</summary>
    public void Set(int column, int row) => bits[row * RowBytes + (column >> 3)] |= (byte)(1 << (column & 7));

    /// <summary>Sets every block that shares a pixel with <paramref name="area"/>, which must lie within the picture.</summary>
    public void SetAround(PixelRect area)
    {
        if (area.IsEmpty) return;
        int first = area.X / Side, last = (area.Right - 1) / Side;
        byte firstBits = (byte)(0xFF << (first & 7)), lastBits = (byte)(0xFF >> (7 - (last & 7)));
        for (int row = area.Y / Side; row <= (area.Bottom - 1) / Side; row++)
        {
            Span<byte> packed = Row(row)[(first >> 3)..((last >> 3) + 1)];
            if (packed.Length == 1)
            {
                packed[0] |= (byte)(firstBits & lastBits);
                continue;
            }

            packed[0] |= firstBits;
            packed[1..^1].Fill(0xFF);
            packed[^1] |= lastBits;
        }
    }

    /// <summary>Clears the block's bit.</summary>
    public void Clear(int column, int row) => bits[row * RowBytes + (column >> 3)] &= (byte)~(1 << (column & 7));

    /// <summary>Clears the blocks of a row that lie outside <paramref name="first"/> to <paramref name="end"/> − 1.</summary>
    public void KeepColumns(int row, int first, int end)
    {
        Span<byte> packed = Row(row);
        for (int i = 0; i < packed.Length; i++)
        {
            int from = Math.Clamp(first - i * 8, 0, 8), to = Math.Clamp(end - i * 8, 0, 8);
            packed[i] &= (byte)(((1 << to) - 1) & ~((1 << from) - 1));
        }
    }

    /// <summary>Sets every block.</summary>
    public void SetAll()
    {
        for (int row = 0; row < Rows; row++)
        {
            Span<byte> packed = Row(row);
            packed.Fill(0xFF);
            if ((Columns & 7) != 0) packed[^1] = (byte)((1 << (Columns & 7)) - 1);
        }
    }

    /// <summary>Number of blocks set in rows <paramref name="first"/> to <paramref name="first"/> + <paramref name="count"/> − 1.</summary>
    public int Count(int first, int count)
    {
        ReadOnlySpan<byte> packed = bits.AsSpan(first * RowBytes, count * RowBytes);
        int set = 0;
        for (; packed.Length >= sizeof(ulong); packed = packed[sizeof(ulong)..]) set += BitOperations.PopCount(MemoryMarshal.Read<ulong>(packed));
        foreach (byte last in packed) set += BitOperations.PopCount(last);
        return set;
    }

    /// <summary>The pixels of one block, smaller at the edges.</summary>
    public PixelRect Block(int column, int row) =>
        new PixelRect(column * Side, row * Side, Side, Side).Intersect(new PixelRect(0, 0, Size.Width, Size.Height));
}
