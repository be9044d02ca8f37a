using System.Text.Json.Nodes;

namespace RemoteAccess.Trust;

/// <summary>
/// One accepted session under a live grant: the only source of permits. Ends on revocation, block, expiry, hours, the session cap or
/// <see cref="EndAsync"/>, and every permit with it. Thread-safe.
/// </summary>
internal sealed class LiveSession : IAsyncDisposable
{
    private readonly SessionFacts facts;
    private readonly SessionSurroundings around;
    private readonly CancellationTokenSource ended = new();
    private readonly CancellationToken endedToken;
    private readonly TaskCompletionSource endRecorded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SemaphoreSlim permitGate = new(1, 1);
    private readonly Lock stateGate = new();
    private readonly Dictionary<Operations, PermitSlot> permits = [];
    private readonly long started;
    private readonly DateTimeOffset startedAt;
    private readonly SessionRefusals refusals;
    private readonly OperationApprovals approvals;
    private readonly SessionWatch watch;
    private Operations used, withdrawn;
    private WithdrawnOperations withdrawnFromGrant;
    private bool inputSuspended, unseen;
    private TaskCompletionSource seen = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SurfaceWatch? surface;
    private int watchers;
    private RefusalReason endReason;
    private Task announced = Task.CompletedTask;

    internal LiveSession(SessionFacts facts, SessionSurroundings around)
    {
        this.facts = facts;
        this.around = around;
        endedToken = ended.Token;
        started = around.Time.GetTimestamp();
        startedAt = around.Time.GetUtcNow();
        withdrawnFromGrant = facts.Withdrawn;
        Papers = new SessionPapers(facts, around);
        refusals = new SessionRefusals(facts, around);
        var limits = new ApprovalLimits(around.Time);
        approvals = new OperationApprovals(facts, around, limits, WhyNot);
        Proposals = new GrantProposals(facts, around, limits, () => EndReason);
        Credentials = facts.NeedsCredentials ? new CredentialsGate(this, facts, around) : null;
        Tools = new SessionTools(this, facts, around);
        if (around.Consent.Desk is { } desk)
        {
            desk.PromptOpenChanged += OnPromptOpenChanged;
            OnPromptOpenChanged(desk, EventArgs.Empty);
        }
        watch = new SessionWatch(() => CheckAsync(around.Watch), around.Time);
        if (around.Surface is { } presence) surface = new SurfaceWatch(this, presence, around.Time);
    }

    /// <summary>16 bytes.</summary>
    public ReadOnlyMemory<byte> Id => facts.SessionId;

    /// <summary>The grant it stands on.</summary>
    public Grant Grant => facts.Grant;

    /// <summary>Who is connected.</summary>
    public TechnicianCertificate Technician => facts.Technician;

    /// <summary>wanted ∩ grant ∩ certificate.</summary>
    public Operations Operations => facts.Operations;

    /// <summary>When the session must end: the grant's expiry, the session cap or 12 h, whichever is first.</summary>
    public DateTimeOffset ExpiresAt => facts.ExpiresAt;

    /// <summary>For the next connection within 15 min; 32 bytes.</summary>
    public ReadOnlyMemory<byte> ResumeToken => facts.ResumeToken;

    /// <summary>Whether the technician presented a valid resume token: a prompt to a present person may be skipped, nothing else.</summary>
    public bool IsResumed => facts.IsResumed;

    /// <summary>Wrong codes since the session before this one; both sides are told.</summary>
    public FailedAttempts FailedAttempts => facts.FailedAttempts;

    /// <summary>What the technician asks the person for beyond this session.</summary>
    public GrantProposals Proposals { get; }

    /// <summary>What must be satisfied before the first permit; null when the rules ask for no credentials.</summary>
    public CredentialsGate? Credentials { get; }

    /// <summary>What it does beyond picture and input.</summary>
    public SessionTools Tools { get; }

    /// <summary>What is recorded beside operations.</summary>
    public SessionPapers Papers { get; }

    /// <summary>Null until the end is in the ledger and signed, and when it could not be.</summary>
    public RecordedEnd? RecordedEnd { get; private set; }

    /// <summary>Cancelled when the session is over, for whatever reason.</summary>
    public CancellationToken Ended => endedToken;

    /// <summary>Why it ended; <see cref="RefusalReason.None"/> while it lives.</summary>
    public RefusalReason EndReason
    {
        get
        {
            lock (stateGate) return endReason;
        }
    }

