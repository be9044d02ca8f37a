namespace RemoteAccess.Fuzz.Run;

/// <summary>What one execution may cost; more is a finding, because a peer could cause it at will.</summary>
/// <param name="SlowAfter">Longest allowed execution; measured again before it is reported.</param>
/// <param name="HungAfter">After this an execution is given up.</param>
/// <param name="MaxAllocatedBytes">Most managed bytes one execution may allocate.</param>
internal sealed record FuzzLimits(TimeSpan SlowAfter, TimeSpan HungAfter, long MaxAllocatedBytes)
{
    public static FuzzLimits Standard { get; } = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(15), 64L * 1024 * 1024);
}
