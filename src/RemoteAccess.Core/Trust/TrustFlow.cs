using RemoteAccess.Transport;

namespace RemoteAccess.Trust;

// The customer's side of trust, in the order in which it happens:
//
//   1  Open        the computer's state: identity, grants, counters, block, ledger
//   2  Consent     an agreement made on site becomes a draft that the computer signs
//   3  Grant       the countersigned grant is recorded, then installed; another takes its place when the code is changed
//   4  Gate        a technician with a verified signature is admitted to one charged guess, or refused
//   5  Accept      the guess was right: re-read, refund, record, live session with permits
//   6  Customer    lists, stops, revokes, blocks, unlocks; each acts on live sessions at once, in other processes within 1 s
//   7  Close       sessions, then rejects, then ledger, then identity
//
// Every step that allows something is in the ledger and on the disk before it allows; every step that takes something away takes it
// away first and records it then.

/// <summary>
/// The one place on the customer's computer where access is decided. Several processes may have the same state open. Thread-safe.
/// </summary>
public sealed class TrustFlow : IAsyncDisposable
{
    private readonly StateDirectory state;
    private readonly ComputerIdentity identity;
    private readonly Ledger ledger;
    private readonly GrantStore store;
    private readonly TrustRecord record;
    private readonly ConsentGate consent;
    private readonly CodeChange codeChange;
    private readonly TrustOptions options;
    private readonly TimeProvider time;
    private readonly PolicyQuestions questions;
    private readonly HelpCalls calls;

    // ---- 1  Open

    private TrustFlow(TrustOptions options, StateDirectory state, ComputerIdentity identity, Ledger ledger)
    {
        this.options = options;
        this.state = state;
        this.identity = identity;
        this.ledger = ledger;
        time = options.TimeProvider;
        Guid boot = options.Boot == Guid.Empty ? Guid.ParseExact(BootIdentity.Read(time), "N") : options.Boot;
        store = new GrantStore(state, identity.PublicKey, time, boot);
        record = new TrustRecord(ledger, options.Logger);
        consent = new ConsentGate(options.Presence, record, options.OrganisationOf);
        Making = new GrantMaking(store, state, identity.Key, record, time);
        StoredCredentials = new CredentialVault(store, state, identity.PublicKey, record, options);
        Surface = CustomerSurface.Create(options, this, state);
        SharedFolders = new CustomerFolders(state, record, options.Logger);
        StoredCredentials.Forgotten = Surface.PasswordForgotten;
        questions = new PolicyQuestions(store, state, consent, Surface.Presence, options.AccountCheck is not null, time, options.Logger);
        Gate = new AccessGate(new TrustParts
        {
            Options = options, State = state, HostKey = identity.Key, Ledger = ledger, Store = store, Record = record, Consent = consent, Making = Making, Questions = questions, Vault = StoredCredentials,
        }, Surface);
        calls = new HelpCalls(store, state, consent, record, time, grant => Gate.Sessions.Any(session => session.Grant.Id.Span.SequenceEqual(grant.Id.Span)));
        codeChange = new CodeChange(store, state, identity, record, time, Gate.CheckSessionsAsync);
    }

    /// <summary>Opens the computer's trust store, making it when there is none. A delay that a reboot interrupted starts again here, and sessions whose process died without a word are recorded as lost.</summary>
    /// <exception cref="StateException">The state is exposed, damaged, newer, or cannot be written: nothing is permitted.</exception>
    /// <exception cref="ArgumentException">An option is outside its range.</exception>
    public static TrustFlow Open(TrustOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Nickname.Validate(options.ComputerName);
        StateDirectory state = StateDirectory.Open(options.StateDirectory);
        ComputerIdentity identity = ComputerIdentity.Open(state);
        try
        {
            using (state.Lock()) GrantStore.RemoveUnfinished(state);
            var trust = new TrustFlow(options, state, identity, Ledger.Open(state.Ledger, identity.Key, options.TimeProvider));
            trust.store.VerifyAll();
            trust.Gate.Tenants.Learn(trust.Grants);
            trust.RecordLost();
            trust.Surface.Start();
            return trust;
        }
        catch
        {
            identity.Dispose();
            throw;
        }
    }

    // The ledger's writer is a thread of its own; nothing else has this yet.
    private void RecordLost() => new LostSessions(state, record, Surface, options.Logger).RecordAsync().AsTask().GetAwaiter().GetResult();

    /// <summary>What of this computer's disk the customer shares.</summary>
    public CustomerFolders SharedFolders { get; }

    /// <summary>The passwords of this computer that the customer stored for fill-in. Disposed with this.</summary>
    public CredentialVault StoredCredentials { get; }

    /// <summary>The computer's public key, 65 bytes.</summary>
    public ReadOnlyMemory<byte> HostKey => identity.PublicKey;

