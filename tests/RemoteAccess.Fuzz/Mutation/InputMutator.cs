namespace RemoteAccess.Fuzz.Mutation;

/// <summary>Makes the next input: one of the corpus, changed by the target's own knowledge of its structure, by bytes, or by both.</summary>
internal sealed class InputMutator(FuzzTarget target, Corpus corpus, Random random)
{
    public const int MaxInputLength = 256 * 1024;

    public byte[] Next()
    {
        var input = (byte[])corpus.Pick(random).Clone();
        var way = random.Next(4);
        if (way == 0)
        {
            input = ChangeBytes(input);
        }

        // Structure comes last, so that a target can mend lengths and checksums around changed bytes.
        var structured = way != 1 && target.MutateStructure(random, ref input);
        if (way != 0 && !structured)
        {
            input = ChangeBytes(input);
        }

        return input.Length > MaxInputLength ? input[..MaxInputLength] : input;
    }

    private byte[] ChangeBytes(byte[] input)
    {
        if (random.Next(16) == 0)
        {
            input = ByteMutations.CrossOver(random, input, corpus.Pick(random));
        }

        // Mostly one change: a kept input got where it is by what it already holds.
        for (var changes = random.Next(2) == 0 ? 1 : 1 << random.Next(4); changes > 0; changes--)
        {
            input = ByteMutations.Apply(random, input);
        }

        return input;
    }
}
