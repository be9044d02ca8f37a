using RemoteAccess.Trust;

namespace RemoteAccess.Sessions;

/// <summary>
/// Whether the screen or the clipboard may be read, or input injected, now: a session's permit; or, in the session helper, the service's request, which the service makes under such a
/// permit and takes back with it. Thread-safe.
/// </summary>
internal sealed class Permission(Operations operation, Action demand, CancellationToken withdrawn)
{
    /// <summary>What the service asked for; <paramref name="withdrawn"/> is cancelled when it takes that back, or is gone.</summary>
    public static Permission OfService(Operations operation, CancellationToken withdrawn) => new(operation, () =>
    {
        if (withdrawn.IsCancellationRequested) throw new AccessRefusedException(RefusalReason.Withdrawn, operation: operation);
    }, withdrawn);

    public Operations Operation => operation;

    public CancellationToken Withdrawn => withdrawn;

    /// <exception cref="AccessRefusedException">It is withdrawn.</exception>
    public void Demand() => demand();

    public static implicit operator Permission(OperationPermit permit) => new(permit.Operation, permit.Demand, permit.Withdrawn);
}
