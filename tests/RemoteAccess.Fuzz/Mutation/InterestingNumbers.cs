namespace RemoteAccess.Fuzz.Mutation;

/// <summary>Numbers at which length, count and sign checks go wrong.</summary>
internal static class InterestingNumbers
{
    private static readonly ulong[] Boundaries = [.. Enumerable.Range(0, 64).SelectMany(Around).Append(ulong.MaxValue).Distinct()];

    /// <summary>A power of two or its neighbour, all ones, or a number near <paramref name="inputLength"/>; the caller cuts it to its width.</summary>
    public static ulong Pick(Random random, int inputLength) => random.Next(4) switch
    {
        0 => (ulong)(inputLength + random.Next(-4, 5)),
        1 => ulong.MaxValue - (ulong)random.Next(3),
        _ => Boundaries[random.Next(Boundaries.Length)],
    };

    private static IEnumerable<ulong> Around(int bit)
    {
        var power = 1UL << bit;
        return [power - 1, power, power + 1];
    }
}
