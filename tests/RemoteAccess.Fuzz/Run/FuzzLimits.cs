namespace RemoteAccess.Fuzz.Run;

/// <summary>What one execution may cost; more is a finding, because a peer could cause it at will.</summary>
/// <param name="SlowAfter">Longest allowed execution; measured again before it is reported.</param>
/// <param name="HungAfter">After this an execution is given up: a hang, and not what a busy machine at the lowest priority takes.</param>
/// <param name="MaxAllocatedBytes">Most managed bytes one execution may allocate.</param>
internal sealed record FuzzLimits(TimeSpan SlowAfter, TimeSpan HungAfter, long MaxAllocatedBytes)
{
    public static FuzzLimits Standard { get; } = new(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1), 64L * 1024 * 1024);
}