    /// <summary>What the computer calls itself.</summary>
    public string ComputerName => options.ComputerName;

    internal Ledger Ledger => ledger;

    internal ISigningKey SigningKey => identity.Key;

    internal GrantMaking Making { get; }

    internal CustomerSurface Surface { get; }

    // ---- 2  Consent

    /// <summary>Makes a draft from what the customer agreed to on site, signed by this computer. Nothing is in force yet.</summary>
    /// <param name="terms">What was agreed to.</param>
    /// <param name="consent">How it was agreed to.</param>
    /// <param name="tenantPublicKey">The provider's key, 65 bytes.</param>
    /// <exception cref="ArgumentException">A value is outside its range, or a rule is one that this version cannot keep.</exception>
    public GrantDraft DraftOnSiteGrant(GrantTerms terms, OnSiteConsent consent, ReadOnlySpan<byte> tenantPublicKey)
    {
        ArgumentNullException.ThrowIfNull(terms);
        ArgumentNullException.ThrowIfNull(consent);
        consent.Validate();
        return Making.Draft(terms, RecordedConsent.Of(consent), tenantPublicKey);
    }

    /// <summary>
    /// The customer calls for help: makes a code of twelve digits, and the grant that one technician of the provider connects with. The person is asked
    /// before the session begins and about each operation. A call that still waits is taken back.
    /// </summary>
    /// <param name="request">What the call is for.</param>
    /// <param name="cancellationToken">Cancels before the entry is written.</param>
    /// <exception cref="ArgumentException">A member of the request is outside its range.</exception>
    /// <exception cref="InvalidOperationException">This agent can ask nobody (<see cref="TrustOptions.Presence"/>).</exception>
    /// <exception cref="StateException">It could not be recorded or stored; there is no call.</exception>
    public ValueTask<HelpCall> CallForHelpAsync(HelpRequest request, CancellationToken cancellationToken) => calls.BeginAsync(request, identity.Key, cancellationToken);

    // ---- 3  Grant

    /// <summary>Records the consent in full, then puts the grant into force. Anything but <see cref="InstallOutcome.Installed"/> changes nothing.</summary>
    /// <param name="grant">Countersigned.</param>
    /// <param name="verifier">Made from the access code for this grant; stays the caller's.</param>
    /// <param name="nickname">What people call the computer; 1 to 128 characters without control characters.</param>
    /// <param name="consent">The consent the draft was made from.</param>
    /// <param name="cancellationToken">Cancels before the entry is written.</param>
    /// <exception cref="StateException">It could not be recorded or stored, and is not in force.</exception>
    public async ValueTask<InstallOutcome> InstallAsync(Grant grant, AccessVerifier verifier, string nickname, OnSiteConsent consent, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(grant);
        ArgumentNullException.ThrowIfNull(verifier);
        ArgumentNullException.ThrowIfNull(nickname);
        ArgumentNullException.ThrowIfNull(consent);
        Nickname.Validate(nickname);
        consent.Validate();
        InstallOutcome outcome = await Making.InstallAsync(grant, verifier, nickname, RecordedConsent.Of(consent), cancellationToken).ConfigureAwait(false);
        if (outcome == InstallOutcome.Installed) Surface.GrantMade(grant, nickname);
        return outcome;
    }

    /// <inheritdoc cref="CodeChange.Draft"/>
    public GrantDraft DraftCodeChange(ReadOnlyMemory<byte> grantId, GrantTerms terms) => codeChange.Draft(grantId, terms);

    /// <inheritdoc cref="CodeChange.ApplyAsync"/>
    public ValueTask<CodeChangeOutcome> ChangeCodeAsync(ReadOnlyMemory<byte> grantId, Grant following, AccessVerifier verifier, string changedBy, CancellationToken cancellationToken) =>
        codeChange.ApplyAsync(grantId, following, verifier, changedBy, cancellationToken);

    // ---- 4  Gate, 5  Accept

    /// <summary>The handshake asks here; the only way to a session.</summary>
    internal AccessGate Gate { get; }

    // ---- 6  Customer

    /// <summary>All grants as they are now, damaged ones too.</summary>
    /// <exception cref="StateException">The directory cannot be read.</exception>
    public IReadOnlyList<GrantSummary> Grants => GrantOverview.Read(store, state, time.GetUtcNow());

    /// <summary>
    /// Whether a technician of the grant's provider would be let in, and if not, by which rule: the answer of the gate itself, at any moment,
    /// by what is on the disk now. The access code is not asked for, and nothing is charged or recorded.
    /// </summary>
    public AccessExplanation Explain(AccessInquiry inquiry)
    {
        ArgumentNullException.ThrowIfNull(inquiry);
        return new PolicyExplainer(questions, store, state, consent, time, options.Logger).Explain(inquiry);
    }

