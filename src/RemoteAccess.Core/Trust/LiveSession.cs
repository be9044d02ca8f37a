namespace RemoteAccess.Trust;

/// <summary>
/// One accepted session under a live grant: the only source of permits. Ends on revocation, expiry, the session cap or
/// <see cref="EndAsync"/>, and every permit with it. Thread-safe.
/// </summary>
internal sealed class LiveSession : IAsyncDisposable
{
    public ReadOnlyMemory<byte> Id => throw new NotImplementedException();

    /// <summary>wanted ∩ grant ∩ certificate.</summary>
    public Operations Operations => throw new NotImplementedException();

    /// <summary>When the session must end: the grant's expiry, the session cap or 12 h, whichever is first.</summary>
    public DateTimeOffset ExpiresAt => throw new NotImplementedException();

    /// <summary>Cancelled when the session is over, for whatever reason.</summary>
    public CancellationToken Ended => throw new NotImplementedException();

    /// <summary>Why it ended; <see cref="RefusalReason.None"/> while it lives.</summary>
    public RefusalReason EndReason => throw new NotImplementedException();

    /// <summary>Writes the first use of an operation to the ledger and gives its permit; the same one at each call.</summary>
    /// <exception cref="AccessRefusedException">Not among <see cref="Operations"/>, or the session is over.</exception>
    public ValueTask<OperationPermit> PermitAsync(Operations operation, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Ends the session and writes its end, with what was used, to the ledger. Only the first call counts.</summary>
    public ValueTask EndAsync(RefusalReason reason, string text, CancellationToken cancellationToken) => throw new NotImplementedException();

    public ValueTask DisposeAsync() => throw new NotImplementedException();
}
