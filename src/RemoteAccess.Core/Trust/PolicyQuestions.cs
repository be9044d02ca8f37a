using Microsoft.Extensions.Logging;
using RemoteAccess.Transport;

namespace RemoteAccess.Trust;

/// <summary>Puts the policy's questions together from what the disk holds: for the gate, running sessions and explanations. Thread-safe.</summary>
internal sealed class PolicyQuestions(
    GrantStore store, StateDirectory state, ConsentGate consent, SurfacePresence? surface, bool canCheckCredentials, TimeProvider time, ILogger logger)
{
    public bool CanCheckCredentials => canCheckCredentials;

    public SessionGround Read(ReadOnlyMemory<byte> grantId) => SessionGround.Read(store, state, grantId);

    /// <summary>Everything but lockout and business, from the disk as it is now.</summary>
    /// <exception cref="StateException">Something of it is damaged or exposed: nobody gets in.</exception>
    public PolicyQuestion Ask(ConnectRequest request)
    {
        SessionGround ground = Read(request.GrantId);
        return Ask(request, ground) with { IsUnseen = IsUnseen, Withdrawn = ground.Withdrawn.Operations };
    }

    /// <summary>Whether no session may begin because nothing would show it to the person.</summary>
    public bool IsUnseen => surface is { IsShown: false };

    /// <summary>Whether a running session may go on, and without what. Never throws.</summary>
    public SessionCheck CheckSession(ConnectRequest request, SessionFacts facts, Func<SessionGround> read)
    {
        try
        {
            SessionGround ground = read();
            PolicyQuestion question = Ask(request, ground);
            RefusalReason refusal = PolicyCheck.Evaluate(question).Refusal;
            if (refusal != RefusalReason.None) return new(refusal);
            // The computer's own policy may have been narrowed since the session began.
            if ((facts.Operations & question.RulesOf(facts.Grant).Closed) != Operations.None) return new(RefusalReason.OperationNotGranted);
            if (question.RulesOf(facts.Grant).CredentialsRequired && !facts.NeedsCredentials) return new(RefusalReason.CredentialsRequired);
            if (ground.Computer is not null && IsLongerThan(question.RulesOf(facts.Grant).SessionCap, facts)) return new(RefusalReason.Expired);
            return ground.Stops != facts.Stops ? new(RefusalReason.Stopped) : new(RefusalReason.None) { Withdrawn = ground.Withdrawn };
        }
        catch (StateException exception)
        {
            Log.GrantUnreadable(logger, Convert.ToHexStringLower(request.GrantId.Span), exception);
            return new(RefusalReason.RecordUnavailable);
        }
    }

    private PolicyQuestion Ask(ConnectRequest request, SessionGround ground) => new()
    {
        Now = time.GetUtcNow(),
        Stored = ground.Stored,
        Computer = ground.Computer,
        BlockedUntil = ground.BlockedUntil,
        TenantId = request.Certificate.TenantId,
        GrantDigest = request.GrantDigest,
        Suite = request.Suite,
        Wanted = request.Wanted,
        TechnicianOperations = request.Certificate.MaxOperations,
        Reason = request.Reason,
        CanSeeAndAsk = consent.CanSeeAndAsk,
        CanCheckCredentials = canCheckCredentials,
    };

    private bool IsLongerThan(TimeSpan cap, SessionFacts facts) =>
        time.GetUtcNow() - facts.AcceptedAt >= cap || time.GetElapsedTime(facts.AcceptedTimestamp) >= cap;
}

/// <summary>What a look at the disk says to a running session.</summary>
/// <param name="Refusal">Why it may not go on; <see cref="RefusalReason.None"/> when it may.</param>
internal readonly record struct SessionCheck(RefusalReason Refusal)
{
    /// <summary>What it goes on without.</summary>
    public WithdrawnOperations Withdrawn { get; init; }
}
