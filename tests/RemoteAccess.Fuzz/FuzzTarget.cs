namespace RemoteAccess.Fuzz;

/// <summary>
/// One parser or state machine under fuzz. Every non-abstract subclass of this assembly with a parameterless constructor is found and
/// run; a new instance for each run, used from one thread.
/// </summary>
internal abstract class FuzzTarget
{
    /// <summary>Lower-case name for the command line: <c>frame</c>, <c>ledger-reader</c>.</summary>
    public abstract string Name { get; }

    /// <summary>Valid inputs that mutation starts from; at least one.</summary>
    public abstract IReadOnlyList<byte[]> Seeds { get; }

    /// <summary>As how many executions of a parser one counts: 1, or more for whole state machines with their cryptography.</summary>
    public virtual int Cost => 1;

    /// <summary>What the last input reached, as one number; 0 when the target told nothing.</summary>
    internal ulong ReachedOutcomes { get; private set; }

    /// <summary>
    /// Feeds one input. Returns when the input was accepted or was refused with the declared error; whatever else escapes is a finding.
    /// </summary>
    public abstract void Execute(ReadOnlySpan<byte> input);

    /// <summary>Changes an input in a way that knows its structure (lengths, checksums, tags); the default knows none and returns false.</summary>
    public virtual bool MutateStructure(Random random, ref byte[] input) => false;

    /// <summary>
    /// Tells how far the input came (a message type, a count of parsed fields, a refusal). An input that reaches a combination not seen
    /// before is kept and mutated further. Exceptions thrown below <see cref="Execute"/>, caught or not, are noticed without this call.
    /// </summary>
    protected void Reached(int outcome) => ReachedOutcomes = (ReachedOutcomes ^ (uint)outcome ^ 0x9E37_79B9) * 0x0000_0100_0000_01B3;

    internal void ForgetOutcomes() => ReachedOutcomes = 0;
}
