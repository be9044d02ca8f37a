namespace RemoteAccess.Fuzz.Mutation;

/// <summary>The target's seeds, and the inputs found on the way that led to an outcome not seen before.</summary>
internal sealed class Corpus
{
    private const int MaxKept = 256;
    private readonly List<byte[]> _inputs;
    private readonly int _seedCount;
    private readonly HashSet<ulong> _outcomes = [];

    public Corpus(IReadOnlyList<byte[]> seeds)
    {
        _inputs = [.. seeds];
        _seedCount = seeds.Count;
    }

    public int KeptCount => _inputs.Count - _seedCount;

    public byte[] Pick(Random random)
    {
        var newest = random.Next(Math.Min(4, _inputs.Count));
        return random.Next(3) == 0 ? _inputs[_inputs.Count - 1 - newest] : _inputs[random.Next(_inputs.Count)];
    }

    /// <summary>Keeps <paramref name="input"/> when its outcome is new; when full, in the place of another kept one. Seeds always stay.</summary>
    public void Offer(Random random, byte[] input, ulong outcome)
    {
        if (_outcomes.Count > 64 * MaxKept || !_outcomes.Add(outcome))
        {
            return;
        }

        if (KeptCount < MaxKept)
        {
            _inputs.Add(input);
        }
        else
        {
            _inputs[_seedCount + random.Next(MaxKept)] = input;
        }
    }
}
