using Microsoft.Win32.SafeHandles;
using RemoteAccess.Transport;

namespace RemoteAccess.Trust;

/// <summary>Calls for help: the grants of attended sessions, of which at most one waits for its technician.</summary>
internal sealed class HelpCalls(GrantStore store, StateDirectory state, ConsentGate consent, TrustRecord record, TimeProvider time, Func<Grant, bool> isRunning)
{
    /// <summary>What an attended session's grant is called in lists; the digits are not kept.</summary>
    private const string Nickname = "Call for help";

    /// <inheritdoc cref="TrustFlow.CallForHelpAsync"/>
    public async ValueTask<HelpCall> BeginAsync(HelpRequest request, ISigningKey hostKey, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        request.Validate();
        if (!consent.CanSeeAndAsk) throw new InvalidOperationException("Nobody can be asked at this computer, so that no attended session could begin. Give the agent a way to ask (TrustOptions.Presence).");
        Grant grant = HelpCall.Sign(request, consent.PersonName, hostKey, time.GetUtcNow());
        AccessCode code = AccessCode.GenerateSessionDigits();
        // All grants are read before the lock; under it only calls, and what came meanwhile.
        string[] others = [.. store.Names.Where(name => TryFind(name) is { Grant.IsAttended: false })];
        try
        {
            using AccessVerifier verifier = await Task.Run(() => code.MakeVerifier(grant), cancellationToken).ConfigureAwait(false);
            await record.WriteAsync(TrustEvents.HelpCalled(grant, request.Statement), cancellationToken).ConfigureAwait(false);
            using (state.Lock())
            {
                foreach (StoredGrant waiting in store.Names.Except(others).Select(TryFind).OfType<StoredGrant>().Where(stored => stored.Grant.IsAttended).ToArray()) TakeBack(waiting);
                if (!store.Install(grant, verifier, Nickname)) throw new StateException(StateError.NotWritable, state.Grants, "A grant of the same id is there already.");
            }
            return new HelpCall(grant, code, StateOf);
        }
        catch
        {
            code.Dispose();
            throw;
        }
    }

    private HelpCallState StateOf(Grant grant)
    {
        using (state.Lock())
        {
            using SafeFileHandle? attempt = store.Find(grant.Id.Span) is null ? null : store.TryBeginAttempt(grant);
            if (isRunning(grant)) return HelpCallState.InSession;
            if (store.Find(grant.Id.Span) is not { IsRevoked: false }) return HelpCallState.Over;
            if (attempt is null) return HelpCallState.Connecting;
            return time.GetUtcNow() < grant.LastEntry && !store.Guesses(grant).Read().IsSpent ? HelpCallState.Waiting : HelpCallState.Over;
        }
    }

    /// <summary>A call that nobody answered cannot be answered any more; one whose time is over leaves the disk, and stays in the ledger.</summary>
    private void TakeBack(StoredGrant call)
    {
        if (time.GetUtcNow() >= call.Grant.NotAfter) store.Remove(call.Grant);
        else if (!call.IsRevoked && !store.Guesses(call.Grant).Read().IsSpent) store.Revoke(call);
    }

    /// <summary>A damaged grant is nobody's call.</summary>
    private StoredGrant? TryFind(string name)
    {
        try
        {
            return store.Find(name);
        }
        catch (StateException)
        {
            return null;
        }
    }
}
