namespace RemoteAccess.Trust;

/// <summary>
/// Between the acceptance of a session and its first permit, where the rules want credentials of the computer: three tries, the first within a
/// minute, all within two, each counted on the disk before it is made and in the ledger before it has an effect. Thread-safe.
/// </summary>
internal sealed class CredentialsGate(LiveSession session, SessionFacts facts, SessionSurroundings around)
{
    public const int MaxTries = 3, MaxUserBytes = 256, MaxPasswordBytes = 1024;
    public static readonly TimeSpan FirstWithin = TimeSpan.FromSeconds(60), AllWithin = TimeSpan.FromMinutes(2);

    /// <summary>No refusal is answered sooner, so that the time tells nothing of the account.</summary>
    public static readonly TimeSpan RefusalFloor = TimeSpan.FromSeconds(2);

    private readonly long began = around.Time.GetTimestamp();
    private int triesLeft = MaxTries;
    private int underWay;
    private volatile bool hasTried;
    private volatile bool isSatisfied;

    /// <summary>Whether permits may be given.</summary>
    public bool IsSatisfied => isSatisfied;

    /// <summary>The time for it is over, and so is the session.</summary>
    public bool IsOverdue => !isSatisfied && around.Time.GetElapsedTime(began) >= (hasTried ? AllWithin : FirstWithin);

    /// <summary>Makes one try. After the last wrong one the session has ended when this returns.</summary>
    /// <param name="user">Null for a name that cannot be one; it counts as wrong.</param>
    /// <param name="password">Stays the caller's, who wipes it.</param>
    /// <param name="cancellationToken">The try stays counted.</param>
    /// <exception cref="AccessRefusedException">No try can be made now: one is under way, or the session is over.</exception>
    public async ValueTask<CredentialsVerdict> TryAsync(string? user, ReadOnlyMemory<byte> password, CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref underWay, 1) != 0) throw new AccessRefusedException(RefusalReason.Busy);
        try
        {
            if (session.EndReason is not RefusalReason.None and var reason) throw new AccessRefusedException(reason);
            hasTried = true;
            long start = around.Time.GetTimestamp();
            TimeSpan wait = around.CredentialTries?.Charge() ?? TimeSpan.Zero;
            if (wait > TimeSpan.Zero)
            {
                await session.RecordRefusalAsync(Operations.None, RefusalReason.LockedOut, "Credentials message").ConfigureAwait(false);
                return new CredentialsVerdict(false, triesLeft, wait);
            }
            triesLeft--;
            return await DecideAsync(user, password, start, cancellationToken).ConfigureAwait(false);
        }
        catch (StateException exception)
        {
            Log.RefusalNotRecorded(around.Logger, exception);
            await session.EndAsync(RefusalReason.RecordUnavailable, "The record could not be kept.", CancellationToken.None).ConfigureAwait(false);
            throw new AccessRefusedException(RefusalReason.RecordUnavailable);
        }
        finally
        {
            Volatile.Write(ref underWay, 0);
        }
    }

    private async ValueTask<CredentialsVerdict> DecideAsync(string? user, ReadOnlyMemory<byte> password, long start, CancellationToken cancellationToken)
    {
        AccountAnswer answer = AccountAnswer.Unavailable;
        try
        {
            answer = await AskAsync(user, password, cancellationToken).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
        }
        catch (OperationCanceledException)
        {
            await AppendAsync(TrustEvents.CredentialsRefused(facts, user, "GivenUp", triesLeft)).ConfigureAwait(false);
            throw;
        }
        if (answer == AccountAnswer.Accepted)
        {
            await AppendAsync(TrustEvents.CredentialsAccepted(facts, user)).ConfigureAwait(false);
            around.CredentialTries?.Refund();
            isSatisfied = true;
            return new CredentialsVerdict(true, triesLeft, TimeSpan.Zero);
        }
        await AppendAsync(TrustEvents.CredentialsRefused(facts, user, answer.ToString(), triesLeft)).ConfigureAwait(false);
        TimeSpan rest = RefusalFloor - around.Time.GetElapsedTime(start);
        if (rest > TimeSpan.Zero) await Task.Delay(rest, around.Time, cancellationToken).ConfigureAwait(false);
        if (triesLeft == 0) await session.EndAsync(RefusalReason.CredentialsWrong, "", CancellationToken.None).ConfigureAwait(false);
        return new CredentialsVerdict(false, triesLeft, TimeSpan.Zero);
    }

    private async ValueTask<AccountAnswer> AskAsync(string? user, ReadOnlyMemory<byte> password, CancellationToken cancellationToken)
    {
        if (user is null || around.AccountCheck is not { } check) return user is null ? AccountAnswer.WrongCredentials : AccountAnswer.Unavailable;
        // A 00 would end the password for a library in C: another one would be checked than was given.
        if (password.Length is 0 or > MaxPasswordBytes || password.Span.Contains((byte)0)) return AccountAnswer.WrongCredentials;
        try
        {
            AccountAnswer answer = await check.CheckAsync(user, password, cancellationToken).ConfigureAwait(false);
            return Enum.IsDefined(answer) ? answer : AccountAnswer.Unavailable;
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            // The kind only: nobody knows what a vendor's message quotes.
            Log.AccountCheckFailed(around.Logger, exception.GetType().Name);
            return AccountAnswer.Unavailable;
        }
    }

    private async ValueTask AppendAsync(LedgerEvent entry) => await around.Ledger.AppendAsync(entry, CancellationToken.None).ConfigureAwait(false);
}

/// <summary>What the technician is told of one try.</summary>
internal readonly record struct CredentialsVerdict(bool IsAccepted, int TriesLeft, TimeSpan RetryAfter);