    /// <summary>Until when the customer has blocked remote access; in the past when it is not blocked.</summary>
    /// <exception cref="StateException">It cannot be read, and nobody gets in.</exception>
    public DateTimeOffset BlockedUntil => BlockMarker.Read(state.Block);

    /// <summary>What happened, oldest first; read from the disk while it is enumerated, also while others write.</summary>
    /// <param name="fromSequence">The first entry wanted, from 0.</param>
    /// <exception cref="StateException">While enumerating: the ledger cannot be read.</exception>
    public IEnumerable<LedgerEntry> ReadHistory(long fromSequence = 0) => LedgerReader.Read(state.Ledger, fromSequence);

    /// <summary>What <paramref name="query"/> wants to know of what happened; read from the disk while it is enumerated, also while others write.</summary>
    /// <param name="query">Which entries, and in which order.</param>
    /// <exception cref="ArgumentException">A member of the query is outside its range.</exception>
    /// <exception cref="StateException">While enumerating: the ledger cannot be read.</exception>
    public IEnumerable<LedgerEntry> ReadHistory(LedgerQuery query) => LedgerReader.Read(state.Ledger, query);

    /// <summary>Verifies the whole ledger against this computer's key.</summary>
    /// <exception cref="StateException">The ledger cannot be read.</exception>
    public LedgerVerification VerifyLedger() => LedgerVerifier.Verify(state.Ledger, identity.PublicKey.Span);

    /// <summary>
    /// Deletes old entries of the ledger, in whole files of 16 MiB, and keeps their hashes: what is left can still be verified. Recorded first. Grants stay as they are; the
    /// words that were agreed to then go, and the grant keeps their hash.
    /// </summary>
    /// <returns>How many entries were pruned.</returns>
    /// <exception cref="ArgumentException"><paramref name="before"/> is less than a day ago, or no name.</exception>
    /// <exception cref="StateException">Not recorded, and nothing pruned; or not all of it was pruned.</exception>
    public ValueTask<long> PruneAsync(DateTimeOffset before, string prunedBy, CancellationToken cancellationToken)
    {
        OnSiteConsent.ValidateName(prunedBy);
        LedgerPruning.RequireOld(before, time.GetUtcNow());
        return ledger.Pruning.RunAsync(before, end => record.WriteLastAsync(TrustEvents.LedgerPruned(end, before, prunedBy), cancellationToken));
    }

    /// <summary>How many sessions this process is serving.</summary>
    public int SessionCount => Gate.Sessions.Count();

    /// <summary>
    /// Ends a grant for ever. It is in force on the disk, and this process's sessions have ended, before the ledger gets its entry; other
    /// processes end theirs within 1 s.
    /// </summary>
    /// <param name="grantId">16 bytes.</param>
    /// <param name="revokedBy">The person, for the ledger.</param>
    /// <param name="cancellationToken">Cancels nothing but the wait for the entry.</param>
    /// <returns>False when there is no such grant or it was revoked already.</returns>
    /// <exception cref="StateException">Not revoked; or, when the path names the ledger, revoked and not recorded.</exception>
    public async ValueTask<bool> RevokeAsync(ReadOnlyMemory<byte> grantId, string revokedBy, CancellationToken cancellationToken)
    {
        OnSiteConsent.ValidateName(revokedBy);
        using (state.Lock())
        {
            if (store.Find(grantId.Span) is not { } stored || !store.Revoke(stored)) return false;
        }
        await Gate.CheckSessionsAsync().ConfigureAwait(false);
        await record.WriteLastAsync(TrustEvents.GrantRevoked(grantId, revokedBy), cancellationToken).ConfigureAwait(false);
        return true;
    }

    /// <summary>
    /// Takes operations away from a grant until they are given back, whether anybody is connected or not: sessions under it go on without, and new ones begin without. In force
    /// before the ledger gets its entry; in other processes within 1 s.
    /// </summary>
    /// <param name="grantId">16 bytes.</param>
    /// <param name="operations">One or more.</param>
    /// <param name="withdrawnBy">The person, for the ledger.</param>
    /// <param name="cancellationToken">Cancels nothing but the wait for the entry.</param>
    /// <returns>False when there is no such grant or it is revoked.</returns>
    /// <exception cref="StateException">Not taken away; or, when the path names the ledger, taken away and not recorded.</exception>
    public async ValueTask<bool> WithdrawAsync(ReadOnlyMemory<byte> grantId, Operations operations, string withdrawnBy, CancellationToken cancellationToken)
    {
        OnSiteConsent.ValidateName(withdrawnBy);
        ValidateSome(operations);
        using (state.Lock())
        {
            if (store.Find(grantId.Span) is not { IsRevoked: false } stored) return false;
            store.Withdraw(stored.Grant, stored.Withdrawn.Operations | operations);
        }
        await Gate.CheckSessionsAsync().ConfigureAwait(false);
        await record.WriteLastAsync(TrustEvents.OfGrant("grant.withdrawn", grantId, operations, withdrawnBy), cancellationToken).ConfigureAwait(false);
        return true;
    }