    /// <summary>Writes the first use of an operation to the ledger and gives its permit; the same one until it is withdrawn.</summary>
    /// <exception cref="AccessRefusedException">Not among <see cref="Operations"/>, credentials are missing, withdrawn, not recordable, or the session is over.</exception>
    public async ValueTask<OperationPermit> PermitAsync(Operations operation, CancellationToken cancellationToken)
    {
        if (!uint.IsPow2((uint)operation) || !Operations.HasFlag(operation)) throw new AccessRefusedException(RefusalReason.OperationNotGranted, operation: operation);
        await permitGate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            bool isFirst;
            lock (stateGate)
            {
                Demand(operation);
                isFirst = !used.HasFlag(operation);
            }
            if (isFirst) await RecordFirstUseAsync(operation, cancellationToken).ConfigureAwait(false);
            PermitSlot? slot;
            lock (stateGate)
            {
                Demand(operation);
                used |= operation;
                if (!permits.TryGetValue(operation, out slot)) permits[operation] = slot = new PermitSlot(operation, WhyWithdrawn);
            }
            if (isFirst) around.Changed();
            return slot.Permit;
        }
        finally
        {
            permitGate.Release();
        }
    }

    /// <inheritdoc cref="OperationApprovals.AskAsync"/>
    public ValueTask<RefusalReason> ApproveAsync(Operations operation, CancellationToken cancellationToken) => approvals.AskAsync(operation, cancellationToken);

    /// <summary>
    /// Writes to the ledger that the technician was refused something: the first of each kind before this completes, repeats as counts. When it
    /// cannot be written the session is over.
    /// </summary>
    /// <param name="operation">What it would have needed; <see cref="Operations.None"/> when nothing known.</param>
    /// <param name="reason">The rule.</param>
    /// <param name="subject">What came, in the agent's words; one of few.</param>
    public async ValueTask RecordRefusalAsync(Operations operation, RefusalReason reason, string subject)
    {
        try
        {
            await refusals.RecordAsync(new SessionRefusal(operation, reason, subject)).ConfigureAwait(false);
        }
        catch (StateException exception)
        {
            Log.RefusalNotRecorded(around.Logger, exception);
            await EndAsync(RefusalReason.RecordUnavailable, "The ledger cannot be written.", CancellationToken.None).ConfigureAwait(false);
        }
    }

    /// <summary>The customer takes one operation away; its permit is dead when this returns, before the ledger has the entry.</summary>
    /// <exception cref="StateException">Withdrawn, but not recorded.</exception>
    public async ValueTask WithdrawAsync(Operations operation, string by, CancellationToken cancellationToken)
    {
        _ = RequireOne(operation);
        PermitSlot? slot;
        lock (stateGate)
        {
            if (endReason != RefusalReason.None || withdrawn.HasFlag(operation)) return;
            withdrawn |= operation;
            slot = Take(operation, RefusalReason.Withdrawn);
        }
        Task killed = slot?.KillAsync() ?? Task.CompletedTask;
        around.Withdrew?.Invoke();
        await around.Ledger.AppendLastAsync(TrustEvents.OfOperation("operation.withdrawn", TrustEvents.Customer(by), facts, operation), cancellationToken).ConfigureAwait(false);
        await killed.ConfigureAwait(false);
        slot?.Dispose();
    }

    /// <summary>The customer gives a withdrawn operation back; recorded before it can be used again.</summary>
    /// <exception cref="StateException">Not recorded and not given back.</exception>
    public async ValueTask RestoreAsync(Operations operation, string by, CancellationToken cancellationToken)
    {
        _ = RequireOne(operation);
        await RecordAsync("operation.restored", TrustEvents.Customer(by), operation, cancellationToken).ConfigureAwait(false);
        lock (stateGate) withdrawn &= ~operation;
        around.Changed();
    }

    /// <summary>Whether only its grant can give it back.</summary>
    public bool IsWithdrawnFromGrant(Operations operation)
    {
        lock (stateGate) return withdrawnFromGrant.Operations.HasFlag(operation);
    }

    /// <summary>What of it a surface shows. <see cref="SurfaceSession.Nickname"/> is the caller's to fill in.</summary>
    public SurfaceSession Describe()
    {
        lock (stateGate)
            return new SurfaceSession
            {
                Id = Convert.ToHexStringLower(facts.SessionId.Span), Technician = facts.Technician.Name, Reason = facts.Reason,
                Operations = facts.Operations, Withdrawn = TakenAway & facts.Operations, Used = used, IsWatching = watchers > 0, IsRecording = Tools.Recording.IsOn,
                Began = facts.AcceptedAt, ExpiresAt = facts.ExpiresAt,
            };
    }

    /// <summary>Whoever sends the technician the picture says so, and says when it is over.</summary>
    public void ReportWatching(bool isWatching)
    {
        lock (stateGate) watchers += isWatching ? 1 : -1;
        around.Changed();
    }

    /// <summary>
    /// Whether the person sees, at this moment, that somebody is connected. While not, nobody watches or steers: those permits are dead when this
    /// returns, and none are given.
    /// </summary>
    public void ReportSeen(bool isSeen)
    {
        PermitSlot? view = null, input = null;
        lock (stateGate)
        {
            if (unseen != isSeen || endReason != RefusalReason.None) return;
            unseen = !isSeen;
            if (isSeen)
            {
                seen.SetResult();
                return;
            }
            seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            (view, input) = (Take(Operations.ViewScreen, RefusalReason.SurfaceLost), Take(Operations.ControlInput, RefusalReason.SurfaceLost));
        }
        input?.KillForGood();
        view?.KillForGood();
    }

    /// <summary>Completes when the person sees again who is connected.</summary>
    public Task WaitUntilSeenAsync(CancellationToken cancellationToken)
    {
        lock (stateGate) return unseen ? seen.Task.WaitAsync(cancellationToken) : Task.CompletedTask;
    }

    /// <summary>A question on the screen is the person's to answer: before it is shown the permit for input is dead, with whatever was held down.</summary>
    private void OnPromptOpenChanged(object? sender, EventArgs e)
    {
        PermitSlot? slot = null;
        lock (stateGate)
        {
            inputSuspended = around.Consent.Desk!.IsPromptOpen;
            if (inputSuspended) slot = Take(Operations.ControlInput, RefusalReason.InputSuspended);
        }
        slot?.KillForGood();
    }

    /// <summary>
    /// Ends the session and writes its end, with what was used, to the ledger. Only the first call counts; all complete when the end is
    /// recorded, or could not be.
    /// </summary>
    public async ValueTask EndAsync(RefusalReason reason, string text, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfEqual((int)reason, (int)RefusalReason.None);
        bool isFirst;
        PermitSlot[] dying;
        lock (stateGate)
        {
            isFirst = endReason == RefusalReason.None;
            if (isFirst) endReason = reason;
            dying = isFirst ? [.. permits.Values] : [];
        }
        if (isFirst)
        {
            // Every token is cancelled before the first of these calls returns to anybody; their callbacks run beside this.
            if (around.Consent.Desk is { } desk) desk.PromptOpenChanged -= OnPromptOpenChanged;
            announced = Task.WhenAll([.. dying.Select(slot => slot.KillAsync()), ended.CancelAsync()]);
            watch.Stop();
            surface?.Stop();
            await refusals.CloseAsync().ConfigureAwait(false);
            await Tools.CloseAsync(reason).ConfigureAwait(false);
            await RecordEndAsync(reason, text).ConfigureAwait(false);
            around.Ended(this);
            endRecorded.SetResult();
            await announced.ConfigureAwait(false);
        }
        await endRecorded.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Looks at grant, block, hours and clock now, and ends the session when one of them says so.</summary>
    public ValueTask CheckAsync() => CheckAsync(around.Check);

    /// <inheritdoc cref="SessionWatch.NoteArrival"/>
    public void NoteArrival() => watch.NoteArrival();

    private ValueTask CheckAsync(Func<SessionCheck> look)
    {
        if (EndReason != RefusalReason.None) return ValueTask.CompletedTask;
        SessionCheck check = IsOver() ? new(RefusalReason.Expired) : Credentials is { IsOverdue: true } ? new(RefusalReason.CredentialsWrong) : look();
        return check.Refusal == RefusalReason.None ? FollowGrantAsync(check.Withdrawn) : EndAsync(check.Refusal, "", CancellationToken.None);
    }

    /// <summary>Goes on without what the customer took away from the grant, and with what they gave back.</summary>
    private async ValueTask FollowGrantAsync(WithdrawnOperations now)
    {
        PermitSlot[] dying;
        lock (stateGate)
        {
            // What another look read before it counts no more.
            if (now == withdrawnFromGrant || now.Sequence < withdrawnFromGrant.Sequence || endReason != RefusalReason.None) return;
            Operations before = TakenAway;
            withdrawnFromGrant = now;
            dying = [.. permits.Keys.Where(operation => (TakenAway & ~before).HasFlag(operation)).ToArray().Select(operation => Take(operation, RefusalReason.Withdrawn)!)];
        }
        await Task.WhenAll(dying.Select(slot => slot.KillAsync())).ConfigureAwait(false);
        foreach (PermitSlot slot in dying) slot.Dispose();
        around.Changed();
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync(RefusalReason.SessionEnded, "", CancellationToken.None).ConfigureAwait(false);
        await watch.DisposeAsync().ConfigureAwait(false);
        if (surface is not null) await surface.DisposeAsync().ConfigureAwait(false);
        await refusals.DisposeAsync().ConfigureAwait(false);
        await announced.ConfigureAwait(false);
        lock (stateGate)
        {
            foreach (PermitSlot slot in permits.Values) slot.Dispose();
            permits.Clear();
        }
        ended.Dispose();
        permitGate.Dispose();
    }

    /// <summary>The wall clock says when, and the monotonic clock that nobody prolongs it by setting the wall clock back.</summary>
    private bool IsOver() => around.Time.GetUtcNow() >= ExpiresAt || around.Time.GetElapsedTime(started) >= facts.Longest;

    private static bool RequireOne(Operations operation) => uint.IsPow2((uint)operation) ? true : throw new ArgumentOutOfRangeException(nameof(operation), operation, "Name one operation.");

    /// <summary>Under the lock: from this session, and from its grant.</summary>
    private Operations TakenAway => withdrawn | withdrawnFromGrant.Operations;

    private void Demand(Operations operation)
    {
        if (endReason != RefusalReason.None) throw new AccessRefusedException(endReason, operation: operation);
        if (Credentials is { IsSatisfied: false }) throw new AccessRefusedException(RefusalReason.CredentialsRequired, operation: operation);
        if (TakenAway.HasFlag(operation)) throw new AccessRefusedException(RefusalReason.Withdrawn, operation: operation);
        if (!approvals.Contains(operation)) throw new AccessRefusedException(RefusalReason.ApprovalNeeded, operation: operation);
        if (unseen && operation is (Operations.ViewScreen or Operations.ControlInput)) throw new AccessRefusedException(RefusalReason.SurfaceLost, operation: operation);
        if (inputSuspended && operation == Operations.ControlInput) throw new AccessRefusedException(RefusalReason.InputSuspended, operation: operation);
    }

    private RefusalReason WhyNot(Operations operation)
    {
        lock (stateGate) return endReason != RefusalReason.None ? endReason : TakenAway.HasFlag(operation) ? RefusalReason.Withdrawn : RefusalReason.None;
    }

    /// <summary>Under the lock: the permit is dead as soon as the slot is killed, for this reason.</summary>
    private PermitSlot? Take(Operations operation, RefusalReason reason)
    {
        if (permits.Remove(operation, out PermitSlot? slot)) slot.KilledFor = reason;
        return slot;
    }

    private RefusalReason WhyWithdrawn(PermitSlot slot)
    {
        lock (stateGate) return endReason != RefusalReason.None ? endReason : slot.KilledFor;
    }

    private async ValueTask RecordFirstUseAsync(Operations operation, CancellationToken cancellationToken)
    {
        try
        {
            using IDisposable entry = Tools.Begin(operation);
            await RecordAsync("operation.used", TrustEvents.Technician(facts.Technician), operation, cancellationToken).ConfigureAwait(false);
        }
        catch (StateException)
        {
            await EndAsync(RefusalReason.RecordUnavailable, "The ledger cannot be written.", CancellationToken.None).ConfigureAwait(false);
            throw new AccessRefusedException(RefusalReason.RecordUnavailable, operation: operation);
        }
    }

    private async ValueTask RecordAsync(string type, JsonObject actor, Operations operation, CancellationToken cancellationToken) =>
        await around.Ledger.AppendAsync(TrustEvents.OfOperation(type, actor, facts, operation), cancellationToken).ConfigureAwait(false);

    private async ValueTask RecordEndAsync(RefusalReason reason, string text)
    {
        Operations usedOperations;
        lock (stateGate) usedOperations = used;
        RecordedEnd = await Papers.RecordEndAsync(reason, text, startedAt, around.Time.GetElapsedTime(started), usedOperations).ConfigureAwait(false);
    }
}
