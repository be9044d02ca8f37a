namespace RemoteAccess.Trust;

/// <summary>
/// The one place where "may this happen now?" is answered: for the gate, for a running session, and for whoever wants it explained. Pure. The
/// order is that of protocol.md §6, so that of several reasons the earliest is given.
/// </summary>
internal static class PolicyCheck
{
    public static PolicyAnswer Evaluate(PolicyQuestion question)
    {
        if (question.Stored is not { } stored) return new(RefusalReason.GrantUnknown);
        Grant grant = stored.Grant;
        // Another tenant's technician learns nothing about a grant, not even that it exists.
        if (!question.TenantId.Span.SequenceEqual(grant.TenantId)) return new(RefusalReason.GrantUnknown);
        if (!question.GrantDigest.Span.SequenceEqual(grant.Digest.Span)) return new(RefusalReason.GrantChanged);
        AccessRules rules = question.RulesOf(grant);
        if (question.Now < rules.NotBefore) return new(RefusalReason.Expired) { At = rules.NotBefore };
        if (question.Now >= rules.NotAfter) return new(RefusalReason.Expired) { At = rules.NotAfter };
        if (question.IsEntry && question.Now >= grant.LastEntry) return new(RefusalReason.CodeSpent) { At = grant.LastEntry };
        if (stored.RevokedAt is { } revokedAt) return new(RefusalReason.Revoked) { At = revokedAt };
        if (question.Suite < grant.MinSuite) return new(RefusalReason.SuiteTooWeak);
        if (!rules.CanBeKept || ((grant.IsAttended || rules.InUse != InUseRule.Allow) && !question.CanSeeAndAsk) || (rules.CredentialsRequired && !question.CanCheckCredentials))
            return new(RefusalReason.RuleNotSupported);
        if (question.BlockedUntil > question.Now) return new(RefusalReason.Blocked) { At = question.BlockedUntil };
        if (!rules.IsWithinHours(question.Now)) return new(RefusalReason.OutsideHours) { At = rules.NextHoursChange(question.Now) };
        Operations excess = question.Wanted & ~(rules.MaxOperations & question.TechnicianOperations & Operations.All);
        if (excess != Operations.None || question.Wanted == Operations.None) return new(RefusalReason.OperationNotGranted) { Excess = excess };
        if ((question.Wanted & ~rules.Closed) == Operations.None) return new(RefusalReason.OperationNotGranted) { Excess = question.Wanted };
        if ((question.Wanted & ~rules.Closed & ~question.Withdrawn) == Operations.None) return new(RefusalReason.Withdrawn);
        if (rules.ReasonRequired && string.IsNullOrWhiteSpace(question.Reason)) return new(RefusalReason.ReasonRequired);
        if (question.IsEntry && question.IsCodeSpent) return new(RefusalReason.CodeSpent);
        if (question.IsUnseen) return new(RefusalReason.SurfaceLost);
        if (question.Lockout.IsActive) return new(RefusalReason.LockedOut) { RetryAfter = question.Lockout.NeedsUnlock ? TimeSpan.Zero : question.Lockout.Remaining };
        if (question.IsBusy) return new(RefusalReason.Busy);
        if (grant.IsAttended) return new(RefusalReason.None) { Asks = true };
        if (!question.IsInUse) return new(RefusalReason.None);
        return rules.InUse == InUseRule.Refuse ? new(RefusalReason.InUse) : new(RefusalReason.None) { Asks = rules.InUse is InUseRule.AskThenAllow or InUseRule.AskThenRefuse };
    }
}

/// <summary>Everything the answer depends on.</summary>
internal sealed record PolicyQuestion
{
    public required DateTimeOffset Now { get; init; }

    /// <summary>Null when this computer has no such grant.</summary>
    public required StoredGrant? Stored { get; init; }

    /// <summary>What the computer lays over every grant; null when it has no policy of its own.</summary>
    public AccessRules? Computer { get; init; }
    public required DateTimeOffset BlockedUntil { get; init; }
    public required ReadOnlyMemory<byte> TenantId { get; init; }
    public required ReadOnlyMemory<byte> GrantDigest { get; init; }
    public required ushort Suite { get; init; }
    public required Operations Wanted { get; init; }

    /// <summary>What the customer took away from the grant: at the gate and when a session begins. A session that runs goes on without it.</summary>
    public Operations Withdrawn { get; init; }

    /// <summary>What the technician's certificate allows.</summary>
    public required Operations TechnicianOperations { get; init; }
    public required string Reason { get; init; }

    /// <summary>Whether the agent sees if somebody is at the computer, and can ask.</summary>
    public bool CanSeeAndAsk { get; init; }

    /// <summary>Whether the agent can have credentials of the computer checked.</summary>
    public bool CanCheckCredentials { get; init; }

    /// <summary>Whether somebody uses the computer, where that matters: when a session is about to begin, not at the gate and not while it runs.</summary>
    public bool IsInUse { get; init; }

    /// <summary>Whether this is the gate before the access code, and not what comes after it.</summary>
    public bool IsEntry { get; init; }

    /// <summary>Whether the one attempt of a session code was made.</summary>
    public bool IsCodeSpent { get; init; }
    /// <summary>Whether a surface must show the person who is connected and none does: at the gate and when a session begins, not while it runs.</summary>
    public bool IsUnseen { get; init; }
    public Lockout Lockout { get; init; }
    public bool IsBusy { get; init; }

    /// <summary>The rules that count: the grant's, narrowed by the computer's.</summary>
    public AccessRules RulesOf(Grant grant) => Computer is null ? grant.Rules : grant.RulesWithin(Computer);
}

/// <summary>Allowed, or the one rule that refuses with the data of that rule.</summary>
internal readonly record struct PolicyAnswer(RefusalReason Refusal)
{
    public bool IsAllowed => Refusal == RefusalReason.None;

    /// <summary>When waiting helps: how long.</summary>
    public TimeSpan RetryAfter { get; init; }

    /// <summary>The rule's moment: begin or end of the grant, the revocation, the end of the block, the next opening.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>What was wanted beyond what is allowed.</summary>
    public Operations Excess { get; init; }

    /// <summary>Allowed only if the person at the computer, asked now, does not refuse.</summary>
    public bool Asks { get; init; }
}