    /// <summary>Gives back what was taken away from a grant, never more than it was made for; recorded first. What was taken from a session alone stays away from that session.</summary>
    /// <returns>False when there is no such grant or it is revoked.</returns>
    /// <exception cref="StateException">Not recorded, and not given back.</exception>
    public async ValueTask<bool> RestoreAsync(ReadOnlyMemory<byte> grantId, Operations operations, string restoredBy, CancellationToken cancellationToken)
    {
        OnSiteConsent.ValidateName(restoredBy);
        ValidateSome(operations);
        if (store.Find(grantId.Span) is not { IsRevoked: false }) return false;
        await record.WriteAsync(TrustEvents.OfGrant("grant.restored", grantId, operations, restoredBy), cancellationToken).ConfigureAwait(false);
        using (state.Lock())
        {
            if (store.Find(grantId.Span) is not { IsRevoked: false } stored) return false;
            store.Withdraw(stored.Grant, stored.Withdrawn.Operations & ~operations);
        }
        await Gate.CheckSessionsAsync().ConfigureAwait(false);
        return true;
    }

    private static void ValidateSome(Operations operations)
    {
        if (operations == Operations.None || (operations & ~Operations.All) != Operations.None) throw new ArgumentOutOfRangeException(nameof(operations), operations, "Name one or more operations.");
    }

    /// <summary>Ends every running session, whatever process serves it; grants stay as they are. In force before the ledger gets its entry.</summary>
    /// <param name="stoppedBy">The person, for the ledger.</param>
    /// <param name="cancellationToken">Cancels nothing but the wait for the entry.</param>
    /// <exception cref="StateException">Not stopped; or, when the path names the ledger, stopped and not recorded.</exception>
    public async ValueTask StopSessionsAsync(string stoppedBy, CancellationToken cancellationToken)
    {
        OnSiteConsent.ValidateName(stoppedBy);
        using (state.Lock()) StopMarker.Increase(state.Stop);
        await Gate.CheckSessionsAsync().ConfigureAwait(false);
        await record.WriteLastAsync(TrustEvents.SessionsStopped(stoppedBy), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Keeps everybody out until a moment, under all grants, and ends what is running; in force before the ledger gets its entry.</summary>
    /// <exception cref="StateException">Not blocked; or, when the path names the ledger, blocked and not recorded.</exception>
    public async ValueTask BlockAsync(DateTimeOffset until, string blockedBy, CancellationToken cancellationToken)
    {
        OnSiteConsent.ValidateName(blockedBy);
        using (state.Lock()) BlockMarker.Write(state.Block, until);
        await Gate.CheckSessionsAsync().ConfigureAwait(false);
        await record.WriteLastAsync(TrustEvents.Blocked(until, blockedBy), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Lifts the block; recorded first.</summary>
    /// <exception cref="StateException">Not recorded, and still blocked.</exception>
    public async ValueTask UnblockAsync(string unblockedBy, CancellationToken cancellationToken)
    {
        OnSiteConsent.ValidateName(unblockedBy);
        await record.WriteAsync(TrustEvents.Unblocked(unblockedBy), cancellationToken).ConfigureAwait(false);
        using (state.Lock()) BlockMarker.Write(state.Block, DateTimeOffset.UnixEpoch);
    }

    /// <summary>Allows access codes again after too many wrong ones; recorded first.</summary>
    /// <returns>False when there is no such grant.</returns>
    /// <exception cref="StateException">Not recorded, or the counter is damaged; still locked.</exception>
    public async ValueTask<bool> UnlockAsync(ReadOnlyMemory<byte> grantId, string unlockedBy, CancellationToken cancellationToken)
    {
        OnSiteConsent.ValidateName(unlockedBy);
        if (store.Find(grantId.Span) is not { } stored || stored.Grant.IsAttended) return false;
        await record.WriteAsync(TrustEvents.GrantUnlocked(grantId, unlockedBy), cancellationToken).ConfigureAwait(false);
        using (state.Lock()) store.Guesses(stored.Grant).Unlock();
        return true;
    }

    // ---- 7  Close

    /// <summary>Ends all sessions of this process, records what is outstanding, and lets go of the state.</summary>
    public async ValueTask DisposeAsync()
    {
        await Gate.DisposeAsync().ConfigureAwait(false);
        await Surface.DisposeAsync().ConfigureAwait(false);
        await StoredCredentials.DisposeAsync().ConfigureAwait(false);
        await ledger.DisposeAsync().ConfigureAwait(false);
        identity.Dispose();
    }
}
