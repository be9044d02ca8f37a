using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

/// <summary>A permit and the hand that withdraws it.</summary>
internal sealed class TestPermit(Operations operation) : IDisposable
{
    private readonly CancellationTokenSource withdrawn = new();
    private RefusalReason reason = RefusalReason.Withdrawn;
    private OperationPermit? permit;

    public OperationPermit Permit => permit ??= new OperationPermit(operation, () => reason, withdrawn.Token);

    public void Withdraw() => withdrawn.Cancel();

    /// <summary>The technician has left.</summary>
    public void EndSession()
    {
        reason = RefusalReason.SessionEnded;
        withdrawn.Cancel();
    }

    public void Dispose() => withdrawn.Dispose();

    public static OperationPermit ForView() => new(Operations.ViewScreen, () => RefusalReason.Withdrawn, default);

    public static OperationPermit ForInput() => new(Operations.ControlInput, () => RefusalReason.Withdrawn, default);
}
