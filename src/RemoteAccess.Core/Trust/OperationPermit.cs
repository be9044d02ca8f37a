namespace RemoteAccess.Trust;

/// <summary>
/// Authority for one operation of one live session. Whoever does the operation holds the permit, asks it at each use and stops on its
/// token. There is no public way to make one: it comes from a session under a grant. Thread-safe.
/// </summary>
public sealed class OperationPermit
{
    private readonly Func<RefusalReason> whyWithdrawn;

    internal OperationPermit(Operations operation, Func<RefusalReason> whyWithdrawn, CancellationToken withdrawn)
    {
        Operation = operation;
        Withdrawn = withdrawn;
        this.whyWithdrawn = whyWithdrawn;
    }

    /// <summary>The one operation this permits.</summary>
    public Operations Operation { get; }

    /// <summary>Cancelled when the customer withdraws it, and when the session ends for whatever reason.</summary>
    public CancellationToken Withdrawn { get; }

    /// <summary>The rule that ended it; <see cref="RefusalReason.None"/> while it is live.</summary>
    internal RefusalReason WhyDead => Withdrawn.IsCancellationRequested ? whyWithdrawn() : RefusalReason.None;

    /// <summary>Returns while the permit is live.</summary>
    /// <exception cref="AccessRefusedException">It is not, with the rule that ended it.</exception>
    public void Demand()
    {
        if (Withdrawn.IsCancellationRequested) throw new AccessRefusedException(whyWithdrawn(), operation: Operation);
    }
}
