namespace RemoteAccess.Transport;

/// <summary>Which bits of a direction are turned over: those named, and by seed those that chance picks. Depends on positions only.</summary>
internal sealed class BitFlips
{
    /// <summary>More bits than any test sends.</summary>
    private const double FarAway = 1e17;

    private readonly Queue<long> named;
    private readonly Random random;
    private readonly double rate;
    private long position;
    private long nextByChance;

    public BitFlips(IEnumerable<long> bits, double rate, int seed)
    {
        named = new Queue<long>(bits.Distinct().Order());
        random = new Random(seed);
        this.rate = rate;
        nextByChance = -1;
        PickNext();
    }

    /// <summary>Turns the bits of the direction's next bytes.</summary>
    public void Apply(Span<byte> bytes)
    {
        long end = position + (bytes.Length * 8L);
        while (named.TryPeek(out long bit) && bit < end)
        {
            Turn(bytes, named.Dequeue());
        }
        while (nextByChance < end)
        {
            Turn(bytes, nextByChance);
            PickNext();
        }
        position = end;
    }

    private void Turn(Span<byte> bytes, long bit) => bytes[(int)((bit - position) / 8)] ^= (byte)(1 << (int)(bit % 8));

    /// <summary>The gap to the next turned bit is geometrically distributed.</summary>
    private void PickNext()
    {
        double gap = rate switch
        {
            <= 0 => double.PositiveInfinity,
            >= 1 => 1,
            _ => 1 + Math.Floor(Math.Log(1 - random.NextDouble()) / Math.Log(1 - rate)),
        };
        nextByChance = gap < FarAway ? nextByChance + (long)gap : long.MaxValue;
    }
}
