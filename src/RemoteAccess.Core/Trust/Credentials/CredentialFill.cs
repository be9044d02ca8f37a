using System.Security.Cryptography;

namespace RemoteAccess.Trust;

/// <summary>
/// Filling in a stored password in one session. Each condition is asked before the ledger has the entry and again after it; the entry is on the disk before the password is
/// opened. Thread-safe; one at a time.
/// </summary>
internal sealed class CredentialFill(LiveSession session, SessionFacts facts, SessionSurroundings around, CredentialVault vault, Func<PolicyQuestion> ask)
{
    public const string Subject = "request to fill in a password";
    private int fills;
    private int underWay;

    /// <summary>Whether a request would be granted at this moment, and how many the session still has. Never throws.</summary>
    public (FillAnswer Answer, int Left) Look()
    {
        int had = Volatile.Read(ref fills);
        return (Evaluate(had).Answer, Math.Max(0, FillCheck.MaxFills - had));
    }

    /// <summary>Fills in, or says which rule refuses; both are in the ledger before this completes.</summary>
    /// <returns><see cref="RefusalReason.None"/> when the operating system accepted the password.</returns>
    public async ValueTask<RefusalReason> FillAsync(CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref underWay, 1) != 0) return await RefuseAsync(RefusalReason.Busy).ConfigureAwait(false);
        try
        {
            if (Evaluate(fills) is { Answer.IsAllowed: false } refused) return await RefuseAsync(refused.Answer.Refusal).ConfigureAwait(false);
            OperationPermit permit = await session.PermitAsync(Operations.FillCredential, cancellationToken).ConfigureAwait(false);
            (FillAnswer now, string user) = Evaluate(fills);
            if (!now.IsAllowed) return await RefuseAsync(now.Refusal).ConfigureAwait(false);
            using (session.Tools.Begin(Operations.FillCredential))
            {
                Interlocked.Increment(ref fills);
                await AppendAsync(TrustEvents.CredentialFill(facts, user, fills)).ConfigureAwait(false);
                now = Evaluate(fills - 1, user);
                permit.Demand();
                if (now.IsAllowed) return await FillAsync(user, permit, cancellationToken).ConfigureAwait(false);
            }
            return await RefuseAsync(now.Refusal).ConfigureAwait(false);
        }
        catch (AccessRefusedException refusal)
        {
            return await RefuseAsync(refusal.Reason).ConfigureAwait(false);
        }
        catch (StateException error)
        {
            Log.RefusalNotRecorded(around.Logger, error);
            await session.EndAsync(RefusalReason.RecordUnavailable, "The record could not be kept.", CancellationToken.None).ConfigureAwait(false);
            return RefusalReason.RecordUnavailable;
        }
        finally
        {
            Volatile.Write(ref underWay, 0);
        }
    }

    private async ValueTask<RefusalReason> FillAsync(string user, OperationPermit permit, CancellationToken cancellationToken)
    {
        byte[]? password = vault.TryOpen(facts.Grant.Id, user);
        if (password is null) return await ForgetAsync(user, "Damaged").ConfigureAwait(false);
        FillOutcome outcome;
        try
        {
            outcome = await FillAsync(user, password, permit, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(password);
        }
        if (outcome == FillOutcome.Wrong) return await ForgetAsync(user, "Wrong").ConfigureAwait(false);
        await AppendAsync(TrustEvents.CredentialFilled(facts, user, outcome)).ConfigureAwait(false);
        return outcome == FillOutcome.Filled ? RefusalReason.None : RefusalReason.NotAvailable;
    }

    private async ValueTask<FillOutcome> FillAsync(string user, byte[] password, OperationPermit permit, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, permit.Withdrawn);
        try
        {
            FillOutcome outcome = await vault.Filling!.Filler!.FillAsync(user, password, either.Token).ConfigureAwait(false);
            return Enum.IsDefined(outcome) ? outcome : FillOutcome.Unavailable;
        }
        catch (Exception error)
        {
            // The kind only: nobody knows what a vendor's message quotes.
            Log.FillerFailed(around.Logger, error.GetType().Name);
            return FillOutcome.Unavailable;
        }
    }

    /// <summary>The password goes first; then the record says so.</summary>
    private async ValueTask<RefusalReason> ForgetAsync(string user, string why)
    {
        vault.MakeStale(facts.Grant.Id, user);
        await around.Ledger.AppendLastAsync(TrustEvents.CredentialErased(facts.Grant.Id, TrustEvents.Agent(), user, 1, why) with { SessionId = facts.SessionId }, CancellationToken.None).ConfigureAwait(false);
        return RefusalReason.CredentialStale;
    }

    private FillAnswer Evaluate(int had, string user) => Evaluate(had) is var (answer, now) && answer.IsAllowed && now != user ? new FillAnswer(RefusalReason.NotAtLogon) : answer;

    private (FillAnswer Answer, string User) Evaluate(int had)
    {
        try
        {
            LogonScreenState screen = ReadScreen();
            (string user, StoredCredentialState stored) = screen.IsShown ? vault.Look(facts.Grant.Id, screen.User) : ("", StoredCredentialState.None);
            return (FillCheck.Evaluate(new FillQuestion
            {
                SessionEnd = session.EndReason,
                Granted = session.Operations,
                Withdrawn = session.Describe().Withdrawn,
                Policy = ask(),
                HasFiller = vault.Filling?.Filler is not null,
                Screen = screen,
                Fills = had,
                Stored = stored,
            }), user);
        }
        catch (StateException error)
        {
            Log.GrantUnreadable(around.Logger, Convert.ToHexStringLower(facts.Grant.Id.Span), error);
            return (new FillAnswer(RefusalReason.RecordUnavailable), "");
        }
    }

    private LogonScreenState ReadScreen()
    {
        try
        {
            return vault.Filling?.Screen.Read() ?? default;
        }
        catch (Exception error)
        {
            Log.ScreenUnknown(around.Logger, error.GetType().Name);
            return default;
        }
    }

    private async ValueTask<RefusalReason> RefuseAsync(RefusalReason reason)
    {
        await session.RecordRefusalAsync(Operations.FillCredential, reason, Subject).ConfigureAwait(false);
        return reason;
    }

    private async ValueTask AppendAsync(LedgerEvent entry) => await around.Ledger.AppendAsync(entry, CancellationToken.None).ConfigureAwait(false);
}
