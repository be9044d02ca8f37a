namespace RemoteAccess.Trust;

/// <summary>What the person has agreed to in a session: everything it permits, or, in an attended one, each operation by itself. Thread-safe.</summary>
/// <param name="facts">The session.</param>
/// <param name="around">Whom to ask.</param>
/// <param name="limits">How often.</param>
/// <param name="whyNot">Why an operation is out of the question now, whatever the person says; none when it is not. Never called under the lock of this object.</param>
internal sealed class OperationApprovals(SessionFacts facts, SessionSurroundings around, ApprovalLimits limits, Func<Operations, RefusalReason> whyNot)
{
    private int approved = (int)facts.Approved;

    public bool Contains(Operations operation) => ((Operations)Volatile.Read(ref approved)).HasFlag(operation);

    /// <summary>
    /// Asks the person for one more operation, unless they have agreed to it already; the answer is in the ledger before it counts. Questions are few
    /// (<see cref="ApprovalLimits"/>), so that nobody is worn out.
    /// </summary>
    /// <returns><see cref="RefusalReason.None"/> when it may be used now.</returns>
    public async ValueTask<RefusalReason> AskAsync(Operations operation, CancellationToken cancellationToken)
    {
        if (!uint.IsPow2((uint)operation) || !facts.Operations.HasFlag(operation)) return RefusalReason.OperationNotGranted;
        if (whyNot(operation) is not RefusalReason.None and var refusal) return refusal;
        if (Contains(operation)) return RefusalReason.None;
        if (!limits.TryBegin()) return RefusalReason.Busy;
        RefusalReason answer = RefusalReason.NotConsented;
        try
        {
            answer = await around.Consent.AskForOperationAsync(facts, operation, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            limits.End(answer == RefusalReason.None);
        }
        if (whyNot(operation) is RefusalReason.None && answer == RefusalReason.None) Interlocked.Or(ref approved, (int)operation);
        return whyNot(operation) is not RefusalReason.None and var since ? since : answer;
    }
}
