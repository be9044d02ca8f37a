using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace RemoteAccess.Picture;

/// <summary>The prefix codes of lossy tiles, for writing and for reading, made from <see cref="LossyCodeLists"/>.</summary>
internal static class LossyCodes
{
    /// <summary>Longest code; with the value bits of the longest symbol it is within what a <see cref="BitReader"/> makes ready.</summary>
    public const int MaxLength = 12;

    /// <summary>No other coefficient of the block differs from 0.</summary>
    public const int EndOfBlock = 0x00;

    /// <summary>A run and size that have no code of their own: six bits of run and four of size follow.</summary>
    public const int Escape = 0x0F;

    private const int QuickBits = 9;
    private static readonly int Tables = LossyCodeLists.Lists.Length;

    private static readonly uint[] Written = new uint[Tables << 8];

    /// <summary>By table × 512 + the next nine bits: symbol × 16 + length, 0 where the code is longer.</summary>
    private static readonly ushort[] Quick = new ushort[Tables << QuickBits];

    /// <summary>By table × 16 + length: where codes of this length end, as twelve bits, and what to add to a code for its place in the list.</summary>
    private static readonly (int End, int Offset)[] Long = new (int, int)[Tables << 4];

    private static readonly byte[][] Symbols = new byte[Tables][];

    static LossyCodes()
    {
        for (int table = 0; table < Tables; table++) Assign(table, LossyCodeLists.Lists[table].Split(' '));
    }

    /// <summary>The codes to write, by table × 256 + symbol: code × 16 + length, 0 where the table has no such symbol.</summary>
    public static ref uint Codes => ref MemoryMarshal.GetArrayDataReference(Written);

    /// <summary>What <see cref="Read"/> looks into.</summary>
    public static ref ushort Lookup => ref MemoryMarshal.GetArrayDataReference(Quick);

    /// <summary>Reads one symbol; <see cref="BitReader.Fill"/> must have been called.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Read(ref BitReader bits, ref ushort lookup, int table)
    {
        int entry = Unsafe.Add(ref lookup, (int)((uint)table << QuickBits | bits.Peek(QuickBits)));
        if (entry == 0) entry = Search(bits.Peek(MaxLength), table);
        bits.Skip(entry & 15);
        return entry >> 4;
    }

    private static int Search(uint ahead, int table)
    {
        int length = QuickBits + 1;
        while (ahead >= Long[table << 4 | length].End) length++;
        int place = (int)(ahead >> (MaxLength - length)) + Long[table << 4 | length].Offset;
        return Symbols[table][place] << 4 | length;
    }

    private static void Assign(int table, string[] byLength)
    {
        var symbols = new List<byte>();
        int code = 0;
        for (int length = 1; length <= MaxLength; length++)
        {
            code <<= 1;
            Long[table << 4 | length].Offset = symbols.Count - code;
            string list = length <= byLength.Length && byLength[length - 1] != "-" ? byLength[length - 1] : "";
            for (int at = 0; at < list.Length; at += 2, code++)
            {
                byte symbol = byte.Parse(list.AsSpan(at, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
                symbols.Add(symbol);
                Written[table << 8 | symbol] = (uint)(code << 4 | length);
                if (length <= QuickBits)
                    Quick.AsSpan((table << QuickBits) + (code << (QuickBits - length)), 1 << (QuickBits - length)).Fill((ushort)(symbol << 4 | length));
            }

            Long[table << 4 | length].End = code << (MaxLength - length);
        }

        // Every sequence of bits is a code: reading needs no other check.
        if (code != 1 << MaxLength) throw new InvalidOperationException($"Lossy code {table} is not complete.");
        Symbols[table] = [.. symbols];
    }
}
