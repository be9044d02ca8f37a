using System.Text.Json.Nodes;

namespace RemoteAccess.Trust;

/// <summary>
/// Carries out what a surface asks for: what the customer may do, and nothing else. Every act is <see cref="TrustFlow"/>'s own, or a live session's,
/// with the person in the ledger. Refusals are sentences for people. Thread-safe.
/// </summary>
internal sealed class SurfaceActs(TrustFlow trust, StateDirectory state, SurfaceStatusBook book, NoticeStore notices, SurfaceChat chat, PasswordActs passwords, TimeProvider time) : IDisposable
{
    private readonly SemaphoreSlim reports = new(1, 1);

    /// <summary>Never throws for what a surface asks.</summary>
    /// <param name="request">One request, with its <c>id</c>.</param>
    /// <param name="by">Who acts, for the ledger.</param>
    /// <param name="cancellationToken">The surface is gone; what was begun is finished all the same where it matters.</param>
    public async Task<JsonObject> AnswerAsync(JsonObject request, string by, CancellationToken cancellationToken)
    {
        JsonObject answer = [];
        try
        {
            switch (JsonMembers.Text(request, "do"))
            {
                case "history":
                    answer["history"] = SurfaceHistory.Read(trust, JsonMembers.Number(request, "skip"), JsonMembers.Number(request, "count"), JsonMembers.Text(request, "language"));
                    break;
                case "report":
                    answer["report"] = await ReportAsync(JsonMembers.Text(request, "period"), cancellationToken).ConfigureAwait(false);
                    break;
                case "passwords":
                    answer["passwords"] = passwords.List(JsonMembers.Text(request, "grant"));
                    break;
                default:
                    SurfaceAction action = SurfaceActions.TryRead(request) ?? throw new SurfaceException(SurfaceProblem.UnknownAction);
                    await DoAsync(action, by, cancellationToken).ConfigureAwait(false);
                    answer["done"] = true;
                    break;
            }
        }
        catch (SurfaceException refused)
        {
            SurfaceRefusal.Write(answer, refused);
        }
        catch (StateException failure)
        {
            bool isDone = failure.Path.StartsWith(state.Ledger, StringComparison.Ordinal) && JsonMembers.Text(request, "do") is "stop" or "block" or "revoke" or "withdraw" or "forget" or "take-back";
            SurfaceRefusal.Write(answer, failure, isDone);
        }
        answer["id"] = JsonMembers.Number(request, "id");
        book.Reread();
        return answer;
    }

    public void Dispose() => reports.Dispose();

    private async Task DoAsync(SurfaceAction action, string by, CancellationToken cancellationToken)
    {
        switch (action)
        {
            case SurfaceAction.StopSessions:
                await trust.StopSessionsAsync(by, cancellationToken).ConfigureAwait(false);
                break;
            case SurfaceAction.Block { Until: { } until } when until <= time.GetUtcNow():
                throw new SurfaceException(SurfaceProblem.MomentPast);
            case SurfaceAction.Block block:
                await trust.BlockAsync(block.Until ?? DateTimeOffset.MaxValue, by, cancellationToken).ConfigureAwait(false);
                break;
            case SurfaceAction.Unblock:
                if (trust.BlockedUntil > time.GetUtcNow()) await trust.UnblockAsync(by, cancellationToken).ConfigureAwait(false);
                break;
            case SurfaceAction.Revoke revoke:
                if (!await trust.RevokeAsync(Convert.FromHexString(revoke.GrantId), by, cancellationToken).ConfigureAwait(false))
                    throw new SurfaceException(SurfaceProblem.NoGrant);
                break;
            case SurfaceAction.Unlock unlock:
                if (!await trust.UnlockAsync(Convert.FromHexString(unlock.GrantId), by, cancellationToken).ConfigureAwait(false)) throw new SurfaceException(SurfaceProblem.NoSuchGrant);
                break;
            case SurfaceAction.Withdraw withdraw:
                await Find(withdraw.SessionId, withdraw.Operation).WithdrawAsync(withdraw.Operation, by, cancellationToken).ConfigureAwait(false);
                break;
            case SurfaceAction.Restore restore:
                LiveSession session = Find(restore.SessionId, restore.Operation);
                if (session.IsWithdrawnFromGrant(restore.Operation)) throw new SurfaceException(SurfaceProblem.OfGrant);
                await session.RestoreAsync(restore.Operation, by, cancellationToken).ConfigureAwait(false);
                break;
            case SurfaceAction.WithdrawFromGrant withdraw:
                if (!await trust.WithdrawAsync(Convert.FromHexString(withdraw.GrantId), withdraw.Operation, by, cancellationToken).ConfigureAwait(false)) throw new SurfaceException(SurfaceProblem.NoGrant);
                break;
            case SurfaceAction.RestoreToGrant restore:
                if (!await trust.RestoreAsync(Convert.FromHexString(restore.GrantId), restore.Operation, by, cancellationToken).ConfigureAwait(false)) throw new SurfaceException(SurfaceProblem.NoGrant);
                break;
            case SurfaceAction.Say say:
                await chat.SayAsync(say.SessionId, say.Text, cancellationToken).ConfigureAwait(false);
                break;
            case SurfaceAction.TakeBackFolder folder:
                if (!await trust.SharedFolders.TakeBackAsync(folder.Name, by, cancellationToken).ConfigureAwait(false)) throw new SurfaceException(SurfaceProblem.NoFolder);
                break;
            case SurfaceAction.Dismiss dismiss:
                notices.Remove(dismiss.Id);
                break;
            case SurfaceAction.StorePassword store:
                await passwords.StoreAsync(store, cancellationToken).ConfigureAwait(false);
                break;
            case SurfaceAction.ForgetPassword forget:
                await passwords.ForgetAsync(forget, by, cancellationToken).ConfigureAwait(false);
                break;
            default:
                throw new SurfaceException(SurfaceProblem.UnknownAction);
        }
    }

    private LiveSession Find(string sessionId, Operations operation)
    {
        byte[] id = Convert.FromHexString(sessionId);
        LiveSession session = trust.Gate.Sessions.FirstOrDefault(session => session.Id.Span.SequenceEqual(id)) ?? throw new SurfaceException(SurfaceProblem.SessionOver);
        return session.Operations.HasFlag(operation) ? session : throw new SurfaceException(SurfaceProblem.NotGranted);
    }

    /// <summary>One at a time for all surfaces: it goes over the whole ledger.</summary>
    private async Task<string> ReportAsync(string period, CancellationToken cancellationToken)
    {
        await reports.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return SurfaceReport.Make(trust, period, time);
        }
        finally
        {
            reports.Release();
        }
    }
}
