namespace RemoteAccess.Trust;

/// <summary>One operation's permit and the switch that kills it.</summary>
internal sealed class PermitSlot : IDisposable
{
    private readonly CancellationTokenSource source = new();

    /// <param name="operation">What is permitted.</param>
    /// <param name="whyWithdrawn">Tells why it is dead, once it is.</param>
    public PermitSlot(Operations operation, Func<PermitSlot, RefusalReason> whyWithdrawn) => Permit = new OperationPermit(operation, () => whyWithdrawn(this), source.Token);

    public OperationPermit Permit { get; }

    /// <summary>The rule that took it away; set before it is killed.</summary>
    public RefusalReason KilledFor { get; set; }

    public Task KillAsync() => source.CancelAsync();

    /// <summary>Dead when this returns; not to be used again.</summary>
    public void KillForGood()
    {
        source.Cancel();
        source.Dispose();
    }

    public void Dispose() => source.Dispose();
}
