namespace RemoteAccess.Fuzz.Mutation;

/// <summary>Mutations that know nothing of the format. Each takes an input of any length, the empty one too, and returns a new array or the same one changed.</summary>
internal static class ByteMutations
{
    private static readonly int[] Widths = [1, 2, 3, 4, 8];

    private static readonly Func<Random, byte[], byte[]>[] All =
        [FlipBits, FlipBits, ReplaceByte, ReplaceByte, ReplaceByte, WriteNumber, WriteNumber, AddToNumber, InsertRange, DeleteRange, DuplicateRange, CopyRangeOver, Truncate, Extend];

    /// <summary>One mutation, chosen by <paramref name="random"/>; <paramref name="input"/> may be changed in place.</summary>
    public static byte[] Apply(Random random, byte[] input) => All[random.Next(All.Length)](random, input);

    /// <summary>The head of one input with the tail of another.</summary>
    public static byte[] CrossOver(Random random, byte[] first, byte[] second)
    {
        var head = random.Next(first.Length + 1);
        var tail = random.Next(second.Length + 1);
        return [.. first.AsSpan(0, head), .. second.AsSpan(tail)];
    }

    private static byte[] FlipBits(Random random, byte[] input)
    {
        for (var flips = input.Length == 0 ? 0 : random.Next(1, 5); flips > 0; flips--)
        {
            input[random.Next(input.Length)] ^= (byte)(1 << random.Next(8));
        }

        return input;
    }

    private static byte[] ReplaceByte(Random random, byte[] input)
    {
        if (input.Length > 0)
        {
            input[random.Next(input.Length)] = (byte)random.Next(256);
        }

        return input;
    }

    private static byte[] WriteNumber(Random random, byte[] input)
    {
        var place = PickNumber(random, input);
        Write(place, InterestingNumbers.Pick(random, input.Length), bigEndian: random.Next(2) == 0);
        return input;
    }

    private static byte[] AddToNumber(Random random, byte[] input)
    {
        var place = PickNumber(random, input);
        var bigEndian = random.Next(2) == 0;
        Write(place, Read(place, bigEndian) + (ulong)random.Next(-35, 36), bigEndian);
        return input;
    }

    private static byte[] InsertRange(Random random, byte[] input)
    {
        var at = random.Next(input.Length + 1);
        var inserted = new byte[RangeLength(random, 1024)];
        if (random.Next(2) == 0)
        {
            random.NextBytes(inserted);
        }
        else
        {
            inserted.AsSpan().Fill((byte)random.Next(256));
        }

        return [.. input.AsSpan(0, at), .. inserted, .. input.AsSpan(at)];
    }

    private static byte[] DeleteRange(Random random, byte[] input)
    {
        var (start, length) = PickRange(random, input.Length);
        return [.. input.AsSpan(0, start), .. input.AsSpan(start + length)];
    }

    private static byte[] DuplicateRange(Random random, byte[] input)
    {
        var (start, length) = PickRange(random, input.Length);
        return [.. input.AsSpan(0, start + length), .. input.AsSpan(start)];
    }

    private static byte[] CopyRangeOver(Random random, byte[] input)
    {
        var (start, length) = PickRange(random, input.Length);
        var target = random.Next(input.Length - length + 1);
        input.AsSpan(start, length).CopyTo(input.AsSpan(target));
        return input;
    }

    private static byte[] Truncate(Random random, byte[] input) => input[..random.Next(input.Length + 1)];

    private static byte[] Extend(Random random, byte[] input)
    {
        var tail = new byte[RangeLength(random, 4096)];
        random.NextBytes(tail);
        return [.. input, .. tail];
    }

    // Short ranges matter most, long ones cross buffers: half of the ranges have at most eight bytes.
    private static int RangeLength(Random random, int limit) => random.Next(1, 1 + (random.Next(2) == 0 ? Math.Min(8, limit) : limit));

    private static (int Start, int Length) PickRange(Random random, int total)
    {
        if (total == 0)
        {
            return (0, 0);
        }

        var length = RangeLength(random, total);
        return (random.Next(total - length + 1), length);
    }

    private static Span<byte> PickNumber(Random random, byte[] input)
    {
        var width = Math.Min(Widths[random.Next(Widths.Length)], input.Length);
        return input.AsSpan(random.Next(input.Length - width + 1), width);
    }

    private static ulong Read(ReadOnlySpan<byte> place, bool bigEndian)
    {
        ulong value = 0;
        for (var i = 0; i < place.Length; i++)
        {
            value = (value << 8) | place[bigEndian ? i : place.Length - 1 - i];
        }

        return value;
    }

    private static void Write(Span<byte> place, ulong value, bool bigEndian)
    {
        for (var i = 0; i < place.Length; i++, value >>= 8)
        {
            place[bigEndian ? place.Length - 1 - i : i] = (byte)value;
        }
    }
}
